"""Values for arguments, as literals and as variables."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)


@dataclass(frozen=True, slots=True)
class _Variable:
    type: GraphQLInputType
    may_miss: bool


@dataclass(slots=True)
class Inputs:
    """The inputs of one operation: the variables it defines, and values for them."""

    chance: Random
    definitions: list[str] = field(default_factory=list)
    _conditions: list[str] = field(default_factory=list)
    _variables: dict[str, _Variable] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Values for the variables, drawn anew each time; one that may be left out may be."""
        return {
            name: self._json(each.type, 2)
            for name, each in self._variables.items()
            if not (each.may_miss and self._odds(0.4))
        }

    def value(self, type: GraphQLInputType, *, constant: bool = False, depth: int = 2) -> str:
        """A literal of the type, or a variable."""
        if not constant and self._odds(0.3):
            return self._variable(type)
        if isinstance(type, GraphQLNonNull):
            return self._literal(type.of_type, constant, depth)
        return "null" if self._odds(0.1) else self._literal(type, constant, depth)

    def condition(self) -> str:
        """What decides a @skip or an @include: several may share a variable."""
        if self._odds(0.2):
            return self.chance.choice(("true", "false"))
        if self._conditions and self._odds(0.5):
            return self.chance.choice(self._conditions)
        name = self._variable(GraphQLNonNull(GraphQLBoolean))
        self._conditions.append(name)
        return name

    def _odds(self, likely: float) -> bool:
        return self.chance.random() < likely

    def _variable(self, type: GraphQLInputType) -> str:
        name = f"v{len(self.definitions)}"
        default = ""
        declared = type
        if self._odds(0.4):
            default = f" = {self.value(_required(type), constant=True)}"
            if isinstance(type, GraphQLNonNull) and self._odds(0.5):
                declared = type.of_type
        self.definitions.append(f"${name}: {declared}{default}")
        may_miss = bool(default) or not isinstance(declared, GraphQLNonNull)
        # The place's type, not the variable's: null may not stand where the place forbids it.
        self._variables[name] = _Variable(type, may_miss)
        return f"${name}"

    def _literal(self, type: Any, constant: bool, depth: int) -> str:
        if isinstance(type, GraphQLList):
            items = [
                self.value(type.of_type, constant=constant, depth=depth)
                for _ in range(self.chance.randint(0, 2))
            ]
            return items[0] if len(items) == 1 and self._single(items[0]) else _listed(items)
        if isinstance(type, GraphQLInputObjectType):
            given = [
                f"{name}: {self.value(each.type, constant=constant, depth=depth - 1)}"
                for name, each in type.fields.items()
                if isinstance(each.type, GraphQLNonNull) or self._odds(0.5 if depth > 0 else 0.1)
            ]
            return f"{{{', '.join(given)}}}"
        if isinstance(type, GraphQLEnumType):
            return str(self.chance.choice(sorted(type.values)))
        if type.name == "Json":
            return self.chance.choice(("{a: [1, null], b: WILD}", "2.50", '"x"', "[[], {}]"))
        return json.dumps(self._plain(type, 0), ensure_ascii=False)

    def _single(self, item: str) -> bool:
        """A single value stands for a list of it; a variable or null does not."""
        return not item.startswith(("$", "null", "[")) and self._odds(0.5)

    def _json(self, type: Any, depth: int) -> Any:
        if isinstance(type, GraphQLNonNull):
            return self._plain(type.of_type, depth)
        return None if self._odds(0.15) else self._plain(type, depth)

    def _plain(self, type: Any, depth: int) -> Any:
        if isinstance(type, GraphQLList):
            return [self._json(type.of_type, depth) for _ in range(self.chance.randint(0, 2))]
        if isinstance(type, GraphQLInputObjectType):
            return {
                name: self._json(each.type, depth - 1)
                for name, each in type.fields.items()
                if isinstance(each.type, GraphQLNonNull) or self._odds(0.5 if depth > 0 else 0.1)
            }
        if isinstance(type, GraphQLEnumType):
            return self.chance.choice(sorted(type.values))
        return self._scalar(type.name)

    def _scalar(self, name: str) -> Any:
        match name:
            case "Int":
                return self.chance.randint(-5, 5)
            case "Float":
                return self.chance.choice((0.5, 2, -1e3, 7.25))
            case "Boolean":
                return self._odds(0.5)
            case "ID" | "String":
                return self.chance.choice(("", "a", 'quo"te', "é\n", "1"))
            case _:
                return self.chance.choice((1, "x", {"a": [1, None]}, [[], {}], True))


def _required(type: GraphQLInputType) -> GraphQLInputType:
    return type if isinstance(type, GraphQLNonNull) else GraphQLNonNull(type)


def _listed(items: list[str]) -> str:
    return f"[{', '.join(items)}]"
