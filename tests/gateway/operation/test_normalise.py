"""Documents as the planner reads them."""

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.operation.model import Field, Operation, Selection
from gateway.operation.normalise import normalise

SCHEMA = build_schema("""
  type Query { pet(id: ID, by: By): Pet animals: [[Animal!]!]! me: Dog }
  input By { name: String tags: [String] }
  interface Animal { name: String friend: Animal }
  type Dog implements Animal { name: String friend: Animal barks: Boolean }
  type Cat implements Animal { name: String friend: Animal meows: Boolean }
  type Robot { name: String }
  union Pet = Dog | Cat | Robot
""")


def normalised(text: str, **truths: bool) -> Operation:
    document = parse(text)
    [operation] = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    return normalise(document, operation, SCHEMA, truths)


def written(selections: tuple[Selection, ...]) -> str:
    parts = [
        f"{each.key}:{each.parent}.{each.name}{each.arguments.text}"
        if isinstance(each, Field)
        else f"...{each.type}"
        for each in selections
    ]
    below = [f"{{{written(each.selections)}}}" if each.selections else "" for each in selections]
    return " ".join(map("".join, zip(parts, below, strict=True)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { name n: name name } }", "me:Query.me{name:Dog.name n:Dog.name}"),
        ("{ me { ... on Animal { name } ... on Dog { barks } ...on Dog { name } } }",
         "me:Query.me{name:Dog.name barks:Dog.barks}"),
        ("{ pet { ... on Animal { name } } }",
         "pet:Query.pet{...Dog{name:Dog.name} ...Cat{name:Cat.name}}"),
        ("{ pet { ... on Dog { barks } ... on Animal { ... on Cat { meows } } } }",
         "pet:Query.pet{...Dog{barks:Dog.barks} ...Cat{meows:Cat.meows}}"),
        ("{ pet { ...F } } fragment F on Pet { ...G } fragment G on Robot { name }",
         "pet:Query.pet{...Robot{name:Robot.name}}"),
        ("{ animals { name ... on Dog { barks } friend { name } ... on Dog { n: name } } }",
         "animals:Query.animals{name:Animal.name ...Dog{barks:Dog.barks} "
         "friend:Animal.friend{name:Animal.name} ...Dog{n:Dog.name}}"),
        ("{ me { friend { name } friend { friend { name } } } }",
         "me:Query.me{friend:Dog.friend{name:Animal.name friend:Animal.friend{name:Animal.name}}}"),
        ("{ me { ... on Robot { name } __typename } }", "me:Query.me{__typename:Dog.__typename}"),
    ],
)  # fmt: skip
def test_fragments_are_resolved_to_types_and_equal_fields_merged(text: str, expected: str) -> None:
    assert written(normalised(text).selections) == expected


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        ({"a": True, "b": True}, "me:Query.me{barks:Dog.barks}"),
        ({"a": True, "b": False}, "me:Query.me{name:Dog.name barks:Dog.barks}"),
        ({"a": False, "b": True}, "me:Query.me{}"),
    ],
)
def test_conditions_are_decided_by_their_variables(truths: dict[str, bool], expected: str) -> None:
    text = """
      query ($a: Boolean!, $b: Boolean!) {
        me { name @skip(if: $b) @include(if: $a) ... @include(if: $a) { barks @skip(if: false) } }
      }
    """

    assert written(normalised(text, **truths).selections) == expected.replace("{}", "")


def test_arguments_are_kept_literally_and_sorted() -> None:
    text = 'query ($t: [String]) { pet(id: 7, by: {name: "a: \\"b\\"", tags: $t}) { __typename } }'
    [field] = normalised(text).roots

    assert field.arguments.text == '(by:{ name: "a: \\"b\\"", tags: $t },id:7)'
    assert field.arguments.variables == {"t"}


def test_a_variables_default_is_kept_as_it_is() -> None:
    text = 'query ($id: ID = "a: b = c") { pet(id: $id) { __typename } }'
    [variable] = normalised(text).variables

    assert variable.declaration == '$id:ID="a: b = c"'


def test_lists_are_counted() -> None:
    [field] = normalised("{ animals { name } }").roots

    assert (field.type, field.lists) == ("Animal", 2)
