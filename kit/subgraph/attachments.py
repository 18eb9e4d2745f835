"""What a file is called where it is saved (RFC 6266, RFC 8187): by people, so anything may come."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

#: What some file system keeps for itself; `/` and `\` above all.
_RESERVED: Final = re.compile(r'[<>:"/\\|?*]')
#: Devices of Windows, whatever their ending.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
#: Control characters, and invisible ones: some turn the name around, so that it ends otherwise.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Of the characters of a quoted name, those that clients read differently.
_AMBIGUOUS: Final = re.compile(r"[^ -~]|[%;]")

#: Bytes in UTF-8, of the whole name and of its ending.
_LONGEST: Final = 200
_LONGEST_ENDING: Final = 20
_NAMELESS: Final = "file"


def attachment(name: str) -> str:
    """The `Content-Disposition` under which a file is saved and never shown."""
    name = safe_name(name)
    plain = _AMBIGUOUS.sub("_", _without_accents(name))
    if plain == name:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe_name(name: str) -> str:
    """The name as every file system takes it: no path, nothing invisible, not too long."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(each for each in name if unicodedata.category(each) not in _INVISIBLE)
    name = _RESERVED.sub("_", name).strip(" .")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name) or _NAMELESS


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    left = _LONGEST - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:left].decode(errors='ignore').rstrip()}{dot}{ending}"


def _without_accents(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
