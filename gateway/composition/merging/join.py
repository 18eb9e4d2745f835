"""The directives that tell which subgraph has what (join/v0.5)."""

from collections.abc import Iterator, Sequence

from gateway.composition.federation import FieldSource
from gateway.composition.field_set import field_set_text
from gateway.composition.member import Member
from gateway.composition.merging.contexts import contextual_arguments
from gateway.composition.schema.literal import EnumLiteral, Literal
from gateway.composition.schema.model import Applied, Definition, Element, InputValue
from gateway.composition.schema.type_ref import TypeRef


def join_types(member: Member, definition: Definition) -> Iterator[Applied]:
    """One for each key, or one alone."""
    keys = list(definition.applied("key"))
    if not keys:
        yield _join("type", member, isInterfaceObject=_yes(definition.has("interfaceObject")))
    for key in keys:
        yield _join(
            "type",
            member,
            key=field_set_text(key.arguments.get("fields")),
            extension=_yes(_is_extension(member, definition, key)),
            resolvable=False if key.arguments.get("resolvable") is False else None,
            isInterfaceObject=_yes(definition.has("interfaceObject")),
        )


def join_implements(member: Member, interface: str) -> Applied:
    """That the type implements the interface in this subgraph."""
    return _join("implements", member, interface=interface)


def join_union_member(subgraph: Member, type_name: str) -> Applied:
    """That the union has the type in this subgraph."""
    return _join("unionMember", subgraph, member=type_name)


def join_enum_value(member: Member) -> Applied:
    """That the enum has the value in this subgraph."""
    return _join("enumValue", member)


def join_inherited_field() -> Applied:
    """That no subgraph has the field on this type: an interface object resolves it."""
    return Applied("join__field")


def join_fields(
    sources: Sequence[FieldSource], having_type: Sequence[Member], *, same_type: bool
) -> tuple[Applied, ...]:
    """Where the field is; nothing when it is alike in every subgraph that has its type."""
    left = [source for source in sources if not source.is_gone]
    having_field = [source.member for source in left]
    is_everywhere = all(member in having_field for member in having_type)
    if same_type and is_everywhere and not any(map(_is_special, left)):
        return ()
    return tuple(_join_field(source, same_type=same_type) for source in left)


def join_input_fields(
    sources: Sequence[tuple[Member, InputValue]], merged: TypeRef, *, is_everywhere: bool
) -> tuple[Applied, ...]:
    """Where an input's field is, and its types if they differ; nothing when it is all alike."""
    same_type = all(value.type == merged for _, value in sources)
    if same_type and is_everywhere:
        return ()
    return tuple(
        _join("field", member, type=None if same_type else str(value.type))
        for member, value in sources
    )


def _is_extension(member: Member, definition: Definition, key: Applied) -> bool:
    # In federation 1 to extend a type is no more than to add to it.
    is_marked = definition.has("extends")
    return is_marked or (key.on_extension and not member.is_federation_one)


def _is_special(source: FieldSource) -> bool:
    field: Element = source.field
    is_directed = field.has("requires") or field.has("provides")
    is_moved = source.overrides_from is not None or source.overridden is not None
    return source.is_external or is_moved or is_directed or bool(contextual_arguments(source))


def _join_field(source: FieldSource, *, same_type: bool) -> Applied:
    overriding, overridden = source.overriding, source.overridden
    override = overriding or overridden
    return _join(
        "field",
        source.member,
        requires=_fields(source, "requires"),
        provides=_fields(source, "provides"),
        type=None if same_type else str(source.field.type),
        external=_yes(source.is_external),
        override=source.overrides_from,
        usedOverridden=_yes(
            overridden is not None and overridden.is_used and not source.is_external
        ),
        overrideLabel=override.label if override else None,
        contextArguments=contextual_arguments(source) or None,
    )


def _fields(source: FieldSource, directive: str) -> str | None:
    applied = next(source.field.applied(directive), None)
    return field_set_text(applied.arguments.get("fields")) if applied is not None else None


def _yes(value: bool) -> bool | None:
    return True if value else None


def _join(name: str, subgraph: Member, /, **arguments: Literal) -> Applied:
    given = {key: value for key, value in arguments.items() if value is not None}
    return Applied(f"join__{name}", {"graph": EnumLiteral(subgraph.identifier), **given})
