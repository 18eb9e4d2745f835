"""What a subgraph says of caching its answers: kept as its own word, by join/v0.4."""

from collections.abc import Sequence
from typing import Final

from gateway.composition.member import Member
from gateway.composition.schema.literal import EnumLiteral
from gateway.composition.schema.model import Applied, Element

_NAME: Final = "cacheTag"


def merge_cache_tags(sources: Sequence[tuple[Member, Element]]) -> tuple[Applied, ...]:
    """One `@join__directive` for each format, with the subgraphs that give it."""
    graphs: dict[str, list[EnumLiteral]] = {}
    for member, element in sources:
        for format in {applied.text("format") or "": None for applied in element.applied(_NAME)}:
            graphs.setdefault(format, []).append(EnumLiteral(member.identifier))
    return tuple(
        Applied(
            "join__directive",
            {"graphs": tuple(of), "name": f"federation__{_NAME}", "args": {"format": format}},
        )
        for format, of in graphs.items()
    )
