"""A directive is composed from a specification, and means the same in every subgraph."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.composed import ComposedDirective, composed_directives
from gateway.composition.specifications import BUILT_IN


def check_composed_directives(federation: Federation) -> Iterator[CompositionError]:
    """DIRECTIVE_COMPOSITION_ERROR, DISALLOWED_INACCESSIBLE."""
    for member in federation.members:
        for applied in member.schema.applied:
            if applied.name == "composeDirective":
                name = applied.text("name") or ""
                reason = _reason(member, name)
                if reason is not None:
                    yield member.error(
                        Code.DIRECTIVE_COMPOSITION_ERROR, reason, name or None, applied.line
                    )
    yield from _renamed(federation)
    first: dict[str, ComposedDirective] = {}
    for composed in composed_directives(federation):
        known = first.setdefault(composed.definition.name, composed)
        yield from _hidden_arguments(composed)
        if _differs(known, composed):
            yield composed.member.error(
                Code.DIRECTIVE_COMPOSITION_ERROR,
                f"@{composed.definition.name} is of {composed.link.url} here and of "
                f'{known.link.url} in "{known.member.name}".',
                f"@{composed.definition.name}",
                composed.link.line,
            )


def _hidden_arguments(composed: ComposedDirective) -> Iterator[CompositionError]:
    """What the supergraph says with a directive is not for clients to see or not to see."""
    for argument in composed.definition.arguments.values():
        if argument.has("inaccessible"):
            coordinate = f"@{composed.definition.name}({argument.name}:)"
            yield composed.member.error(
                Code.DISALLOWED_INACCESSIBLE,
                f"{coordinate} is of a composed directive: it cannot be @inaccessible.",
                coordinate,
                argument.line,
            )


def _renamed(federation: Federation) -> Iterator[CompositionError]:
    """The supergraph has one name for a specification's directive."""
    first: dict[tuple[str, str], ComposedDirective] = {}
    for composed in composed_directives(federation):
        known = first.setdefault((composed.link.identity, composed.original), composed)
        if known.definition.name != composed.definition.name:
            yield composed.member.error(
                Code.DIRECTIVE_COMPOSITION_ERROR,
                f"@{composed.definition.name} of {composed.link.identity} is called "
                f'@{known.definition.name} in "{known.member.name}".',
                f"@{composed.definition.name}",
                composed.link.line,
            )


def _reason(member: Member, name: str) -> str | None:
    local = name.removeprefix("@")
    if not name.startswith("@"):
        return f'"{name}" is no directive: its name starts with @.'
    if local in BUILT_IN or member.links.is_machinery_directive(local):
        return f"{name} has a meaning of its own in a supergraph."
    if local not in member.schema.directives:
        return f"{name} is not defined."
    if not any(link.has(local) for link in member.links.all):
        return f"{name} is of no linked specification."
    return None


def _differs(one: ComposedDirective, other: ComposedDirective) -> bool:
    same_major = one.version[0] == other.version[0]
    return one.link.identity != other.link.identity or not same_major
