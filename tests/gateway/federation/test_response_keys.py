"""Response keys are the client's: whatever they are called, and whatever the gateway needs for
itself, each key has its own value, and objects asked for twice under one key are one object.
"""

import pytest

from tests.support.federation import Federation, Subgraph, by

STAGE = """
type Query { acts: [Act!]! act: Dance! }
interface Act { id: ID! title: String }
type Dance implements Act @key(fields: "id") { id: ID! title: String lead: Artist pair: [Artist!]! }
type Play implements Act @key(fields: "id") { id: ID! title: String lead: Artist }
type Artist @key(fields: "id") { id: ID! }
"""
CAST = """
type Artist @key(fields: "id") { id: ID! name: String! agent: Agent }
type Agent { id: ID! phone: String }
type Dance @key(fields: "id") { id: ID! style: String understudy: Artist }
type Play @key(fields: "id") { id: ID! author: String }
"""
FEES = """
type Dance @key(fields: "id") {
  id: ID! style: String @external title: String @external
  fee: Int! @requires(fields: "style title")
}
"""

DANCE = {
    "__typename": "Dance",
    "id": "d1",
    "title": "Swan Lake",
    "lead": {"id": "a1"},
    "pair": [{"id": "a1"}, {"id": "a2"}],
}
BALLET = {"id": "d1", "style": "ballet", "understudy": {"id": "a2"}}
PLAY = {"__typename": "Play", "id": "p1", "title": "Ghosts", "lead": {"id": "a2"}}
ARTISTS = (
    {"id": "a1", "name": "Ulla", "agent": {"id": "ag", "phone": "112"}},
    {"id": "a2", "name": "Vera", "agent": None},
)


def a_theatre() -> Federation:
    return Federation(
        {
            "stage": Subgraph(STAGE, {"Query": {"acts": [DANCE, PLAY], "act": DANCE}}),
            "cast": Subgraph(
                CAST,
                references={
                    "Artist": by("id", ARTISTS),
                    "Dance": by(
                        "id", [{"id": "d1", "style": "ballet", "understudy": {"id": "a2"}}]
                    ),
                    "Play": by("id", [{"id": "p1", "author": "Ibsen"}]),
                },
            ),
            "fees": Subgraph(
                FEES,
                {"Dance": {"fee": lambda it: len(it["style"]) + len(it["title"])}},
            ),
        }
    )


async def test_a_key_may_be_local_for_one_type_and_elsewhere_for_another() -> None:
    theatre = a_theatre()

    answer = await theatre.answer(
        "{ acts { ... on Dance { label: style } ... on Play { label: title } } }"
    )

    assert answer.errors == []
    assert answer.data == {"acts": [{"label": "ballet"}, {"label": "Ghosts"}]}


async def test_a_key_may_be_elsewhere_for_both_types_and_mean_different_fields() -> None:
    theatre = a_theatre()

    answer = await theatre.answer(
        "{ acts { ... on Dance { label: style } ... on Play { label: author } } }"
    )

    assert answer.errors == []
    assert answer.data == {"acts": [{"label": "ballet"}, {"label": "Ibsen"}]}
    assert theatre.asked == ["stage", "cast"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("id: title fee", {"id": "Swan Lake", "fee": 15}),
        ("id: style fee", {"id": "ballet", "fee": 15}),
        ("style: title title: style fee", {"style": "Swan Lake", "title": "ballet", "fee": 15}),
        ("title: id id: fee fee: title", {"title": "d1", "id": 15, "fee": "Swan Lake"}),
        ("style: id fee", {"style": "d1", "fee": 15}),
        ("style: fee", {"style": 15}),
        ("id: __typename fee", {"id": "Dance", "fee": 15}),
    ],
)
async def test_names_of_keys_and_of_what_is_required_are_free(
    asked: str, expected: dict[str, object]
) -> None:
    theatre = a_theatre()

    answer = await theatre.answer(f"{{ act {{ {asked} }} }}")

    assert answer.errors == []
    assert answer.data == {"act": expected}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("id: title fee", {"id": "Swan Lake", "fee": 15}),
        ("style: title title: style fee", {"style": "Swan Lake", "title": "ballet", "fee": 15}),
    ],
)
async def test_names_are_free_below_a_fragment_too(asked: str, expected: dict[str, object]) -> None:
    theatre = a_theatre()

    answer = await theatre.answer(
        f"{{ acts {{ ... on Dance {{ {asked} }} ... on Play {{ id: title }} }} }}"
    )

    assert answer.errors == []
    assert answer.data == {"acts": [expected, {"id": "Ghosts"}]}


async def test_an_object_under_two_aliases_is_followed_under_each() -> None:
    theatre = a_theatre()

    answer = await theatre.answer(
        "{ act { star: lead { name } lead { agent { phone } } lead: lead { id } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "act": {"star": {"name": "Ulla"}, "lead": {"agent": {"phone": "112"}, "id": "a1"}}
    }
    assert theatre.asked == ["stage", "cast"]


async def test_one_field_of_two_places_comes_with_one_request() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ act { lead { name } pair { name agent { id } } } }")

    assert answer.errors == []
    assert answer.data == {
        "act": {
            "lead": {"name": "Ulla"},
            "pair": [{"name": "Ulla", "agent": {"id": "ag"}}, {"name": "Vera", "agent": None}],
        }
    }
    assert theatre.asked == ["stage", "cast"]


async def test_parts_of_one_object_from_two_fragments_are_put_together() -> None:
    theatre = a_theatre()

    answer = await theatre.answer(
        """
        { acts { ...A ... on Dance { lead { agent { phone } } } } }
        fragment A on Act {
          ... on Dance { lead { agent { id } } understudy { id } }
          ... on Play { lead { name } }
        }
        """
    )

    assert answer.errors == []
    assert answer.data == {
        "acts": [
            {"lead": {"agent": {"id": "ag", "phone": "112"}}, "understudy": {"id": "a2"}},
            {"lead": {"name": "Vera"}},
        ]
    }


async def test_keys_come_in_the_order_of_the_document() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ act { fee z: id style lead { name id } a: title } }")

    assert answer.data is not None
    assert list(answer.data["act"]) == ["fee", "z", "style", "lead", "a"]
    assert list(answer.data["act"]["lead"]) == ["name", "id"]


async def test_names_that_the_gateway_keeps_for_itself_are_refused() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ act { __p0_id: title } }")

    assert answer.data is None
    assert answer.faults == [("GRAPHQL_VALIDATION_FAILED", "")]


async def test_a_variable_may_be_called_as_the_gateway_calls_its_own() -> None:
    theatre = a_theatre()
    text = "query ($r0: Boolean!, $representations: Boolean!) {"
    text += " act { style @include(if: $r0) fee @include(if: $representations) } }"

    answer = await theatre.answer(text, {"r0": True, "representations": True})

    assert answer.errors == []
    assert answer.data == {"act": {"style": "ballet", "fee": 15}}


@pytest.mark.parametrize("alias", ["_entities", "_e0", "_service", "r0", "representations", "data"])
async def test_names_of_the_protocol_are_names_like_others(alias: str) -> None:
    theatre = a_theatre()

    answer = await theatre.answer(f"{{ {alias}: act {{ fee {alias}: style }} }}")

    assert answer.errors == []
    assert answer.data == {alias: {"fee": 15, alias: "ballet"}}
