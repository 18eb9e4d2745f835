"""The subgraphs' own directives that are asked to stand in the supergraph."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.reading.links import Link
from gateway.composition.schema.literal import Literal
from gateway.composition.schema.model import Applied, DirectiveDefinition


@dataclass(frozen=True, slots=True)
class ComposedDirective:
    """A directive as one member has it, and the specification that it comes from there."""

    member: Member
    link: Link
    definition: DirectiveDefinition

    @property
    def version(self) -> tuple[int, int]:
        """Of the specification."""
        return self.link.version or (0, 0)

    @property
    def original(self) -> str:
        """The directive's name in its specification, with its @."""
        local = f"@{self.definition.name}"
        own = next((own for own, name in self.link.imports.items() if name == local), None)
        if own is not None or self.definition.name == self.link.namespace:
            return own or f"@{self.link.name}"
        return f"@{self.definition.name.removeprefix(f'{self.link.namespace}__')}"


def composed_directives(federation: Federation) -> Iterator[ComposedDirective]:
    """Every member's, as far as it is linked and defined."""
    for member in federation.members:
        for name in sorted(member.composed_directives):
            link = next((link for link in member.links.all if link.has(name)), None)
            definition = member.schema.directives.get(name)
            if link is not None and definition is not None:
                yield ComposedDirective(member, link, definition)


def merge_composed(federation: Federation) -> dict[str, ComposedDirective]:
    """By name, from the member that has the newest version."""
    newest: dict[str, ComposedDirective] = {}
    for composed in composed_directives(federation):
        name = composed.definition.name
        if name not in newest or composed.version > newest[name].version:
            newest[name] = composed
    return newest


def links_of(directives: dict[str, ComposedDirective]) -> tuple[Applied, ...]:
    """One link for each specification, with the names that its directives have here."""
    imports: dict[str, list[Literal]] = {}
    for name, composed in directives.items():
        imports.setdefault(composed.link.url, []).append(_import(name, composed.original))
    return tuple(
        Applied("link", {"url": url, "import": tuple(names)}) for url, names in imports.items()
    )


def _import(name: str, original: str) -> Literal:
    return original if original == f"@{name}" else {"name": original, "as": f"@{name}"}
