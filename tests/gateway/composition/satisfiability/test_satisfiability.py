"""Where the check goes beyond the reference's, and how far it goes."""

import time

from tests.support.composition import composition_of, sdl_of


def test_a_requirement_may_be_met_differently_in_each_state_of_a_label() -> None:
    """The reference takes a label that its walk has not met for neither active nor inactive."""
    composition = composition_of(
        'type Query { t: T } type T @key(fields: "id") { id: ID! w: Int }',
        'type T @key(fields: "id") { id: ID! w: Int @override(from: "a", label: "percent(5)") }',
        'type T @key(fields: "id") { id: ID! w: Int @external f: Int @requires(fields: "w") }',
    )

    assert sdl_of(composition)


def test_two_labels_may_strand_clients_only_together() -> None:
    source = 'type Query { t: T } type T @key(fields: "x") @key(fields: "y") { x: Int y: Int }'
    target = 'type T @key(fields: "x") @key(fields: "y") { x: Int y: Int f: Int }'
    takes_x = 'type T @key(fields: "x") { x: Int @override(from: "a", label: "x") }'
    takes_y = 'type T @key(fields: "y") { y: Int @override(from: "a", label: "y") }'

    composition = composition_of(source, target, takes_x, takes_y)

    assert sdl_of(composition_of(source, target, takes_x))
    assert sdl_of(composition_of(source, target, takes_y))
    assert {error.coordinate for error in composition.errors} == {"T.x", "T.y", "T.f"}


def test_what_is_provided_once_is_not_there_again() -> None:
    """The reference takes a value for seen once it was seen in this subgraph, provided or not."""
    composition = composition_of(
        """
        type Query { t: T @provides(fields: "n") }
        type T @key(fields: "id") { id: ID! n: Int @external next: T }
        """,
        'type T @key(fields: "sku") { sku: ID! @inaccessible n: Int @shareable }',
    )

    assert [error.coordinate for error in composition.errors] == ["T.n"]
    assert "  t {\n    next {\n      n\n    }\n  }\n" in composition.errors[0].message


def test_long_ways_are_walked_to_their_end() -> None:
    chain = " ".join(f"type T{n} {{ next: T{n + 1} }}" for n in range(1500))

    composition = composition_of(
        f"type Query {{ t: T0 }} {chain} type T1500 {{ id: ID! @shareable }}",
        "type T1500 { id: ID! @shareable f: Int }",
    )

    assert [error.coordinate for error in composition.errors] == ["T1500.f"]


def test_many_subgraphs_of_many_entities_are_no_matter_of_time() -> None:
    names = [f"T{number}" for number in range(40)]
    types = "\n".join(
        f'type {name} @key(fields: "id") {{ id: ID! f%s_{name}: {other} }}'
        for name, other in zip(names, names[1:] + names[:1], strict=True)
    )
    roots = " ".join(f"{name.lower()}: {name}" for name in names)

    before = time.process_time()
    composition = composition_of(
        f"type Query {{ {roots} }} {types.replace('%s', 'a')}",
        *(types.replace("%s", letter) for letter in "bcde"),
    )

    assert sdl_of(composition)
    assert time.process_time() - before < 5
