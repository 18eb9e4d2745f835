"""What a field costs is said where it is resolved, and of lists that are there."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.literal import texts
from gateway.composition.schema.model import Applied, Field, InterfaceType
from gateway.composition.schema.type_ref import ListOf, NonNull, TypeRef, named_type

_SIZES = ("Int", "Int!")


def check_costs(member: Member) -> Iterator[CompositionError]:
    """COST_APPLIED_TO_INTERFACE_FIELD, LIST_SIZE_APPLIED_TO_NON_LIST,
    LIST_SIZE_INVALID_ASSUMED_SIZE, LIST_SIZE_INVALID_SLICING_ARGUMENT,
    LIST_SIZE_INVALID_SIZED_FIELD.
    """
    for type in member.schema.composites():
        if type.has("interfaceObject"):
            for applied in type.applied("cost"):
                yield _of_interface(member, type.name, applied)
        for field in type.fields.values():
            coordinate = f"{type.name}.{field.name}"
            for applied in field.applied("cost"):
                if isinstance(type, InterfaceType):
                    yield _of_interface(member, coordinate, applied)
            for applied in field.applied("listSize"):
                for code, reason in _size_faults(member, field, applied):
                    message = f"@listSize on {coordinate}: {reason}."
                    yield member.error(code, message, coordinate, applied.line)


def _of_interface(member: Member, coordinate: str, applied: Applied) -> CompositionError:
    return member.error(
        Code.COST_APPLIED_TO_INTERFACE_FIELD,
        f"@cost on {coordinate} belongs on the interface's object types.",
        coordinate,
        applied.line,
    )


def _size_faults(member: Member, field: Field, applied: Applied) -> Iterator[tuple[Code, str]]:
    sized = texts(applied.arguments.get("sizedFields"))
    if not sized and not _is_list(field.type):
        yield Code.LIST_SIZE_APPLIED_TO_NON_LIST, f"{field.type} is no list"
    size = applied.arguments.get("assumedSize")
    if isinstance(size, int) and size < 0:
        yield Code.LIST_SIZE_INVALID_ASSUMED_SIZE, f"a list has no {size} items"
    for name in texts(applied.arguments.get("slicingArguments")):
        argument = field.arguments.get(name)
        if argument is None:
            yield Code.LIST_SIZE_INVALID_SLICING_ARGUMENT, f"there is no argument {name}"
        elif str(argument.type) not in _SIZES:
            reason = f"{name} is of the type {argument.type} and cannot be a size"
            yield Code.LIST_SIZE_INVALID_SLICING_ARGUMENT, reason
    for name in sized:
        yield from _sized_field_faults(member, field, name)


def _sized_field_faults(member: Member, field: Field, name: str) -> Iterator[tuple[Code, str]]:
    returned = named_type(field.type)
    type = member.schema.composite(returned)
    sized = type.fields.get(name) if type is not None else None
    if sized is None:
        yield Code.LIST_SIZE_INVALID_SIZED_FIELD, f"{returned} has no field {name}"
    elif not _is_list(sized.type):
        yield Code.LIST_SIZE_APPLIED_TO_NON_LIST, f"{returned}.{name} is no list"


def _is_list(type: TypeRef) -> bool:
    return isinstance(type.of if isinstance(type, NonNull) else type, ListOf)
