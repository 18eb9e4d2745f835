"""Lists of lists keep their shape: entities in them are found at every depth, put back where
they were, and nulls stay where they are.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by

BOARD = """
    type Query { grid: [[Square!]!]! loose: [[Square]] cube: [[[Square!]!]!] sizes: [[Int]!]! }
    type Square @key(fields: "id") { id: ID! row: [[Mark]] }
    interface Mark { id: ID! }
    type Cross implements Mark @key(fields: "id") { id: ID! }
    type Nought implements Mark @key(fields: "id") { id: ID! }
"""
PLAY = """
    type Square @key(fields: "id") { id: ID! score: Int }
    type Cross @key(fields: "id") { id: ID! by: String }
"""


def squares(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id} for id in ids]


def a_board(**roots: Any) -> Federation:
    scores = [{"id": id, "score": at} for at, id in enumerate("abcd")]
    crosses = [{"id": "x", "by": "Ada"}]
    return Federation(
        {
            "board": Subgraph(BOARD, {"Query": roots}),
            "play": Subgraph(
                PLAY, references={"Square": by("id", scores), "Cross": by("id", crosses)}
            ),
        }
    )


async def test_entities_come_back_to_their_row_and_column() -> None:
    board = a_board(grid=[squares("a", "b"), squares(), squares("c")])

    answer = await board.answer("{ grid { score } }")

    assert answer.errors == []
    assert answer.data == {"grid": [[{"score": 0}, {"score": 1}], [], [{"score": 2}]]}
    assert board.asked == ["board", "play"]


def test_the_path_goes_through_every_list() -> None:
    assert a_board().plan("{ cube { score } }") == dedent(
        """\
        #0 board
            {
              cube {
                id
                __typename
              }
            }
        #1 play, after #0
          $r0: cube.@.@.@, Square by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Square {
                  score
                }
              }
            }"""
    )


async def test_three_lists_deep_is_not_too_deep() -> None:
    board = a_board(cube=[[squares("a"), squares("b", "c")], [[]]])

    answer = await board.answer("{ cube { id score } }")

    assert answer.data == {
        "cube": [
            [[{"id": "a", "score": 0}], [{"id": "b", "score": 1}, {"id": "c", "score": 2}]],
            [[]],
        ]
    }


async def test_nulls_in_lists_of_lists_stay_where_they_are() -> None:
    board = a_board(loose=[[None, *squares("d")], None, [None]], sizes=[[1, None], []])

    answer = await board.answer("{ loose { score } sizes }")

    assert answer.errors == []
    assert answer.data == {"loose": [[None, {"score": 3}], None, [None]], "sizes": [[1, None], []]}


async def test_an_entity_that_is_in_many_cells_is_asked_for_once() -> None:
    board = a_board(grid=[squares("a", "b", "a"), squares("b", "a")])

    answer = await board.answer("{ grid { score } }")

    assert answer.data == {
        "grid": [[{"score": 0}, {"score": 1}, {"score": 0}], [{"score": 1}, {"score": 0}]]
    }
    assert len(board.representations) == 2


async def test_types_within_lists_of_lists_are_told_apart() -> None:
    marks = [[{"__typename": "Cross", "id": "x"}, {"__typename": "Nought", "id": "o"}], []]
    board = a_board(grid=[[{"id": "a", "row": marks}]])

    answer = await board.answer("{ grid { row { id ... on Cross { by } } } }")

    assert answer.errors == []
    assert answer.data == {"grid": [[{"row": [[{"id": "x", "by": "Ada"}, {"id": "o"}], []]}]]}
    assert board.representations == [{"__typename": "Cross", "id": "x"}]


@pytest.mark.parametrize("id", ["z", ""])
async def test_an_unknown_entity_in_a_cell_leaves_its_neighbours(id: str) -> None:
    board = a_board(grid=[squares("a", id), squares("b")])

    answer = await board.answer("{ grid { id score } }")

    assert answer.errors == []
    assert answer.data == {
        "grid": [[{"id": "a", "score": 0}, {"id": id, "score": None}], [{"id": "b", "score": 1}]]
    }
