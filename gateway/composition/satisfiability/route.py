"""A way through the supergraph as clients see it, from a root field down."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.composition.schema.model import EnumType, Field, InputType, InputValue, Schema
from gateway.composition.schema.type_ref import ListOf, Named, NonNull, TypeRef


@dataclass(frozen=True, slots=True)
class Route:
    """One step, after those of `before`: a field, or a fragment on an object type.

    `type` is the type that the step is taken from; a fragment has no `field`.
    """

    type: str
    before: "Route | None" = None
    field: Field | None = None
    fragment: str | None = None

    @property
    def steps(self) -> list["Route"]:
        """From the root field on."""
        steps: list[Route] = []
        step: Route | None = self
        while step is not None:
            steps.append(step)
            step = step.before
        return steps[::-1]


def example(schema: Schema, route: Route, *, is_open: bool) -> str:
    """An operation that takes the route; when it `is_open`, it goes on below it somehow."""
    steps = route.steps
    keyword = steps[0].type.lower()
    lines = ["{" if keyword == "query" else f"{keyword} {{"]
    for depth, step in enumerate(steps, 1):
        ends = depth == len(steps) and not is_open
        lines.append(f"{'  ' * depth}{_head(schema, step)}{'' if ends else ' {'}")
    depth = len(steps)
    if is_open:
        lines += [f"{'  ' * (depth + 1)}...", f"{'  ' * depth}}}"]
    lines += [f"{'  ' * (level)}}}" for level in range(depth - 1, -1, -1)]
    return "\n".join(lines)


def _head(schema: Schema, step: Route) -> str:
    if step.field is None:
        return f"... on {step.fragment}"
    arguments = ", ".join(_arguments(schema, step.field))
    return f"{step.field.name}({arguments})" if arguments else step.field.name


def _arguments(schema: Schema, field: Field) -> Iterator[str]:
    """Only those that must be given."""
    for argument in field.arguments.values():
        if _is_required(argument):
            yield f"{argument.name}: {_value(schema, argument.type)}"


def _is_required(value: InputValue) -> bool:
    return isinstance(value.type, NonNull) and value.default is None


def _value(schema: Schema, type: TypeRef) -> str:
    """Some value that the type accepts."""
    match type:
        case NonNull(of):
            return _value(schema, of)
        case ListOf():
            return "[]"
        case Named(name):
            return _named_value(schema, name)


def _named_value(schema: Schema, name: str) -> str:
    match schema.types.get(name):
        case EnumType(values=values):
            return next(iter(values))
        case InputType(fields=fields):
            # A type that required itself could have no value, so this ends.
            inner = (
                f"{field.name}: {_value(schema, field.type)}"
                for field in fields.values()
                if _is_required(field)
            )
            return f"{{{', '.join(inner)}}}"
        case _:
            return _SCALARS.get(name, '"A string value"')


_SCALARS = {"Int": "0", "Float": "3.14", "Boolean": "true", "ID": '"<any id>"'}
