"""The fetches while they are being written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from graphql import OperationType

from gateway.operation.model import Arguments, Field, Selection
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Origin, Rename
from gateway.plan.path import INTERNAL_PREFIX, Items, Key, OfType, Path
from gateway.plan.representation import RequiredField, Requirement
from gateway.planner.solution import Given


@dataclass(slots=True)
class Asked:
    """A field of a selection set that is being written."""

    name: str
    arguments: Arguments
    node: "Node | None"


@dataclass(slots=True)
class Node:
    """A selection set on `type`, as it is sent to one subgraph."""

    type: str
    fields: dict[str, Asked] = field(default_factory=dict)
    cases: dict[str, "Node"] = field(default_factory=dict)

    def ask(self, key: str, wanted: Field, type: str | None) -> "Node | None":
        """Ask for a field; the selection set below it, of `type`, when it has one."""
        asked = self.fields.get(key)
        if asked is None:
            node = Node(type) if type is not None else None
            asked = self.fields[key] = Asked(wanted.name, wanted.arguments, node)
        return asked.node

    def ask_typename(self) -> None:
        """Ask which type the object has."""
        self.fields.setdefault(TYPENAME, Asked(TYPENAME, Arguments(), None))

    def absorb(self, other: "Node") -> None:
        """Ask for what another selection set of the same object asks for, too."""
        for key, asked in other.fields.items():
            known = self.fields.setdefault(key, asked)
            if known.node is not None and asked.node is not None and known is not asked:
                known.node.absorb(asked.node)
        for type, case in other.cases.items():
            self.case(type).absorb(case)

    @property
    def keys(self) -> frozenset[str]:
        """The response keys that an object may get."""
        return frozenset(self.fields).union(*(case.keys for case in self.cases.values()))

    def case(self, type: str) -> "Node":
        """The selections for objects of one type."""
        if type == self.type:
            return self
        return self.cases.setdefault(type, Node(type))


@dataclass(frozen=True, slots=True)
class Naming:
    """How objects of a runtime type, None for whatever type, are named to a subgraph.

    `typename` is sent where it is not their own.
    """

    type: str | None
    typename: str | None
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Supplied:
    """An argument from a context (@fromContext), and where its value is found."""

    given: Given
    origins: tuple[Origin, ...]


@dataclass(slots=True)
class Step:
    """A request being written: root fields, or what one kind of hop asks of the objects at `path`.

    Root fields have a path where a field below the root returned the Query type. `round` is the
    first in which all that the step waits for is answered.

    `representations` are by runtime type and the name that is sent; `demands` tell which
    response keys @require something.
    An interface object cannot tell types apart: what is asked of it is asked for one `scope`,
    a runtime type, at a time. `part` is what of the answer waits for it. `supplied` are the
    arguments that clients do not give.
    """

    id: int
    subgraph: str
    kind: OperationType
    node: Node
    path: Path = ()
    spot: "Spot | None" = None
    round: int = 0
    is_root: bool = True
    scope: str | None = None
    part: int = 0
    representations: dict[tuple[str | None, str | None], list[Requirement]] = field(
        default_factory=dict
    )
    depends_on: set[int] = field(default_factory=set)
    renames: tuple[Rename, ...] = ()
    supplied: dict[Given, Supplied] = field(default_factory=dict)
    demands: dict[frozenset[Requirement], frozenset[str]] = field(default_factory=dict)

    def agrees(self, naming: Naming) -> bool:
        """Whether objects can be named so and as they are named already."""
        known = self.representations.get((naming.type, naming.typename), [])
        return not _contradict(known, naming.requirements)

    def can_absorb(self, other: "Step") -> bool:
        """Whether another step of the same request asks the same objects for something."""
        is_same = (self.spot, self.path, self.scope) == (other.spot, other.path, other.scope)
        return (
            is_same
            and not (self.is_root or other.is_root or other.supplied)
            and all(self.agrees(naming) for naming in other.namings)
        )

    def absorb(self, other: "Step") -> None:
        """Ask for what the other asks for, too."""
        self.node.absorb(other.node)
        self.depends_on |= other.depends_on
        for naming in other.namings:
            self.require(naming, frozenset())
        for required, keys in other.demands.items():
            self.demands[required] = self.demands.get(required, frozenset()) | keys

    @property
    def namings(self) -> Iterator[Naming]:
        """How objects are named."""
        for (type, typename), requirements in self.representations.items():
            yield Naming(type, typename, tuple(requirements))

    def require(self, naming: Naming, keys: frozenset[str]) -> None:
        """Name objects so, for the fields with these response keys."""
        known = self.representations.setdefault((naming.type, naming.typename), [])
        known.extend(each for each in naming.requirements if each not in known)
        required = frozenset(
            each
            for each in naming.requirements
            if isinstance(each, RequiredField) and each.optional
        )
        if required and keys:
            self.demands[required] = self.demands.get(required, frozenset()) | keys

    def supply(self, given: Iterable[Given]) -> dict[str, str]:
        """The variables of these arguments, by the arguments' names."""
        order = list(self.supplied)
        return {
            each.argument.name: f"{INTERNAL_PREFIX}{self.id}_{order.index(each)}" for each in given
        }


