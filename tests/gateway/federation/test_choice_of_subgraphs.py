"""Where several subgraphs have a field, the plan is the one of the fewest requests, and among those
the one of the fewest rounds; what is at hand is never fetched.
"""

import pytest

from tests.support.federation import Federation, Subgraph

#: Each field after `id` of a Song is in the subgraphs that are named.
SONG = {
    "title": "abc",
    "p": "bc",
    "q": "cd",
    "r": "bd",
    "s": "c",
    "length": "ab",
    "lyrics": "d",
}

VALUES = {"id": "1", **{field: field for field in SONG}}


def song_of(name: str) -> str:
    fields = " ".join(f"{field}: String @shareable" for field, of in SONG.items() if name in of)
    return f'type Song @key(fields: "id") {{ id: ID! {fields} }}'


def a_radio() -> Federation:
    return Federation(
        {
            "a": Subgraph(
                f"type Query {{ song: Song! }} {song_of('a')}",
                {"Query": {"song": VALUES}},
            ),
            **{
                name: Subgraph(song_of(name), references={"Song": lambda _: VALUES})
                for name in "bcd"
            },
        }
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("id title length", "a"),
        ("p", "a > b"),
        ("p q", "a > c"),
        ("p r", "a > b"),
        ("q r", "a > d"),
        ("q lyrics", "a > d"),
        ("p q s", "a > c"),
        ("p s title", "a > c"),
        ("r s length", "a > b+c"),
        ("r q lyrics title", "a > d"),
        ("p lyrics r", "a > b+d"),
        ("s lyrics p q r", "a > c+d"),
    ],
)
async def test_the_fewest_subgraphs_that_have_everything_are_asked(
    fields: str, expected: str
) -> None:
    radio = a_radio()

    answer = await radio.answer(f"{{ song {{ {fields} }} }}")

    assert answer.errors == []
    assert answer.data == {"song": {name: VALUES[name] for name in fields.split()}}
    assert radio.rounds(f"{{ song {{ {fields} }} }}") == expected


BAND = """
type Query { band: Band! tour: Tour! }
type Band @key(fields: "id") { id: ID! }
type Tour @key(fields: "id") { id: ID! head: Band! @shareable support: Band @shareable }
"""
AGENCY = """
type Tour @key(fields: "id") { id: ID! head: Band! @shareable agent: String }
type Band @key(fields: "id") { id: ID! name: String @shareable town: String }
"""
LABEL = """
type Tour @key(fields: "id") { id: ID! head: Band! @shareable }
type Band @key(fields: "id") { id: ID! name: String @shareable records: [Record!]! }
type Record { title: String! of: Band! }
"""

BANDS = {"id": "b", "name": "Opeth", "town": "Älvsjö"}
RECORDS = [{"title": "Damnation", "of": BANDS}]
TOUR = {"id": "t", "head": BANDS, "support": None, "agent": "Ann"}


def a_tour() -> Federation:
    of_label = {**BANDS, "records": RECORDS}
    return Federation(
        {
            "band": Subgraph(BAND, {"Query": {"band": BANDS, "tour": TOUR}}),
            "agency": Subgraph(
                AGENCY, references={"Tour": lambda _: TOUR, "Band": lambda _: BANDS}
            ),
            "label": Subgraph(
                LABEL,
                references={
                    "Tour": lambda _: {**TOUR, "head": of_label},
                    "Band": lambda _: of_label,
                },
            ),
        }
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ tour { id head { id } } }", "band"),
        ("{ tour { head { town } } }", "band > agency"),
        ("{ tour { agent head { name } } }", "band > agency"),
        ("{ tour { agent head { name town } } }", "band > agency"),
        ("{ tour { head { records { title } } } }", "band > label"),
        ("{ tour { head { name records { title } } } }", "band > label"),
        ("{ tour { agent head { records { title } } } }", "band > agency+label"),
        ("{ tour { agent head { name records { title of { name } } } } }", "band > agency+label"),
        ("{ tour { head { name } } band { town } }", "band > agency"),
        ("{ tour { head { records { of { town } } } } }", "band > label > agency"),
    ],
)
async def test_what_lies_further_on_decides_who_is_asked_first(text: str, expected: str) -> None:
    tour = a_tour()

    answer = await tour.answer(text)

    assert answer.errors == []
    assert tour.rounds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{ tour { head { name } } band { records { title } } }",
        "{ tour { support { name } head { records { of { name } } } } }",
    ],
)
def test_siblings_choose_the_same_subgraph(text: str) -> None:
    tour = a_tour()

    assert tour.rounds(text) == "band > label"


def test_a_child_is_taken_from_where_its_parent_is_fetched_anyway() -> None:
    tour = a_tour()

    assert tour.plan("{ tour { agent head { name } } }") == (
        """\
#0 band
    {
      tour {
        head {
          id
          __typename
        }
        id
        __typename
      }
    }
#1 agency, after #0
  $r0: tour.head, Band by {id}
  $r1: tour, Tour by {id}
    query ($r0: [_Any!]!, $r1: [_Any!]!) {
      _e0: _entities(representations: $r0) {
        ... on Band {
          name
        }
      }
      _e1: _entities(representations: $r1) {
        ... on Tour {
          agent
        }
      }
    }"""
    )


WAREHOUSE = """
type Query { crate: Crate! }
type Crate @key(fields: "id") { id: ID! }
"""
CODES = 'type Crate @key(fields: "id") @key(fields: "code") { id: ID! code: String! }'
SCALES = 'type Crate @key(fields: "code") { code: String! grams: Int @shareable height: Int }'
LORRY = 'type Crate @key(fields: "id") { id: ID! grams: Int @shareable }'


def a_warehouse() -> Federation:
    return Federation(
        {
            "warehouse": Subgraph(WAREHOUSE, {"Query": {"crate": {"id": "1"}}}),
            "codes": Subgraph(CODES, references={"Crate": lambda _: {"id": "1", "code": "c"}}),
            "scales": Subgraph(
                SCALES, references={"Crate": lambda _: {"code": "c", "grams": 5, "height": 9}}
            ),
            "lorry": Subgraph(LORRY, references={"Crate": lambda _: {"id": "1", "grams": 5}}),
        }
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("grams", "warehouse > lorry"),
        ("grams code", "warehouse > codes+lorry"),
        ("height", "warehouse > codes > scales"),
        ("height grams", "warehouse > codes > scales"),
        ("height grams code", "warehouse > codes > scales"),
    ],
)
async def test_a_detour_is_made_only_where_it_saves_a_request(fields: str, expected: str) -> None:
    warehouse = a_warehouse()

    answer = await warehouse.answer(f"{{ crate {{ {fields} }} }}")

    assert answer.errors == []
    assert warehouse.rounds(f"{{ crate {{ {fields} }} }}") == expected
