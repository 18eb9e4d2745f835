"""A contextual argument names a context that its subgraph sets, on a field that can take it."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.composition.contexts import ContextReference, is_contextual
from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import InvalidFieldSet
from gateway.composition.member import Member
from gateway.composition.rules.context_selections import ContextSelectionCheck
from gateway.composition.schema.model import (
    Applied,
    Field,
    InputValue,
    InterfaceType,
    ObjectType,
)

_NAME: Final = re.compile(r"^[A-Za-z][A-Za-z0-9]*$")


def check_contexts(member: Member) -> Iterator[CompositionError]:
    """CONTEXT_NAME_INVALID, CONTEXT_NOT_SET, NO_CONTEXT_IN_SELECTION, CONTEXT_INVALID_SELECTION,
    CONTEXT_NO_RESOLVABLE_KEY.
    """
    yield from _names(member)
    yield from _of_directives(member)
    for type in member.schema.composites():
        for field in type.fields.values():
            for argument in field.arguments.values():
                for applied in argument.applied("fromContext"):
                    yield from _check(member, type, field, argument, applied)


def _names(member: Member) -> Iterator[CompositionError]:
    for type in member.schema.types.values():
        for applied in type.applied("context"):
            name = applied.text("name") or ""
            if not _NAME.match(name):
                yield member.error(
                    Code.CONTEXT_NAME_INVALID,
                    f'The context "{name}" of {type.name} must have a name of letters and digits.',
                    type.name,
                    applied.line,
                )


def _of_directives(member: Member) -> Iterator[CompositionError]:
    for directive in member.schema.directives.values():
        for argument in directive.arguments.values():
            if is_contextual(argument):
                coordinate = f"@{directive.name}({argument.name}:)"
                yield member.error(
                    Code.CONTEXT_NOT_SET,
                    f"{coordinate} is a directive's argument: no context is above it.",
                    coordinate,
                    argument.line,
                )


def _check(
    member: Member,
    type: ObjectType | InterfaceType,
    field: Field,
    argument: InputValue,
    applied: Applied,
) -> Iterator[CompositionError]:
    coordinate = f"{type.name}.{field.name}({argument.name}:)"
    misplaced = _misplaced(member, type, field, argument)
    faults = [(Code.CONTEXT_NOT_SET, reason) for reason in misplaced]
    if isinstance(type, ObjectType) and not _has_resolvable_key(type):
        reason = f"{type.name} has no resolvable key, by which to ask for {field.name} again"
        faults.append((Code.CONTEXT_NO_RESOLVABLE_KEY, reason))
    faults += _of_reference(member, argument, applied)
    for code, reason in faults:
        message = f"@fromContext on {coordinate}: {reason}."
        yield member.error(code, message, coordinate, applied.line)


def _has_resolvable_key(type: ObjectType) -> bool:
    return any(key.arguments.get("resolvable") is not False for key in type.applied("key"))


def _misplaced(
    member: Member, type: ObjectType | InterfaceType, field: Field, argument: InputValue
) -> Iterator[str]:
    if isinstance(type, InterfaceType):
        yield "an interface's field has no arguments from a context"
    for name in type.interfaces:
        interface = member.schema.composite(name)
        if interface is not None and field.name in interface.fields:
            yield f"{name}, which {type.name} implements, has the field too"
    if argument.default is not None:
        yield "an argument from a context has no default"


def _of_reference(
    member: Member, argument: InputValue, applied: Applied
) -> Iterator[tuple[Code, str]]:
    reference = ContextReference.of(applied)
    if reference is None:
        yield Code.NO_CONTEXT_IN_SELECTION, "it must be like $name { field }"
        return
    setters = member.contexts.get(reference.name, ())
    if not setters:
        yield Code.CONTEXT_NOT_SET, f'nothing in this subgraph sets "{reference.name}"'
        return
    try:
        selections = reference.selections()
    except InvalidFieldSet as error:
        yield Code.CONTEXT_INVALID_SELECTION, f"{reference.selection.strip()}: {error}"
        return
    check = ContextSelectionCheck(member.schema, setters, argument.type)
    for fault in check.faults(selections):
        yield Code.CONTEXT_INVALID_SELECTION, fault
