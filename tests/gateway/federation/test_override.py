"""A field that another subgraph took over is asked of the new owner alone."""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph, by, never

OLD = """
    type Query { meters: [Meter!]! @shareable oldMeters: [Meter!]! }
    type Meter @key(fields: "id") { id: ID! litres: Int street: String }
"""
NEW = """
    type Query {
      meters: [Meter!]! @shareable
      newMeters: [Meter!]!
      readings: Int @override(from: "counts")
    }
    type Meter @key(fields: "id") { id: ID! litres: Int @override(from: "old") }
"""
COUNTS = """
    type Query { readings: Int }
"""


def a_waterworks() -> Federation:
    streets = [{"id": "1", "street": "Canal"}, {"id": "2", "street": "Weir"}]
    litres = [{"id": "1", "litres": 70}, {"id": "2", "litres": 9}]
    return Federation(
        {
            "old": Subgraph(
                OLD,
                {"Query": {"meters": streets, "oldMeters": streets}, "Meter": {"litres": never}},
                {"Meter": by("id", streets)},
            ),
            "new": Subgraph(
                NEW,
                {"Query": {"meters": litres, "newMeters": litres, "readings": 2}},
                {"Meter": by("id", litres)},
            ),
            "counts": Subgraph(COUNTS, {"Query": {"readings": never}}),
        }
    )


async def test_a_shared_root_is_taken_where_the_field_is_now() -> None:
    works = a_waterworks()

    answer = await works.answer("{ meters { id litres } }")

    assert answer.data == {"meters": [{"id": "1", "litres": 70}, {"id": "2", "litres": 9}]}
    assert works.asked == ["new"]


def test_from_the_old_owner_the_field_is_one_request_away() -> None:
    assert a_waterworks().plan("{ oldMeters { litres } }") == dedent(
        """\
        #0 old
            {
              oldMeters {
                id
                __typename
              }
            }
        #1 new, after #0
          $r0: oldMeters.@, Meter by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Meter {
                  litres
                }
              }
            }"""
    )


async def test_the_old_owners_value_is_never_seen() -> None:
    works = a_waterworks()

    answer = await works.answer("{ oldMeters { street litres } }")

    assert answer.errors == []
    assert answer.data == {
        "oldMeters": [{"street": "Canal", "litres": 70}, {"street": "Weir", "litres": 9}]
    }
    assert works.resolved["old.Meter.litres"] == 0


async def test_from_the_new_owner_what_was_not_taken_over_is_one_request_away() -> None:
    works = a_waterworks()

    answer = await works.answer("{ newMeters { street litres } }")

    assert answer.data == {
        "newMeters": [{"street": "Canal", "litres": 70}, {"street": "Weir", "litres": 9}]
    }
    assert works.asked == ["new", "old"]


async def test_a_root_field_can_be_taken_over() -> None:
    works = a_waterworks()

    answer = await works.answer("{ readings }")

    assert (answer.data, answer.errors) == ({"readings": 2}, [])
    assert works.asked == ["new"]


async def test_roots_of_the_old_and_the_new_owner_share_the_request_that_follows() -> None:
    works = a_waterworks()

    answer = await works.answer("{ oldMeters { litres } meters { litres } }")

    assert answer.data == {
        "oldMeters": [{"litres": 70}, {"litres": 9}],
        "meters": [{"litres": 70}, {"litres": 9}],
    }
    assert works.resolved["old.Meter.litres"] == 0
