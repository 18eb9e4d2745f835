"""What a subgraph's document calls the directives that composition understands (link/v1.0)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
)

from gateway.composition.errors import Code, CompositionRefused
from gateway.composition.reading.imports import read_imports
from gateway.composition.schema.literal import EnumLiteral, Literal, read_literal
from gateway.composition.specifications import (
    FEDERATION_ONE,
    HOST,
    SPECIFICATIONS,
    Version,
)

_URL: Final = re.compile(r"^(?P<identity>.+/(?P<name>\w+))/v(?P<major>\d+)\.(?P<minor>\d+)/?$")
_NAME: Final = re.compile(r"^[A-Za-z](?:_?[A-Za-z0-9])*$")


@dataclass(frozen=True, slots=True)
class Link:
    """One `@link`. `imports` are local names by the specification's own, directives with `@`."""

    url: str
    identity: str
    name: str
    version: Version | None
    namespace: str
    imports: Mapping[str, str]
    purpose: str | None
    line: int | None

    @property
    def understood(self) -> str | None:
        """The name of the specification, if composition has it."""
        is_ours = self.identity == f"{HOST}/{self.name}" and self.name in SPECIFICATIONS
        return self.name if is_ours else None

    def has(self, local: str) -> bool:
        """Whether a directive with this local name is one of the specification's."""
        namespace, separator, name = local.partition("__")
        # A specification's directive of its own name is called as the namespace is.
        is_namespaced = bool(separator) and namespace == self.namespace and name != self.name
        return f"@{local}" in self.imports.values() or is_namespaced or local == self.namespace

    def local(self, directive: str) -> str:
        """What the document calls a directive of this specification."""
        imported = self.imports.get(f"@{directive}")
        if imported is not None:
            return imported.removeprefix("@")
        return self.namespace if directive == self.name else f"{self.namespace}__{directive}"


@dataclass(frozen=True, slots=True)
class Links:
    """All of a document's links. `federation` is None for a schema of federation 1.

    `directives` are the understood ones' names by what the document calls them; `link` is
    what it calls `@link`.
    """

    all: tuple[Link, ...]
    federation: Version | None
    directives: Mapping[str, str]
    link: str
    _types: frozenset[str]
    _namespaces: frozenset[str]

    @classmethod
    def read(cls, document: DocumentNode, subgraph: str) -> Self:
        """Raises `CompositionRefused` for what cannot be understood and may not be ignored."""
        applied = tuple(_on_schema(document))
        called = _name_of_link(arguments for _, arguments in applied)
        links = tuple(
            _link(directive, arguments, subgraph)
            for directive, arguments in applied
            if directive.name.value == called
        )
        _require_apart(links, subgraph)
        known = [link for link in links if link.understood is not None]
        federation = next((link.version for link in known if link.name == "federation"), None)
        directives = {name: name for name in FEDERATION_ONE} if federation is None else {}
        for link in known:
            directives.update(_directives(link, subgraph))
        return cls(
            links,
            federation,
            directives,
            called,
            frozenset(_types(known)),
            frozenset(link.namespace for link in known) | {called},
        )

    def is_machinery_type(self, name: str) -> bool:
        """Whether a type is a specification's and not the subgraph's own."""
        return name in self._types or self._is_namespaced(name)

    def is_machinery_directive(self, name: str) -> bool:
        """Whether a directive is a specification's and not the subgraph's own."""
        return name in self.directives or name == self.link or self._is_namespaced(name)

    def _is_namespaced(self, name: str) -> bool:
        namespace, separator, _ = name.partition("__")
        return bool(separator) and namespace in self._namespaces


def _on_schema(
    document: DocumentNode,
) -> Iterator[tuple[ConstDirectiveNode, Mapping[str, Literal]]]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for directive in definition.directives or ():
                arguments = directive.arguments or ()
                yield directive, {a.name.value: read_literal(a.value) for a in arguments}


def _name_of_link(applied: Iterable[Mapping[str, Literal]]) -> str:
    """`@link` is itself linked, and may be under another name."""
    for arguments in applied:
        url, alias = str(arguments.get("url", "")), arguments.get("as")
        if url.startswith(f"{HOST}/link/v") and isinstance(alias, str):
            return alias
    return "link"


