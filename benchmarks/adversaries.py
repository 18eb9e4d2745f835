"""Operations that are meant to take a planner long, each over subgraphs that invite it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from gateway.composition import Subgraph, compose

_LINK: Final = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@shareable"])\n'
)


@dataclass(frozen=True, slots=True)
class Adversary:
    """An operation, and the supergraph that it is sent to."""

    name: str
    supergraph: Callable[[], str]
    operation: str


def fan(width: int) -> str:
    """An entity of which each field is in another subgraph, under one key."""
    return _composed(
        f"type Query {{ people: [Person!]! }} {_PERSON} {{ id: ID! }}",
        *(f"{_PERSON} {{ id: ID! f{n}: Int }}" for n in range(width)),
    )


def shared(subgraphs: int, fields: int) -> str:
    """An entity of which each field is in most subgraphs."""
    return _composed(
        f"type Query {{ people: [Person!]! }} {_PERSON} {{ id: ID! }}",
        *(
            f"{_PERSON} {{ id: ID! "
            + " ".join(f"f{n}: Int @shareable" for n in range(fields) if (at + n) % 3)
            + " }"
            for at in range(subgraphs)
        ),
    )


def chain(length: int) -> str:
    """Each subgraph can be entered only by a key that the one before it knows."""
    return _composed(
        'type Query { a: T } type T @key(fields: "k0") { k0: ID! }',
        *(
            f'type T @key(fields: "k{n - 1}") @key(fields: "k{n}") {{ k{n - 1}: ID! k{n}: ID! }}'
            for n in range(1, length)
        ),
    )


def mesh(subgraphs: int) -> str:
    """Every subgraph knows every key, and the same object again below each object."""
    keys = range(subgraphs)
    every = " ".join(f'@key(fields: "k{key}")' for key in keys)
    known = " ".join(f"k{key}: ID!" for key in keys)
    return _composed(
        'type Query { a: T } type T @key(fields: "k0") { k0: ID! c: T @shareable }',
        *(f"type T {every} {{ {known} v{at}: Int c: T @shareable }}" for at in range(1, subgraphs)),
    )


def interface(types: int) -> str:
    """An interface that many types implement, which hold it again."""
    numbers = range(types)
    return _composed(
        "type Query { n: N } interface N { id: ID! n: N }"
        + "".join(f" {_type(at)} implements N {_KEY} {{ id: ID! n: N }}" for at in numbers),
        "".join(f"{_type(at)} {_KEY} {{ id: ID! f: Int g: Int }} " for at in numbers),
    )


def nested(types: int, depth: int) -> str:
    """Fragments on every type, in fragments on every type."""
    if not depth:
        return "id ...on I1 { f g } ...on I2 { f g }"
    inner = nested(types, depth - 1)
    return " ".join(f"...on I{at} {{ a{at}: n {{ {inner} }} }}" for at in range(types))


def bush(depth: int) -> str:
    """The same object again below each object, three times."""
    if not depth:
        return _fields(range(1, 8), "v")
    return " ".join(f"c{at}: c {{ v{at + 1} {bush(depth - 1)} }}" for at in range(3))


def _fields(numbers: Iterable[int], prefix: str = "f") -> str:
    return " ".join(f"{prefix}{number}" for number in numbers)


def _type(number: int) -> str:
    return f"type I{number}"


def _composed(*sdls: str) -> str:
    subgraphs = [Subgraph(f"s{at}", f"http://s{at}", _LINK + sdl) for at, sdl in enumerate(sdls)]
    composition = compose(subgraphs)
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


_KEY: Final = '@key(fields: "id")'
_PERSON: Final = f"type Person {_KEY}"

ADVERSARIES: Final = (
    Adversary(
        "32 subgraphs, a field of each", lambda: fan(32), f"{{ people {{ {_fields(range(32))} }} }}"
    ),
    Adversary(
        "60 fields, each in most of 12 subgraphs",
        lambda: shared(12, 60),
        f"{{ people {{ {_fields(range(60))} }} }}",
    ),
    Adversary("a key behind 15 other keys", lambda: chain(16), "{ a { k15 } }"),
    Adversary("8 keys in 8 subgraphs, 27 objects", lambda: mesh(8), f"{{ a {{ {bush(3)} }} }}"),
    Adversary(
        "fragments on 20 types in fragments on 20",
        lambda: interface(20),
        f"{{ n {{ {nested(20, 2)} }} }}",
    ),
    Adversary("the same, once more", lambda: interface(20), f"{{ n {{ {nested(20, 3)} }} }}"),
    Adversary(
        "one list under 60 names, for 20 types each",
        lambda: interface(20),
        "{"
        + " ".join(
            f"a{at}: n {{ {' '.join(f'...on I{type} {{ f g }}' for type in range(20))} }}"
            for at in range(60)
        )
        + "}",
    ),
)
