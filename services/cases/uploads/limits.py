"""How much may be uploaded, and for how long the rest is waited for."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """`size` in bytes of one file; `open` uploads of one person at the same time; `patience` is
    how long an upload lives after its last byte."""

    size: int
    open: int
    patience: timedelta