def _link(directive: ConstDirectiveNode, arguments: Mapping[str, Literal], subgraph: str) -> Link:
    line = directive.loc.start_token.line if directive.loc else None
    url = arguments.get("url")
    if not isinstance(url, str) or not url:
        raise CompositionRefused.because(
            Code.INVALID_LINK_DIRECTIVE_USAGE, "A @link needs a url.", subgraph, line
        )
    match = _URL.match(url)
    identity = match["identity"] if match else url.rstrip("/")
    name = match["name"] if match else identity.rsplit("/", 1)[-1]
    version = (int(match["major"]), int(match["minor"])) if match else None
    alias = arguments.get("as")
    if alias is not None and not (isinstance(alias, str) and _NAME.match(alias)):
        raise CompositionRefused.because(
            Code.INVALID_LINK_DIRECTIVE_USAGE, f"{alias!r} cannot be a namespace.", subgraph, line
        )
    link = Link(
        url,
        identity,
        name,
        version,
        alias or name,
        read_imports(arguments.get("import") or (), subgraph, line),
        _purpose(arguments.get("for"), subgraph, line),
        line,
    )
    _require_understood(link, subgraph)
    return link


def _purpose(purpose: Literal, subgraph: str, line: int | None) -> str | None:
    match purpose:
        case None:
            return None
        case EnumLiteral("SECURITY" | "EXECUTION" as name):
            return name
        case _:
            raise CompositionRefused.because(
                Code.INVALID_GRAPHQL, "A @link is for SECURITY or for EXECUTION.", subgraph, line
            )


def _require_apart(links: Iterable[Link], subgraph: str) -> None:
    """Each specification is linked once, and no two of them share a name."""
    seen: set[str] = set()
    for link in links:
        # The namespace alone names the directive that is called as its specification.
        names = {link.identity, f"@{link.namespace}", *link.imports.values()}
        taken = sorted(names & seen)
        if taken:
            raise CompositionRefused.because(
                Code.INVALID_LINK_DIRECTIVE_USAGE,
                f"{taken[0]} is linked already: {link.url} needs another name.",
                subgraph,
                link.line,
            )
        seen |= names


def _require_understood(link: Link, subgraph: str) -> None:
    """To ignore what is not understood could show what must not be seen."""
    if link.understood is None:
        if link.purpose is not None or link.identity.startswith(f"{HOST}/"):
            raise CompositionRefused.because(
                Code.UNSUPPORTED_LINKED_FEATURE,
                f"{link.url} is not understood.",
                subgraph,
                link.line,
            )
        return
    if link.version is None:
        raise CompositionRefused.because(
            Code.INVALID_LINK_IDENTIFIER, f"{link.url} names no version.", subgraph, link.line
        )
    if not SPECIFICATIONS[link.name].understands(link.version):
        is_federation = link.name == "federation"
        raise CompositionRefused.because(
            Code.UNKNOWN_FEDERATION_LINK_VERSION if is_federation else Code.UNKNOWN_LINK_VERSION,
            f"{link.url} is a version that is not understood.",
            subgraph,
            link.line,
        )


def _directives(link: Link, subgraph: str) -> dict[str, str]:
    """The specification's directives by local name."""
    specification = SPECIFICATIONS[link.name]
    assert link.version is not None, "it is understood"
    available = {
        name for name, item in specification.directives.items() if item.since <= link.version
    }
    for name in link.imports:
        _require_importable(link, name, available, subgraph)
    return {link.local(name): name for name in available}


def _require_importable(link: Link, name: str, available: set[str], subgraph: str) -> None:
    if name.startswith("@"):
        is_known = name[1:] in available or name == "@link"
    else:
        is_known = name in SPECIFICATIONS[link.name].elements
    if not is_known:
        raise CompositionRefused.because(
            Code.INVALID_LINK_DIRECTIVE_USAGE,
            f"{link.url} has no {name} to import.",
            subgraph,
            link.line,
        )


def _types(links: Iterable[Link]) -> Iterator[str]:
    """The local names of the specifications' types."""
    yield from ("_Any", "_Entity", "_Service", "_FieldSet")
    for link in links:
        for name, local in link.imports.items():
            if not name.startswith("@"):
                yield local
