"""The demonstration data of billing."""

from portal.seed.billing.loading import load

__all__ = ["load"]
