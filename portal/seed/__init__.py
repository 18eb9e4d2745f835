"""Demonstration data: one made-up world, the same every time, in the four services' databases."""

from portal.seed.loading import load
from portal.seed.scale import Scale

__all__ = ["Scale", "load"]
