"""A type may narrow a field of its interface: what is asked of the interface's field is asked of
the type's as far as it can apply there, and the subgraph hears of nothing else.
"""

from tests.support.federation import Federation, Subgraph, by, never

HOMES = """
type Query { owners: [Owner!]! keeper: Keeper printed: Printed! }
interface Owner { id: ID! pet: Pet }
interface Pet { id: ID! name: String }
type Keeper implements Owner @key(fields: "id") { id: ID! pet: Cat }
type Walker implements Owner @key(fields: "id") { id: ID! pet: Dog! }
type Zoo implements Owner @key(fields: "id") { id: ID! pet: Pet }
type Cat implements Pet @key(fields: "id") { id: ID! name: String lives: Int }
type Dog implements Pet @key(fields: "id") { id: ID! name: String! tricks: [String!] }
interface Text { id: ID! next: Text }
interface Printed implements Text { id: ID! next: Printed pages: Int }
type Leaflet implements Printed & Text @key(fields: "id") { id: ID! next: Leaflet pages: Int }
type Poem implements Text @key(fields: "id") { id: ID! next: Text }
type Poster implements Printed & Text @key(fields: "id") { id: ID! next: Printed pages: Int }
"""
VETS = """
interface Owner { id: ID! bill: Int }
type Keeper implements Owner @key(fields: "id") { id: ID! bill: Int }
type Walker implements Owner @key(fields: "id") { id: ID! bill: Int }
type Zoo implements Owner @key(fields: "id") { id: ID! bill: Int }
interface Pet { id: ID! grams: Int! }
type Cat implements Pet @key(fields: "id") { id: ID! grams: Int! }
type Dog implements Pet @key(fields: "id") { id: ID! grams: Int! }
type Leaflet @key(fields: "id") { id: ID! paper: String }
type Poster @key(fields: "id") { id: ID! paper: String }
"""

CAT = {"__typename": "Cat", "id": "c", "name": None, "lives": 9}
DOG = {"__typename": "Dog", "id": "d", "name": "Rex", "tricks": ["sit"]}
OWNERS = (
    {"__typename": "Keeper", "id": "1", "pet": CAT},
    {"__typename": "Walker", "id": "2", "pet": DOG},
    {"__typename": "Zoo", "id": "3", "pet": DOG},
    {"__typename": "Zoo", "id": "4", "pet": None},
)
LEAFLET = {"__typename": "Leaflet", "id": "l", "next": None, "pages": 2}
POSTER = {"__typename": "Poster", "id": "p", "next": LEAFLET, "pages": 1}


def a_street() -> Federation:
    return Federation(
        {
            "homes": Subgraph(
                HOMES,
                {"Query": {"owners": OWNERS, "keeper": OWNERS[0], "printed": POSTER}},
                dict.fromkeys(("Keeper", "Walker", "Zoo", "Cat", "Dog"), never),
            ),
            "vets": Subgraph(
                VETS,
                references={
                    **{
                        owner: lambda named: {"bill": int(named["id"]) * 10}
                        for owner in ("Keeper", "Walker", "Zoo")
                    },
                    "Cat": by("id", [{"id": "c", "grams": 4000}]),
                    "Dog": by("id", [{"id": "d", "grams": 9000}]),
                    "Leaflet": lambda named: {"paper": "thin"},
                    "Poster": lambda named: {"paper": "thick"},
                },
            ),
        }
    )


async def test_fragments_that_a_narrower_field_excludes_are_left_out_for_it() -> None:
    street = a_street()

    answer = await street.answer(
        """{ owners {
          pet { ... on Cat { lives } ... on Dog { tricks } }
          ... on Keeper { id pet { name } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "owners": [
            {"pet": {"lives": 9, "name": None}, "id": "1"},
            {"pet": {"tricks": ["sit"]}},
            {"pet": {"tricks": ["sit"]}},
            {"pet": None},
        ]
    }
    assert street.asked == ["homes"]


async def test_a_fragment_that_cannot_apply_to_the_narrower_type_matches_nothing() -> None:
    street = a_street()

    answer = await street.answer(
        "{ keeper { ... on Owner { pet { ... on Dog { tricks } ... on Pet { id } } } } }"
    )

    assert answer.errors == []
    assert answer.data == {"keeper": {"pet": {"id": "c"}}}


async def test_fields_elsewhere_of_the_owner_and_of_the_pet_are_one_request() -> None:
    street = a_street()
    text = "{ owners { bill pet { grams } } }"

    answer = await street.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "owners": [
            {"bill": 10, "pet": {"grams": 4000}},
            {"bill": 20, "pet": {"grams": 9000}},
            {"bill": 30, "pet": {"grams": 9000}},
            {"bill": 40, "pet": None},
        ]
    }
    assert street.asked == ["homes", "vets"]
    assert street.plan(text) == (
        """\
#0 homes
    {
      owners {
        __typename
        pet {
          __typename
          id
        }
        id
      }
    }
#1 vets, after #0
  $r0: owners.@.pet, Cat | Dog by {id}
  $r1: owners.@, Keeper | Walker | Zoo by {id}
    query ($r0: [_Any!]!, $r1: [_Any!]!) {
      _e0: _entities(representations: $r0) {
        ... on Cat {
          grams
        }
        ... on Dog {
          grams
        }
      }
      _e1: _entities(representations: $r1) {
        ... on Keeper {
          bill
        }
        ... on Walker {
          bill
        }
        ... on Zoo {
          bill
        }
      }
    }"""
    )


async def test_a_field_that_one_type_promises_may_be_asked_through_all() -> None:
    street = a_street()

    answer = await street.answer(
        """{ owners {
          pet { name }
          ... on Zoo { pet { grams ... on Dog { tricks } } }
          ... on Keeper { pet { lives grams } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "owners": [
            {"pet": {"name": None, "lives": 9, "grams": 4000}},
            {"pet": {"name": "Rex"}},
            {"pet": {"name": "Rex", "grams": 9000, "tricks": ["sit"]}},
            {"pet": None},
        ]
    }


async def test_only_pets_of_the_asked_owners_are_weighed() -> None:
    street = a_street()

    answer = await street.answer("{ owners { ... on Keeper { pet { grams } } } }")

    assert answer.errors == []
    assert answer.data == {"owners": [{"pet": {"grams": 4000}}, {}, {}, {}]}
    assert street.representations == [{"__typename": "Cat", "id": "c"}]


async def test_the_type_is_told_through_the_narrower_field() -> None:
    street = a_street()

    answer = await street.answer("{ owners { kind: __typename pet { kind: __typename } } }")

    assert answer.errors == []
    assert answer.data is not None
    assert [each["pet"] and each["pet"]["kind"] for each in answer.data["owners"]] == [
        "Cat",
        "Dog",
        "Dog",
        None,
    ]


async def test_a_field_may_be_narrowed_to_another_interface() -> None:
    street = a_street()

    answer = await street.answer(
        """{ printed { next {
          id pages ... on Poster { paper } ... on Leaflet { paper next { paper } }
          ... on Text { ... on Poem { id } next { id ... on Printed { pages } } }
        } } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "printed": {"next": {"id": "l", "pages": 2, "paper": "thin", "next": None}}
    }
    assert street.asked == ["homes", "vets"]
