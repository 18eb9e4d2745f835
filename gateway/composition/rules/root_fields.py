"""Every way into the graph says who may take it."""

from collections.abc import Callable, Collection, Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.model import Element
from gateway.composition.specifications import DEMANDS

_ROOTS = ("Query", "Mutation", "Subscription")


def root_field_rule(
    public: Collection[str],
) -> Callable[[Merged], Iterator[CompositionError]]:
    """The rule for these public fields, coordinates like "Query.me": ROOT_FIELD_WITHOUT_RULE."""

    def check_root_fields(merged: Merged) -> Iterator[CompositionError]:
        for root in _ROOTS:
            type = merged.schema.composite(root)
            if type is None or _is_guarded(type):
                continue
            for field in type.fields.values():
                coordinate = f"{root}.{field.name}"
                if coordinate not in public and not _is_guarded(field):
                    yield merged.error(
                        Code.ROOT_FIELD_WITHOUT_RULE,
                        f"{coordinate} is open to everybody and is not listed as public: "
                        "it needs @authenticated, @requiresScopes or @policy.",
                        coordinate,
                    )

    return check_root_fields


def _is_guarded(element: Element) -> bool:
    return any(element.has(demand) for demand in DEMANDS)
