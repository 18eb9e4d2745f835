"""Sets of subgraphs, most of which somebody could take for satisfiable, or for the opposite."""

from collections.abc import Mapping
from typing import Final

_NODE: Final = 'interface Node @key(fields: "id") { id: ID! }'
_OBJECT: Final = 'type Node @interfaceObject @key(fields: "id")'

#: Documents of subgraphs a, b, c… by what is to be seen in them.
CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "a key that another subgraph has to tell first": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! }',
        'type T @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }',
        'type T @key(fields: "sku") { sku: ID! f: Int }',
    ),
    "a key of which two subgraphs tell one part each": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        'type T @key(fields: "id") { id: ID! y: Int }',
        'type T @key(fields: "x y") { x: Int y: Int f: Int }',
    ),
    "keys that need each other": (
        "type Query { t: T } type T { n: Int @shareable }",
        'type T @key(fields: "x") { x: Int y: Int @shareable n: Int @shareable }',
        'type T @key(fields: "y") { x: Int @shareable y: Int f: Int n: Int @shareable }',
    ),
    "a key in a list of entities that must be completed": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! us: [U] @shareable }'
        ' type U @key(fields: "id") { id: ID! }',
        'type U @key(fields: "id") { id: ID! pid: ID! @shareable }',
        'type T @key(fields: "us { id pid }") { us: [U] @shareable f: Int }'
        ' type U @key(fields: "id pid") { id: ID! pid: ID! }',
    ),
    "a value that two subgraphs share and one completes": (
        "type Query { v: V @shareable } type V @shareable { x: Int }",
        "type Query { v: V @shareable } type V { x: Int @shareable y: Int }",
    ),
    "a value that one subgraph lacks where it is asked": (
        "type Query { v: V w: V } type V @shareable { x: Int }",
        "type Query { u: V } type V { x: Int @shareable y: Int }",
    ),
    "a requirement that is met by a third subgraph": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! }',
        'type T @key(fields: "id") { id: ID! w: Int @external f: Int @requires(fields: "w") }',
        'type T @key(fields: "id") { id: ID! w: Int }',
    ),
    "a requirement that only the subgraph before could meet": (
        "type Query { t: T } type T { id: ID! @shareable w: Int }",
        'type T @key(fields: "id") { id: ID! w: Int @external f: Int @requires(fields: "w") }',
    ),
    "a chain of requirements": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int @inaccessible }',
        'type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
        'type T @key(fields: "id") { id: ID! y: Int @external z: Int @requires(fields: "y") }',
    ),
    "a requirement for one of an interface's types": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! }',
        'type T @key(fields: "id") { id: ID! i: I @external'
        ' f: Int @requires(fields: "i { ... on A { x } }") }'
        " interface I { x: Int } type A implements I { x: Int @external }",
        'type T @key(fields: "id") { id: ID! i: I }'
        " interface I { x: Int } type A implements I { x: Int }",
    ),
    "a provided field, and one that is not": (
        'type Query { t: T @provides(fields: "n") u: T }'
        ' type T @key(fields: "id") { id: ID! n: Int @external }',
        'type T @key(fields: "sku") { sku: ID! @inaccessible n: Int @shareable }',
    ),
    "an interface's field of another subgraph": (
        'type Query { i: I } interface I { id: ID! } type A implements I @key(fields: "id")'
        ' { id: ID! } type B implements I @key(fields: "id") { id: ID! }',
        'type A @key(fields: "id") { id: ID! f: Int }',
    ),
    "an interface object that leads to the types and back": (
        f"type Query {{ n: Node }} {_OBJECT} {{ id: ID! f: Int }}",
        f'{_NODE} type A implements Node @key(fields: "id") {{ id: ID! g: Int }}',
    ),
    "an interface object that cannot be entered": (
        'type Node @interfaceObject @key(fields: "id", resolvable: false) { id: ID! f: Int }',
        f'type Query {{ n: Node }} {_NODE} type A implements Node @key(fields: "id") {{ id: ID! }}',
    ),
    "an interface object whose types nobody tells": (
        f"type Query {{ n: Node }} {_OBJECT} {{ id: ID! }}",
        'interface Node @key(fields: "id", resolvable: false) { id: ID! }'
        ' type A implements Node @key(fields: "id") { id: ID! }',
    ),
    "a union of which two subgraphs know different types": (
        "type Query { u: U @shareable } union U = A | B"
        " type A { x: Int @shareable } type B { x: Int @shareable }",
        "type Query { u: U @shareable c: C } union U = A | C"
        " type A { x: Int @shareable } type C { x: Int y: Int }",
    ),
    "a union of which two subgraphs know no type in common": (
        "type Query { u: U @shareable } union U = A type A { x: Int }",
        "type Query { u: U @shareable } union U = B type B { x: Int }",
    ),
    "an override in both states of its label": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! f: Int }',
        'type T @key(fields: "id") { id: ID! f: Int @override(from: "a", label: "new") }',
    ),
    "an override in a state of its label that strands clients": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! f: Int }',
        'type T @key(fields: "sku") { sku: ID! @inaccessible'
        ' f: Int @override(from: "a", label: "new") }',
    ),
    "the root again, from a mutation's payload": (
        "type Query { a: Int } type Mutation { m: M } type M { query: Query }",
        "type Query { b: Int }",
    ),
    "a mutation's payload that no key leads out of": (
        "type Query { a: Int } type Mutation { m: T } type T { id: ID! @shareable }",
        "type T { id: ID! @shareable f: Int }",
    ),
    "an inaccessible field that nobody has to reach": (
        "type Query { t: T } type T { id: ID! @shareable }",
        "type T { id: ID! @shareable f: Int @inaccessible }",
    ),
    "a context on the way": (
        'type Query { u: U } type U @key(fields: "id") @context(name: "c")'
        ' { id: ID! n: Int t: T } type T @key(fields: "id")'
        ' { id: ID! f(n: Int @fromContext(field: "$c { n }")): Int }',
    ),
    "a context that a second way does not have": (
        'type Query { u: U t: T } type U @key(fields: "id") @context(name: "c")'
        ' { id: ID! n: Int t: T } type T @key(fields: "id")'
        ' { id: ID! f(n: Int @fromContext(field: "$c { n }")): Int }',
    ),
    "a context that the object itself sets too late": (
        'type Query { t: T } type T @key(fields: "id") @context(name: "c")'
        ' { id: ID! n: Int f(n: Int @fromContext(field: "$c { n }")): Int }',
    ),
}
