"""A union has the members that a subgraph gives it: no subgraph hears of another's members, and a
type may be a plain value where it is a member and an entity elsewhere.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by, never

PARCELS = """
type Query { parcels: [Parcel!]! }
type Parcel @key(fields: "id") { id: ID! sender: Sender receivers: [Sender!]! @shareable }
union Sender = Shop | Person
type Shop { id: ID! @shareable brand: String @shareable }
type Person { name: String! mail: String }
"""
SHOPS = """
type Query { topSenders: [Sender!]! }
union Sender = Shop | Market
type Shop @key(fields: "id") { id: ID! brand: String @shareable city: String owner: Keeper }
type Market @key(fields: "id") { id: ID! stalls: Int! }
type Keeper @key(fields: "id") { id: ID! }
"""
KEEPERS = """
type Keeper @key(fields: "id") { id: ID! name: String! favourite: Sender }
union Sender = Market
type Market @key(fields: "id") { id: ID! opens: String! }
"""

PARCEL_ROWS: tuple[dict[str, Any], ...] = (
    {
        "id": "1",
        "sender": {"__typename": "Shop", "id": "s1", "brand": "Hema"},
        "receivers": [{"__typename": "Person", "name": "Ana", "mail": "ana@example.com"}],
    },
    {
        "id": "2",
        "sender": {"__typename": "Person", "name": "Bo", "mail": None},
        "receivers": [
            {"__typename": "Shop", "id": "s2", "brand": "Blokker"},
            {"__typename": "Shop", "id": "s1", "brand": "Hema"},
        ],
    },
    {"id": "3", "sender": None, "receivers": []},
)
SHOP_ROWS = (
    {"__typename": "Shop", "id": "s1", "brand": "Hema", "city": "Breda", "owner": {"id": "k"}},
    {"__typename": "Shop", "id": "s2", "brand": "Blokker", "city": "Delft", "owner": None},
)
MARKET = {"__typename": "Market", "id": "m1", "stalls": 40}


def a_post_office() -> Federation:
    return Federation(
        {
            "parcels": Subgraph(
                PARCELS, {"Query": {"parcels": PARCEL_ROWS}}, {"Parcel": by("id", PARCEL_ROWS)}
            ),
            "shops": Subgraph(
                SHOPS,
                {"Query": {"topSenders": [MARKET, SHOP_ROWS[0]]}},
                {"Shop": by("id", SHOP_ROWS), "Market": never},
            ),
            "keepers": Subgraph(
                KEEPERS,
                references={
                    "Keeper": by(
                        "id",
                        [
                            {
                                "id": "k",
                                "name": "Noor",
                                "favourite": {"__typename": "Market", "id": "m1", "opens": "8:00"},
                            }
                        ],
                    ),
                    "Market": by("id", [{"id": "m1", "opens": "8:00"}]),
                },
            ),
        }
    )


async def test_a_subgraph_is_not_asked_for_members_that_it_does_not_have() -> None:
    office = a_post_office()
    text = """{ parcels { sender {
      __typename ... on Shop { brand } ... on Market { stalls } ... on Person { name }
    } } }"""

    answer = await office.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "parcels": [
            {"sender": {"__typename": "Shop", "brand": "Hema"}},
            {"sender": {"__typename": "Person", "name": "Bo"}},
            {"sender": None},
        ]
    }
    assert office.plan(text) == (
        """\
#0 parcels
    {
      parcels {
        sender {
          __typename
          ... on Person {
            name
          }
          ... on Shop {
            brand
          }
        }
      }
    }"""
    )


async def test_only_members_elsewhere_leave_the_object_without_keys() -> None:
    office = a_post_office()

    answer = await office.answer("{ parcels { sender { ... on Market { stalls opens } } } }")

    assert answer.errors == []
    assert answer.data == {"parcels": [{"sender": {}}, {"sender": {}}, {"sender": None}]}
    assert office.asked == ["parcels"]


async def test_a_plain_value_is_followed_to_where_it_is_an_entity() -> None:
    office = a_post_office()

    answer = await office.answer("{ parcels { sender { ... on Shop { city } } } }")

    assert answer.errors == []
    assert answer.data == {
        "parcels": [{"sender": {"city": "Breda"}}, {"sender": {}}, {"sender": None}]
    }
    assert office.representations == [{"__typename": "Shop", "id": "s1"}]


async def test_the_union_of_another_subgraph_has_its_own_members() -> None:
    office = a_post_office()

    answer = await office.answer(
        """{ topSenders {
          ... on Person { mail } ... on Market { stalls opens } ... on Shop { city }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {"topSenders": [{"stalls": 40, "opens": "8:00"}, {"city": "Breda"}]}
    assert office.asked == ["shops", "keepers"]


async def test_a_union_is_met_again_deeper_in_a_third_subgraph() -> None:
    office = a_post_office()

    answer = await office.answer(
        """{ parcels { receivers { ... on Shop { owner { name favourite {
          __typename ... on Shop { city } ... on Market { opens }
        } } } ... on Person { mail } } } }"""
    )

    assert answer.errors == []
    noor = {"name": "Noor", "favourite": {"__typename": "Market", "opens": "8:00"}}
    assert answer.data == {
        "parcels": [
            {"receivers": [{"mail": "ana@example.com"}]},
            {"receivers": [{"owner": None}, {"owner": noor}]},
            {"receivers": []},
        ]
    }
    assert office.asked == ["parcels", "shops", "keepers"]


async def test_members_in_several_places_share_one_request() -> None:
    office = a_post_office()

    answer = await office.answer(
        "{ parcels { sender { ...At } receivers { ...At } } } fragment At on Shop { city }"
    )

    assert answer.errors == []
    assert office.asked == ["parcels", "shops"]
    assert sorted(each["id"] for each in office.representations) == ["s1", "s2"]


async def test_a_member_may_be_told_by_its_type_alone() -> None:
    office = a_post_office()

    answer = await office.answer(
        """{ parcels { sender {
          ... on Shop { kind: __typename } ... on Person { kind: __typename }
        } } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "parcels": [{"sender": {"kind": "Shop"}}, {"sender": {"kind": "Person"}}, {"sender": None}]
    }
    assert office.asked == ["parcels"]