@dataclass(slots=True, eq=False)
class Spot:
    """An object of the merged tree: which response keys are taken, and by what.

    Types may use one key for different things; such a key is nobody's.
    """

    taken: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    children: dict[tuple[str, str, str], "Spot"] = field(default_factory=dict)
    steps: dict[Path, list[Step]] = field(default_factory=dict)

    def claim(self, selections: tuple[Selection, ...]) -> None:
        """Note the client's own keys, here and below."""
        for wanted in _fields(selections):
            same = _identity(wanted)
            known = self.taken.setdefault(wanted.key, same)
            if known != same:
                self.taken[wanted.key] = None
            self.below(wanted.key, wanted).claim(wanted.selections)

    def key_of(self, wanted: Field) -> str:
        """The key under which a field that the planner needs is found here."""
        same = _identity(wanted)
        for key, taken in self.taken.items():
            if taken == same:
                return key
        key = wanted.name
        if wanted.arguments.text or key in self.taken:
            key = f"{INTERNAL_PREFIX}{len(self.taken)}_{wanted.name}"
        self.taken[key] = same
        return key

    def below(self, key: str, wanted: Field) -> "Spot":
        """Where the field leads."""
        return self.children.setdefault((key, *_identity(wanted)), Spot())


@dataclass(frozen=True, slots=True)
class Position:
    """A spot, by the path on which it is reached; `type` when only objects of it are meant."""

    spot: Spot
    path: Path
    type: str | None = None

    def case(self, type: str) -> "Position":
        """The same, for objects of one type."""
        return Position(self.spot, self.path, type)

    def below(self, key: str, wanted: Field) -> "Position":
        """Where a field leads."""
        path = self.path
        if self.type is not None:
            path += (OfType(frozenset({self.type})),)
        path += (Key(key), *([Items()] * wanted.lists))
        return Position(self.spot.below(key, wanted), path)


def _identity(wanted: Field) -> tuple[str, str]:
    return wanted.name, wanted.arguments.text + wanted.arguments.directives


def _fields(selections: tuple[Selection, ...]) -> Iterator[Field]:
    for selection in selections:
        if isinstance(selection, Field):
            yield selection
        else:
            yield from selection.selections


def _contradict(known: Iterable[Requirement], wanted: Sequence[Requirement]) -> bool:
    """Whether one name would have to hold two values: a field with other arguments."""
    return any(
        one.name == other.name
        and (one.source != other.source or _contradict(one.selections, other.selections))
        for one in _named(known)
        for other in _named(wanted)
    )


def _named(requirements: Iterable[Requirement]) -> Iterator[RequiredField]:
    for requirement in requirements:
        if isinstance(requirement, RequiredField):
            yield requirement
        else:
            yield from _named(requirement.selections)
