"""Contexts in the supergraph: each is one subgraph's, and named so (context/v0.1)."""

from collections.abc import Sequence

from gateway.composition.contexts import context_references
from gateway.composition.federation import FieldSource
from gateway.composition.member import Member
from gateway.composition.schema.literal import Literal
from gateway.composition.schema.model import Applied, Definition


def set_contexts(sources: Sequence[tuple[Member, Definition]]) -> tuple[Applied, ...]:
    """The contexts that a type sets, in whichever subgraph."""
    names = {
        _name(member, applied.text("name") or ""): None
        for member, definition in sources
        for applied in definition.applied("context")
    }
    return tuple(Applied("context", {"name": name}) for name in names)


def contextual_arguments(source: FieldSource) -> tuple[Literal, ...]:
    """What a `@join__field` tells of the arguments that the gateway gives (join/v0.5)."""
    return tuple(
        {
            "context": _name(source.member, reference.name),
            "name": argument.name,
            "type": str(argument.type),
            "selection": reference.selection,
        }
        for argument, reference in context_references(source.field)
    )


def _name(member: Member, context: str) -> str:
    return f"{member.name}__{context}"
