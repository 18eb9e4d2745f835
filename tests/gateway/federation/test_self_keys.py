"""Keys that lead through other objects: a parent's key in its child's, a key through a plain value,
and a chain of subgraphs of which each knows only its neighbour's key.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by

TREE = """
type Query { leaf: Folder! folders: [Folder!]! }
type Folder @key(fields: "id parent { id }") { id: ID! parent: Folder name: String! }
"""
SIZES = """
type Folder @key(fields: "id parent { id }") { id: ID! parent: Folder bytes: Int }
"""
OWNERS = """
type Folder @key(fields: "id") { id: ID! owner: Owner! }
type Owner @key(fields: "badge { number }") { badge: Badge! }
type Badge { number: Int! }
"""
PEOPLE = """
type Owner @key(fields: "badge { number }") @key(fields: "mail") {
  badge: Badge! @shareable mail: String!
}
type Badge @shareable { number: Int! colour: String }
"""
DESKS = 'type Owner @key(fields: "mail") @key(fields: "desk") { mail: String! desk: String! }'
PHONES = 'type Owner @key(fields: "desk") { desk: String! phone: String }'

ROOT = {"id": "0", "parent": None, "name": "/"}
HOME = {"id": "1", "parent": ROOT, "name": "home"}
LEAF = {"id": "2", "parent": HOME, "name": "me"}


def bytes_of(representation: dict[str, Any]) -> Any:
    return {**representation, "bytes": int(representation["id"]) * 10}


def a_disk(*, desk: str = "4F") -> Federation:
    badge = {"badge": {"number": 7, "colour": "red"}}
    return Federation(
        {
            "tree": Subgraph(TREE, {"Query": {"leaf": LEAF, "folders": [ROOT, HOME, LEAF]}}),
            "sizes": Subgraph(SIZES, references={"Folder": bytes_of}),
            "owners": Subgraph(OWNERS, {"Folder": {"owner": {"badge": {"number": 7}}}}),
            "people": Subgraph(
                PEOPLE,
                references={
                    "Owner": lambda named: {
                        **badge,
                        "mail": "kim@example.com",
                        "__typename": named["__typename"],
                    }
                },
            ),
            "desks": Subgraph(
                DESKS, references={"Owner": by("mail", [{"mail": "kim@example.com", "desk": desk}])}
            ),
            "phones": Subgraph(
                PHONES, references={"Owner": by("desk", [{"desk": "4F", "phone": "112"}])}
            ),
        }
    )


async def test_a_parents_key_is_part_of_its_childs() -> None:
    disk = a_disk()
    text = "{ leaf { bytes } }"

    answer = await disk.answer(text)

    assert answer.errors == []
    assert answer.data == {"leaf": {"bytes": 20}}
    assert disk.plan(text) == (
        """\
#0 tree
    {
      leaf {
        id
        parent {
          id
        }
        __typename
      }
    }
#1 sizes, after #0
  $r0: leaf, Folder by {id parent{id}}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Folder {
          bytes
        }
      }
    }"""
    )


async def test_a_parents_key_is_there_at_every_level() -> None:
    disk = a_disk()

    answer = await disk.answer("{ leaf { bytes parent { name bytes } } }")

    assert answer.errors == []
    assert answer.data == {"leaf": {"bytes": 20, "parent": {"name": "home", "bytes": 10}}}
    assert disk.asked == ["tree", "sizes"]


async def test_an_object_whose_key_is_not_whole_is_not_named() -> None:
    disk = a_disk()

    answer = await disk.answer("{ folders { bytes } }")

    assert answer.errors == []
    assert answer.data == {"folders": [{"bytes": None}, {"bytes": 10}, {"bytes": 20}]}
    assert [each["id"] for each in disk.representations] == ["1", "2"]


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        ("badge { number }", {"badge": {"number": 7}}, "tree > owners"),
        ("badge { colour }", {"badge": {"colour": "red"}}, "tree > owners > people"),
        ("mail", {"mail": "kim@example.com"}, "tree > owners > people"),
        ("desk", {"desk": "4F"}, "tree > owners > people > desks"),
        ("phone", {"phone": "112"}, "tree > owners > people > desks > phones"),
        (
            "phone mail badge { colour number }",
            {"phone": "112", "mail": "kim@example.com", "badge": {"colour": "red", "number": 7}},
            "tree > owners > people > desks > phones",
        ),
    ],
)
async def test_a_chain_of_keys_is_followed_to_its_end(
    asked: str, found: dict[str, Any], expected: str
) -> None:
    disk = a_disk()
    text = f"{{ leaf {{ owner {{ {asked} }} }} }}"

    answer = await disk.answer(text)

    assert answer.errors == []
    assert answer.data == {"leaf": {"owner": found}}
    assert disk.rounds(text) == expected


async def test_a_chain_that_breaks_leaves_what_lies_behind_it_null() -> None:
    disk = a_disk(desk="unknown")

    answer = await disk.answer("{ leaf { owner { mail desk phone } } }")

    assert answer.errors == []
    assert answer.data == {
        "leaf": {"owner": {"mail": "kim@example.com", "desk": "unknown", "phone": None}}
    }
