"""The merged schema together with what it was merged from."""

from dataclasses import dataclass

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.merging.annotations import (
    merge_custom,
    merge_description,
    merge_directives,
)
from gateway.composition.merging.composed import links_of, merge_composed
from gateway.composition.merging.directives import merge_executable_directives
from gateway.composition.merging.types import merge_types
from gateway.composition.schema.model import Element, Schema


@dataclass(frozen=True, slots=True)
class Merged:
    """`schema` is the supergraph's, without its machinery."""

    federation: Federation
    schema: Schema

    def error(self, code: Code, message: str, coordinate: str) -> CompositionError:
        """Something that is wrong with the whole, at the first place that has a part in it."""
        type_name, _, rest = coordinate.partition(".")
        part = rest.partition("(")[0]
        for member, definition in self.federation.sources(type_name):
            parts = getattr(definition, "fields", None) or getattr(definition, "values", {})
            element = parts.get(part) if part else definition
            if element is not None:
                return member.error(code, message, coordinate, element.line)
        return CompositionError(code, message, coordinate=coordinate)


def merge(federation: Federation) -> Merged:
    """Everything that the members have. Only for members that keep the rules."""
    composed = merge_composed(federation)
    directives = merge_executable_directives(federation) | {
        name: directive.definition for name, directive in composed.items()
    }
    types = merge_types(federation)
    wholes = [_whole(member.schema) for member in federation.members]
    schema = Schema(
        types=types,
        directives=directives,
        applied=(*links_of(composed), *merge_directives(wholes), *merge_custom(wholes)),
        description=merge_description(wholes),
    )
    return Merged(federation, schema)


def _whole(schema: Schema) -> Element:
    """What a member says of its schema as a whole."""
    return Element(
        name="schema",
        description=schema.description,
        directives=schema.applied,
        custom=schema.custom,
    )
