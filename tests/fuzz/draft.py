"""Subgraphs in the making."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class FieldDraft:
    """A field of one subgraph: `signature` is its type, `arguments` their definitions."""

    name: str
    signature: str
    arguments: str = ""
    marks: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        """The named type."""
        return self.signature.strip("[]!")

    @property
    def requires(self) -> bool:
        """Whether its value follows from other subgraphs' fields."""
        return any(mark.startswith("@requires") for mark in self.marks)

    def copy(self, *marks: str) -> "FieldDraft":
        """The same field for another subgraph, with directives of its own."""
        return FieldDraft(self.name, self.signature, self.arguments, list(marks))

    def __str__(self) -> str:
        return " ".join([f"{self.name}{self.arguments}: {self.signature}", *self.marks])


@dataclass(slots=True)
class TypeDraft:
    """A composite type of one subgraph."""

    name: str
    kind: Literal["type", "interface", "union"] = "type"
    marks: list[str] = field(default_factory=list)
    fields: dict[str, FieldDraft] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    @property
    def is_entity(self) -> bool:
        """Whether it has a key here."""
        return any(mark.startswith("@key") for mark in self.marks)

    def add(self, *fields: FieldDraft) -> None:
        """Declare fields that are not declared yet."""
        for each in fields:
            self.fields.setdefault(each.name, each)

    def __str__(self) -> str:
        head = " ".join([self.kind, self.name])
        if self.interfaces:
            head += f" implements {' & '.join(sorted(self.interfaces))}"
        head = " ".join([head, *self.marks])
        if self.kind == "union":
            return f"{head} = {' | '.join(sorted(self.members))}"
        return "\n".join([f"{head} {{", *(f"  {each}" for each in self.fields.values()), "}"])


@dataclass(slots=True)
class SubgraphDraft:
    """One subgraph: composite types by name, and the definitions of leaves and inputs."""

    name: str
    types: dict[str, TypeDraft] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)

    def type(self, name: str) -> TypeDraft:
        """The type of this name, declared now if it was not."""
        return self.types.setdefault(name, TypeDraft(name))

    def __str__(self) -> str:
        return "\n".join(map(str, [*self.types.values(), *self.others.values()])) + "\n"


@dataclass(slots=True)
class SetDraft:
    """All subgraphs of a set."""

    subgraphs: list[SubgraphDraft]

    def owners(self, type: str, name: str) -> Iterator[SubgraphDraft]:
        """The subgraphs that declare a field."""
        for each in self.subgraphs:
            if type in each.types and name in each.types[type].fields:
                yield each

    def homes(self, type: str) -> list[SubgraphDraft]:
        """The subgraphs that declare a type."""
        return [each for each in self.subgraphs if type in each.types]

    def sdls(self) -> dict[str, str]:
        """By name."""
        return {each.name: str(each) for each in self.subgraphs}
