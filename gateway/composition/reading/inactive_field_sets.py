"""What a federation 1 field requires or provides though its own subgraph resolves it.

Federation 1 let that stand, and it did nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphql import FieldNode, InlineFragmentNode, SelectionNode, SelectionSetNode, print_ast

from gateway.composition.member import Member, selections_of
from gateway.composition.schema.model import Applied, Definition, Field, InterfaceType, ObjectType
from gateway.composition.schema.type_ref import named_type


def active(member: Member) -> Member:
    """The member with only what its `@requires` and `@provides` name of others."""
    types = {name: _active_type(member, type) for name, type in member.schema.types.items()}
    return replace(member, schema=replace(member.schema, types=types))


def _active_type(member: Member, type: Definition) -> Definition:
    if not isinstance(type, ObjectType | InterfaceType):
        return type
    fields = {
        name: replace(field, directives=tuple(_active_directives(member, type.name, field)))
        for name, field in type.fields.items()
    }
    return replace(type, fields=fields)


def _active_directives(member: Member, type_name: str, field: Field) -> Iterator[Applied]:
    for applied in field.directives:
        match applied.name:
            case "requires":
                yield from _active_part(member, type_name, applied)
            case "provides":
                returned = named_type(field.type)
                if member.schema.possible_types(returned):
                    yield from _active_part(member, returned, applied)
            case _:
                yield applied


def _active_part(member: Member, type_name: str, applied: Applied) -> Iterator[Applied]:
    """An invalid selection stays, to be refused."""
    selections = next(selections_of(applied), None)
    if selections is None or not _is_known(member, type_name, selections):
        yield applied
        return
    kept = _external_part(member, type_name, selections)
    if kept == selections:
        yield applied
    elif kept.selections:
        text = " ".join(print_ast(selection) for selection in kept.selections)
        yield replace(applied, arguments={**applied.arguments, "fields": " ".join(text.split())})


def _is_known(member: Member, type_name: str, selections: SelectionSetNode) -> bool:
    """Whether every field that is selected exists."""
    return all(
        _is_known(member, inner_type, inner) if inner is not None else inner_type != ""
        for inner_type, inner in _inner(member, type_name, selections.selections)
    )


def _inner(
    member: Member, type_name: str, selections: Iterable[SelectionNode]
) -> Iterator[tuple[str, SelectionSetNode | None]]:
    """Each selection's type and what is selected of it; "" for a field that is not there."""
    for selection in selections:
        match selection:
            case FieldNode(name=name, selection_set=inner):
                composite = member.schema.composite(type_name)
                field = composite.fields.get(name.value) if composite is not None else None
                yield named_type(field.type) if field is not None else "", inner
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                yield condition.name.value if condition is not None else type_name, inner
            case _:
                yield "", None


def _external_part(
    member: Member, type_name: str, selections: SelectionSetNode
) -> SelectionSetNode:
    kept: list[SelectionNode] = []
    for selection in selections.selections:
        if isinstance(selection, FieldNode) and _is_external(member, type_name, selection):
            kept.append(selection)
            continue
        [(inner_type, inner)] = _inner(member, type_name, [selection])
        if inner is not None:
            part = _external_part(member, inner_type, inner)
            if part.selections:
                kept.append(_with_selections(selection, part))
    return SelectionSetNode(selections=tuple(kept))


def _with_selections(selection: SelectionNode, inner: SelectionSetNode) -> SelectionNode:
    parts = {key: getattr(selection, key) for key in selection.keys}
    return type(selection)(**parts | {"selection_set": inner})


def _is_external(member: Member, type_name: str, field: FieldNode) -> bool:
    """An interface's field is external where an implementer's is."""
    for name in (type_name, *member.schema.possible_types(type_name)):
        composite = member.schema.composite(name)
        own = composite.fields.get(field.name.value) if composite is not None else None
        if own is not None and own.has("external"):
            return True
    return False
