"""The demonstration data of licensing."""

from portal.seed.licensing.loading import load

__all__ = ["load"]
