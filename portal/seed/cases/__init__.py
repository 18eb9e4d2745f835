"""The demonstration data of cases: every state of a case, its conversation, files and history."""

from portal.seed.cases.loading import load

__all__ = ["load"]
