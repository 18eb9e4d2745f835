"""A key that is @external on a type extension is there to be entered by.

It is fetched though the client did not ask for it, and the client does not see it.
"""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph, by

MEMBERS = """
    type Query { member: Member members: [Member!]! }
    type Member @key(fields: "badge") { id: ID! badge: String! name: String }
"""
LOCKERS = """
    type Query { locked: [Member!]! }
    extend type Member @key(fields: "badge") { badge: String! @external locker: Int }
"""


def a_club() -> Federation:
    members = [
        {"id": "1", "badge": "x-1", "name": "Ida"},
        {"id": "2", "badge": "x-2", "name": "Jo"},
    ]
    lockers = [{"badge": "x-1", "locker": 11}, {"badge": "x-2", "locker": 12}]
    return Federation(
        {
            "members": Subgraph(
                MEMBERS,
                {"Query": {"member": members[0], "members": members}},
                {"Member": by("badge", members)},
            ),
            "lockers": Subgraph(
                LOCKERS, {"Query": {"locked": lockers}}, {"Member": by("badge", lockers)}
            ),
        }
    )


def test_the_key_is_fetched_for_the_other_subgraph() -> None:
    assert a_club().plan("{ member { id locker } }") == dedent(
        """\
        #0 members
            {
              member {
                id
                badge
                __typename
              }
            }
        #1 lockers, after #0
          $r0: member, Member by {badge}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Member {
                  locker
                }
              }
            }"""
    )


async def test_the_key_does_not_reach_the_client() -> None:
    club = a_club()

    answer = await club.answer("{ member { id locker } }")

    assert (answer.data, answer.errors) == ({"member": {"id": "1", "locker": 11}}, [])
    assert club.representations == [{"__typename": "Member", "badge": "x-1"}]


async def test_from_the_extension_the_key_is_answered_without_a_jump() -> None:
    club = a_club()

    answer = await club.answer("{ locked { badge locker } }")

    assert answer.data == {
        "locked": [{"badge": "x-1", "locker": 11}, {"badge": "x-2", "locker": 12}]
    }
    assert club.asked == ["lockers"]


async def test_from_the_extension_the_rest_is_found_by_the_external_key() -> None:
    club = a_club()

    answer = await club.answer("{ locked { id name } }")

    assert answer.data == {"locked": [{"id": "1", "name": "Ida"}, {"id": "2", "name": "Jo"}]}
    assert club.asked == ["lockers", "members"]


async def test_every_element_of_a_list_goes_in_one_request() -> None:
    club = a_club()

    answer = await club.answer("{ members { locker badge } member { locker } }")

    assert answer.data == {
        "members": [{"locker": 11, "badge": "x-1"}, {"locker": 12, "badge": "x-2"}],
        "member": {"locker": 11},
    }
    assert club.asked == ["members", "lockers"]
    assert len(club.representations) == 2


async def test_a_clients_alias_that_is_the_keys_name_is_not_taken_for_it() -> None:
    club = a_club()

    answer = await club.answer("{ member { badge: name locker } }")

    assert answer.data == {"member": {"badge": "Ida", "locker": 11}}
