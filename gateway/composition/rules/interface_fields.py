"""An object type has the fields that its interfaces have in other subgraphs."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.merging.merged import Merged


def check_interface_fields(merged: Merged) -> Iterator[CompositionError]:
    """INTERFACE_FIELD_NO_IMPLEM."""
    for type in merged.schema.composites():
        for name in type.interfaces:
            interface = merged.schema.composite(name)
            for field in interface.fields if interface is not None else ():
                if field not in type.fields:
                    yield merged.error(
                        Code.INTERFACE_FIELD_NO_IMPLEM,
                        f"{type.name} implements {name}, but no subgraph gives it {field}.",
                        f"{type.name}",
                    )
