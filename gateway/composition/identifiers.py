"""Names of the supergraph's `join__Graph` values."""

import re
from collections import Counter
from collections.abc import Sequence


def graph_identifiers(names: Sequence[str]) -> dict[str, str]:
    """A different enum value for each subgraph's name; those that would be equal are numbered."""
    wanted = {name: _identifier(name) for name in names}
    alike = Counter(wanted.values())
    numbers: Counter[str] = Counter()
    identifiers = {}
    for name, identifier in wanted.items():
        numbers[identifier] += 1
        number = f"_{numbers[identifier]}" if alike[identifier] > 1 else ""
        identifiers[name] = identifier + number
    return identifiers


def _identifier(name: str) -> str:
    upper = re.sub(r"[^A-Za-z0-9_]", "_", name).upper()
    # Names in two underscores are GraphQL's own; a number at the end tells equal names apart.
    upper = re.sub(r"^_+", "_", upper)
    if upper[:1].isdigit():
        upper = f"_{upper}"
    return f"{upper}_" if re.search(r"_\d+$", upper) else upper
