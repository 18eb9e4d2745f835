"""What a program calls itself, told in words of ours: what strangers send is not to be mailed."""

from collections.abc import Sequence
from typing import Final

#: The first that is found: programs name their ancestors as well.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def program_of(user_agent: str | None) -> str | None:
    """Such as `Firefox, Linux`; None when nothing of it is known."""
    text = user_agent or ""
    found = [name for name in (_first(_BROWSERS, text), _first(_SYSTEMS, text)) if name]
    return ", ".join(found) or None


def _first(names: Sequence[tuple[str, str]], text: str) -> str | None:
    return next((name for mark, name in names if mark in text), None)
