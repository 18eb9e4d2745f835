"""Which directive of the document is which: by specification, not by name (link/v1.0)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    value_from_ast_untyped,
)

from gateway.errors import InvalidSupergraph

_LINK: Final = "link"
_URL: Final = re.compile(r"^https?://(?P<identity>.+)/v(?P<major>\d+)\.(?P<minor>\d+)/?$")

#: Where the specifications are that this gateway knows. Others may have the same last name.
_KNOWN: Final = "specs.apollo.dev/"

#: What this gateway understands; a supergraph that needs more for execution or security is
#: refused: to ignore it could show what must not be seen.
_UNDERSTOOD: Final[Mapping[str, tuple[int, int]]] = {
    "link": (1, 0),
    "join": (0, 5),
    "inaccessible": (0, 2),
    "tag": (0, 3),
    "authenticated": (0, 1),
    "requiresScopes": (0, 1),
    "policy": (0, 1),
    "cost": (0, 1),
    "context": (0, 1),
    # It says which kept answers to drop, and this gateway keeps none.
    "cacheTag": (0, 1),
}


@dataclass(frozen=True, slots=True)
class Links:
    """The names under which the specifications' elements appear.

    A specification is identified by its address without the version; those that are known have
    short names.
    """

    _namespaces: Mapping[str, str]
    _imports: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, document: DocumentNode) -> Self:
        """From the schema's `@link`s. Raises `InvalidSupergraph` for what must be understood."""
        namespaces = {"join": "join", "link": "link"}
        imports: dict[tuple[str, str], str] = {}
        for arguments in _links(document):
            url, purpose = str(arguments.get("url", "")), arguments.get("for")
            match = _URL.match(url)
            if match is None:
                _refuse_needed(url, purpose)
                continue
            name, version = match["identity"], (int(match["major"]), int(match["minor"]))
            name = name.removeprefix(_KNOWN)
            _require_understood(name, version, purpose)
            namespaces[name] = str(arguments.get("as") or name.rpartition("/")[2])
            imports.update(((name, of), to) for of, to in _imported(arguments.get("import") or ()))
        return cls(namespaces, imports)

    def directive(self, specification: str, name: str | None = None) -> str:
        """A directive's name here; by default the one that is called as its specification."""
        element = name or specification
        imported = self._imports.get((specification, f"@{element}"))
        if imported is not None:
            return imported.removeprefix("@")
        namespace = self._namespaces.get(specification, specification)
        return namespace if element == specification else f"{namespace}__{element}"

    def is_machinery(self, name: str) -> bool:
        """Whether a type or directive belongs to a specification, not to the schema's users."""
        namespace, separator, _ = name.partition("__")
        if separator:
            return namespace in self._namespaces.values()
        return name in self._namespaces.values() or f"@{name}" in self._imports.values()


def _links(document: DocumentNode) -> Iterable[dict[str, Any]]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for directive in definition.directives or ():
                arguments = arguments_of(directive)
                if directive.name.value == _LINK or "/link/" in str(arguments.get("url", "")):
                    yield arguments


def arguments_of(directive: ConstDirectiveNode) -> dict[str, Any]:
    """A directive's arguments as plain values; enum values are their names."""
    return {
        argument.name.value: value_from_ast_untyped(argument.value)
        for argument in directive.arguments or ()
    }


def _imported(imports: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for entry in imports:
        if isinstance(entry, str):
            yield entry, entry
        else:
            yield entry["name"], entry.get("as") or entry["name"]


def _require_understood(name: str, version: tuple[int, int], purpose: Any) -> None:
    known = _UNDERSTOOD.get(name)
    if known is not None and version[0] == known[0] and version[1] <= known[1]:
        return
    _refuse_needed(f"{name} v{version[0]}.{version[1]}", purpose)


def _refuse_needed(what: str, purpose: Any) -> None:
    if purpose in ("EXECUTION", "SECURITY"):
        raise InvalidSupergraph(
            f"The supergraph needs {what} for {purpose.lower()}, "
            "which this gateway does not understand."
        )
