"""A directive is composed from a specification, and means the same in every subgraph."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.composed import ComposedDirective, composed_directives
from gateway.composition.specifications import BUILT_IN


def check_composed_directives(federation: Federation) -> Iterator[CompositionError]:
    """DIRECTIVE_COMPOSITION_ERROR."""
    for member in federation.members:
        for applied in member.schema.applied:
            if applied.name == "composeDirective":
                reason = _reason(member, applied.text("name") or "")
                if reason is not None:
                    yield member.error(Code.DIRECTIVE_COMPOSITION_ERROR, reason, None, applied.line)
    first: dict[str, ComposedDirective] = {}
    for composed in composed_directives(federation):
        known = first.setdefault(composed.definition.name, composed)
        if _differs(known, composed):
            yield composed.member.error(
                Code.DIRECTIVE_COMPOSITION_ERROR,
                f"@{composed.definition.name} is of {composed.link.url} here and of "
                f'{known.link.url} in "{known.member.name}".',
                None,
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
