"""A subgraph of federation 1 shares all its value types and their fields with everybody."""

from tests.support.federation import Federation, Subgraph, by

CINEMA = """
type Query { films: [Film!]! }
type Film @key(fields: "id") { id: ID! length: Length rating: Rating }
type Length { minutes: Int! acts: Int }
enum Rating { ALL ADULT }
"""
FESTIVAL = """
extend type Query { opening: Film }
extend type Film @key(fields: "id") { id: ID! @external premiere: Length programme: Programme }
type Length { minutes: Int! acts: Int }
type Programme { total: Length! }
"""
ARCHIVE = """
type Query { oldest: Film @shareable }
type Film @key(fields: "id") { id: ID! cut: Length }
type Length @shareable { minutes: Int! acts: Int }
"""

FILM = {"id": "1", "length": {"minutes": 90, "acts": 3}, "rating": "ALL"}
PREMIERE = {
    "id": "1",
    "premiere": {"minutes": 95, "acts": 3},
    "programme": {"total": {"minutes": 120, "acts": 5}},
}
OLDEST = {"id": "1", "cut": {"minutes": 60, "acts": 2}}


def a_festival() -> Federation:
    return Federation(
        {
            "cinema": Subgraph(
                CINEMA, {"Query": {"films": [FILM]}}, {"Film": by("id", [FILM])}, ""
            ),
            "festival": Subgraph(
                FESTIVAL, {"Query": {"opening": PREMIERE}}, {"Film": by("id", [PREMIERE])}, link=""
            ),
            "archive": Subgraph(
                ARCHIVE,
                {"Query": {"oldest": OLDEST}},
                {"Film": by("id", [OLDEST])},
            ),
        }
    )


async def test_a_shared_value_is_resolved_where_it_is_found() -> None:
    festival = a_festival()
    text = "{ opening { premiere { minutes acts } programme { total { acts } } } }"

    answer = await festival.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "opening": {"premiere": {"minutes": 95, "acts": 3}, "programme": {"total": {"acts": 5}}}
    }
    assert festival.asked == ["festival"]
    assert festival.plan(text) == (
        """\
#0 festival
    {
      opening {
        premiere {
          minutes
          acts
        }
        programme {
          total {
            acts
          }
        }
      }
    }"""
    )


async def test_each_subgraphs_values_are_its_own() -> None:
    festival = a_festival()

    answer = await festival.answer(
        "{ films { length { minutes } premiere { minutes } cut { minutes } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "films": [{"length": {"minutes": 90}, "premiere": {"minutes": 95}, "cut": {"minutes": 60}}]
    }
    assert festival.rounds("{ films { length { acts } premiere { acts } cut { acts } } }") == (
        "cinema > archive+festival"
    )


async def test_federation_one_and_two_meet_in_one_operation() -> None:
    festival = a_festival()

    answer = await festival.answer("{ oldest { id cut { acts } rating } opening { id rating } }")

    assert answer.errors == []
    assert answer.data == {
        "oldest": {"id": "1", "cut": {"acts": 2}, "rating": "ALL"},
        "opening": {"id": "1", "rating": "ALL"},
    }
    assert festival.rounds("{ oldest { rating } opening { rating } }") == (
        "archive+festival > cinema"
    )


async def test_an_extension_without_a_base_of_its_own_is_entered_like_any_entity() -> None:
    festival = a_festival()

    answer = await festival.answer("{ films { id programme { total { minutes } } } }")

    assert answer.errors == []
    assert answer.data == {"films": [{"id": "1", "programme": {"total": {"minutes": 120}}}]}
    assert festival.representations == [{"__typename": "Film", "id": "1"}]
