"""File names as people give them, made safe to show and to save.

The bytes never meet a file system under this name: it is shown, and offered when the file is
saved. What a name cannot be on any system that saves it is replaced, not refused.
"""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LONGEST: Final = 255
_UNNAMED: Final = "file"

#: Characters that mean something to a file system or a header, or that cannot be seen: controls,
#: and those that turn the direction of writing so that `exe.pdf` reads as `fdp.exe`.
_UNSAFE: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]'
)
#: Devices of Windows, with whatever ending.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_name(given: str) -> str:
    """The last part of a path, in normal form C, at most 255 bytes of UTF-8, never empty."""
    text = unicodedata.normalize("NFC", given.encode(errors="replace").decode())
    name = re.split(r"[/\\]", text)[-1]
    name = _UNSAFE.sub("_", name).strip().rstrip(". ")
    name = re.sub(r"^[-.]+", lambda found: "_" * len(found[0]), name)
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    return _shortened(name) if name.strip("_") else _UNNAMED


def _shortened(name: str) -> str:
    """With its ending kept, as far as that is one."""
    if len(name.encode()) <= _LONGEST:
        return name
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > 32:
        ending = ""
    room = _LONGEST - len(ending.encode())
    stem = name.removesuffix(ending).encode()[:room].decode(errors="ignore")
    return stem.rstrip(". ") + ending
