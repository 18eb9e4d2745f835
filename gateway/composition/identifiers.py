"""Names of the supergraph's `join__Graph` values."""

import re
from collections.abc import Iterable


def graph_identifiers(names: Iterable[str]) -> dict[str, str]:
    """A different enum value for each subgraph's name."""
    identifiers: dict[str, str] = {}
    for name in names:
        wanted = _identifier(name)
        taken = set(identifiers.values())
        candidates = (f"{wanted}_{number}" for number in range(1, len(taken) + 1))
        free = wanted if wanted not in taken else next(c for c in candidates if c not in taken)
        identifiers[name] = free
    return identifiers


def _identifier(name: str) -> str:
    upper = re.sub(r"[^A-Za-z0-9_]", "_", name).upper()
    # Names in two underscores are GraphQL's own; a number at the end tells equal names apart.
    upper = re.sub(r"^_+", "_", upper)
    if upper[:1].isdigit():
        upper = f"_{upper}"
    return f"{upper}_" if re.search(r"_\d+$", upper) else upper
