"""What the supergraph calls the directives of specifications: as the subgraphs call them."""

from collections.abc import Iterable, Mapping
from typing import Final

from gateway.composition.member import Member
from gateway.composition.schema.walk import all_applied
from gateway.composition.specifications import SPECIFICATIONS

#: The specification of each directive that may stand in a supergraph.
SPECIFICATION_OF: Final[Mapping[str, str]] = {
    directive: name
    for name, specification in SPECIFICATIONS.items()
    if name not in ("federation", "link")
    for directive in specification.directives
}
#: A cache's tag stands in the supergraph as the subgraph's word; of what fills an argument from a
#: context only the result does.
_NAMED: Final = SPECIFICATION_OF.keys() - {"fromContext"} | {"cacheTag"}


def local_names(members: Iterable[Member]) -> dict[str, dict[str, Member]]:
    """For each merged directive that is used, its names and the first member that has each."""
    names: dict[str, dict[str, Member]] = {}
    for member in members:
        for applied in all_applied(member.schema):
            if applied.name in _NAMED:
                called = applied.called or applied.name
                names.setdefault(applied.name, {}).setdefault(called, member)
    return names
