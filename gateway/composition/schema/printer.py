"""A schema as a document."""

from collections.abc import Iterable, Iterator, Mapping

from graphql.language.block_string import print_block_string

from gateway.composition.schema.literal import write_literal
from gateway.composition.schema.model import (
    Applied,
    Definition,
    DirectiveDefinition,
    Element,
    EnumType,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    UnionType,
)

_ROOTS = (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))


def print_schema(schema: Schema) -> str:
    """The whole schema: its directives, then its types, each in alphabetical order."""
    parts = [_schema(schema)]
    parts += [_directive(schema.directives[name]) for name in sorted(schema.directives)]
    parts += [_definition(schema.types[name]) for name in sorted(schema.types)]
    return "\n\n".join(parts) + "\n"


def _schema(schema: Schema) -> str:
    head = f"{print_block_string(schema.description)}\n" if schema.description else ""
    links = "".join(f"\n  {_applied(directive)}" for directive in schema.applied)
    roots = "".join(f"  {kind}: {name}\n" for kind, name in _ROOTS if name in schema.types)
    return f"{head}schema{links}\n{{\n{roots}}}"


def _directive(definition: DirectiveDefinition) -> str:
    repeatable = " repeatable" if definition.is_repeatable else ""
    arguments = _arguments(definition.arguments, "")
    return (
        f"{_description(definition, '')}directive @{definition.name}{arguments}{repeatable}"
        f" on {' | '.join(definition.locations)}"
    )


def _definition(definition: Definition) -> str:
    head = _description(definition, "")
    name = definition.name
    match definition:
        case ScalarType():
            return f"{head}scalar {name}{_directives(definition)}"
        case ObjectType():
            return f"{head}type {_fielded(definition)}"
        case InterfaceType():
            return f"{head}interface {_fielded(definition)}"
        case UnionType(members=members):
            return f"{head}union {name}{_type_directives(definition)}= {' | '.join(members)}"
        case EnumType(values=values):
            body = _block(_value(value) for value in values.values())
            return f"{head}enum {name}{_type_directives(definition)}{body}"
        case InputType(fields=fields):
            body = _block(_described(field, _input_value(field)) for field in fields.values())
            return f"{head}input {name}{_type_directives(definition)}{body}"


def _fielded(type: ObjectType | InterfaceType) -> str:
    implements = f" implements {' & '.join(type.interfaces)}" if type.interfaces else ""
    body = _block(_field(field) for field in type.fields.values())
    return f"{type.name}{implements}{_type_directives(type)}{body}"


def _field(field: Field) -> str:
    arguments = _arguments(field.arguments, "  ")
    return _described(field, f"{field.name}{arguments}: {field.type}{_directives(field)}")


def _value(value: Element) -> str:
    return _described(value, f"{value.name}{_directives(value)}")


def _arguments(arguments: Mapping[str, InputValue], indent: str) -> str:
    if not arguments:
        return ""
    if all(argument.description is None for argument in arguments.values()):
        return f"({', '.join(map(_input_value, arguments.values()))})"
    inner = f"{indent}  "
    lines = (
        f"{_description(argument, inner)}{inner}{_input_value(argument)}\n"
        for argument in arguments.values()
    )
    return f"(\n{''.join(lines)}{indent})"


def _input_value(value: InputValue) -> str:
    default = f" = {write_literal(value.default.value)}" if value.default is not None else ""
    return f"{value.name}: {value.type}{default}{_directives(value)}"


def _block(lines: Iterable[str]) -> str:
    return "{\n" + "".join(f"{line}\n" for line in lines) + "}"


def _described(element: Element, text: str) -> str:
    return f"{_description(element, '  ')}  {text}"


def _description(element: Element, indent: str) -> str:
    if element.description is None:
        return ""
    block = print_block_string(element.description)
    return "".join(f"{indent}{line}\n" if line else "\n" for line in block.split("\n"))


def _type_directives(element: Element) -> str:
    lines = "".join(f"\n  {text}" for text in _each_directive(element))
    return f"{lines}\n" if lines else " "


def _directives(element: Element) -> str:
    return "".join(f" {text}" for text in _each_directive(element))


def _each_directive(element: Element) -> Iterator[str]:
    return (_applied(directive) for directive in (*element.directives, *element.custom))


def _applied(directive: Applied) -> str:
    arguments = (f"{name}: {write_literal(value)}" for name, value in directive.arguments.items())
    inside = ", ".join(arguments)
    return f"@{directive.name}({inside})" if inside else f"@{directive.name}"
