"""What composes, but leaves something of a subgraph behind."""

from collections.abc import Iterator

from gateway.composition.contexts import is_contextual
from gateway.composition.errors import Hint
from gateway.composition.member import Member
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.model import (
    Definition,
    EnumType,
    Field,
    InputType,
    InterfaceType,
    ObjectType,
)


def give_hints(merged: Merged) -> Iterator[Hint]:
    """For every part of a subgraph that clients will not find, and for idle overrides."""
    for member in merged.federation.members:
        for definition in member.schema.types.values():
            yield from _left_behind(merged, member, definition)
        for name in sorted(member.executable_directives - merged.schema.directives.keys()):
            yield Hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
                f'@{name} of "{member.name}" is not in every subgraph: clients cannot use it.',
                f"@{name}",
            )
        yield from _idle_overrides(merged, member)


def _left_behind(merged: Merged, member: Member, own: Definition) -> Iterator[Hint]:
    match own, merged.schema.types.get(own.name):
        case InputType(), InputType(fields=fields):
            for name in sorted(own.fields.keys() - fields.keys()):
                yield _lost("INCONSISTENT_INPUT_OBJECT_FIELD", member, f"{own.name}.{name}")
        case EnumType(), EnumType(values=values):
            for name in sorted(own.values.keys() - values.keys()):
                yield _lost("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", member, f"{own.name}.{name}")
        case ObjectType() | InterfaceType(), ObjectType(fields=kept) | InterfaceType(fields=kept):
            for field in own.fields.values():
                contextual = _contextual(merged, own.name, field.name)
                yield from _arguments(member, own.name, field, kept[field.name], contextual)
        case _:
            return


def _contextual(merged: Merged, type_name: str, field: str) -> frozenset[str]:
    """The arguments that the gateway gives in some subgraph."""
    return frozenset(
        argument.name
        for source in merged.federation.field_sources(type_name, field)
        for argument in source.field.arguments.values()
        if is_contextual(argument)
    )


def _arguments(
    member: Member, type_name: str, own: Field, merged: Field, contextual: frozenset[str]
) -> Iterator[Hint]:
    for name, argument in own.arguments.items():
        coordinate = f"{type_name}.{own.name}({name}:)"
        if name in contextual:
            if not is_contextual(argument):
                yield Hint(
                    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
                    f"{coordinate} comes from a context in some subgraphs, and nobody gives it in "
                    f'"{member.name}".',
                    coordinate,
                )
        elif name not in merged.arguments:
            yield _lost("INCONSISTENT_ARGUMENT_PRESENCE", member, coordinate)
        elif argument.default is not None and merged.arguments[name].default is None:
            yield Hint(
                "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
                f'The default of {coordinate} in "{member.name}" is not in every subgraph, '
                "so there is none.",
                coordinate,
            )


def _lost(code: str, member: Member, coordinate: str) -> Hint:
    message = f'{coordinate} of "{member.name}" is not in every subgraph: clients cannot send it.'
    return Hint(code, message, coordinate)


def _idle_overrides(merged: Merged, member: Member) -> Iterator[Hint]:
    names = {other.name for other in merged.federation.members}
    for type in member.schema.composites():
        for field in type.fields.values():
            for applied in field.applied("override"):
                if applied.text("from") not in names:
                    yield Hint(
                        "FROM_SUBGRAPH_DOES_NOT_EXIST",
                        f'"{member.name}" takes {type.name}.{field.name} over from '
                        f'"{applied.text("from")}", which is no subgraph.',
                        f"{type.name}.{field.name}",
                    )
