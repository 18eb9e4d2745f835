"""Places and the ways into them."""

from dataclasses import dataclass

from gateway.operation.model import Selection


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a type, as one subgraph answers it.

    `provided` are the @external fields that may be asked for here all the same (@provides).
    A value cannot be of a `foreign` type, though the subgraph could give one: others that answer
    the same field (@shareable) could not.
    """

    subgraph: str
    type: str
    provided: tuple[Selection, ...] = ()
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into a subgraph: by an entity key, or without one through a root type.

    `type` is what is entered: the entity's own type, or an interface that stands for it
    (@interfaceObject), whose name is then sent as `typename`.
    """

    subgraph: str
    type: str
    key: tuple[Selection, ...]
    typename: str | None = None
