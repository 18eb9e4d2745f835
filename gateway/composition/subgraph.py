"""A service's schema as composition is given it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subgraph:
    """`name` is what `@override` and people call it; `url` is where the gateway finds it."""

    name: str
    url: str
    sdl: str
