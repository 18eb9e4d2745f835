"""What tus 1.0 says in headers."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.subgraph.signed import Refused

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination,concatenation"
ALGORITHMS: Final = ("sha1", "sha256", "sha512")

#: The type of bytes on their way.
CONTENT_TYPE: Final = "application/offset+octet-stream"

_NUMBER: Final = re.compile(r"[0-9]{1,19}")
_LONGEST_METADATA: Final = 8 * 1024
_MOST_PARTIALS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must come to."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class PartialUpload:
    """An upload that will be part of another."""


@dataclass(frozen=True, slots=True)
class FinalUpload:
    """An upload that is made of others, by their URLs, in this order."""

    urls: Sequence[str]


def require_version(headers: Mapping[str, str]) -> None:
    """Raises `Refused`, 412, unless the client speaks this version."""
    if headers.get("tus-resumable") != VERSION:
        raise Refused(412, "UNSUPPORTED_VERSION", f"This speaks tus {VERSION}.")


def require_content_type(headers: Mapping[str, str]) -> None:
    """Raises `Refused`, 415, unless the body is bytes of an upload."""
    if headers.get("content-type") != CONTENT_TYPE:
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", f"The content type is {CONTENT_TYPE}.")


def number(headers: Mapping[str, str], name: str) -> int:
    """A header that is a number of bytes. Raises `Refused`, 400."""
    text = headers.get(name.lower(), "")
    if not _NUMBER.fullmatch(text):
        raise _bad(f"{name} is a number of bytes.")
    return int(text)


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """`Upload-Metadata`: texts by key. Raises `Refused`, 400."""
    text = headers.get("upload-metadata", "")
    if len(text) > _LONGEST_METADATA:
        raise _bad("Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for entry in filter(None, (each.strip() for each in text.split(","))):
        key, _, value = entry.partition(" ")
        if key in found:
            raise _bad("Upload-Metadata names something twice.")
        found[key] = _decoded(value.strip())
    return found


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """`Upload-Checksum`. Raises `Refused`, 400, also for an algorithm that nobody offered."""
    text = headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, encoded = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _bad(f"Checksums are {', '.join(ALGORITHMS)}.")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise _bad("Upload-Checksum is not base 64.") from error
    if len(digest) != hashlib.new(algorithm).digest_size:
        raise _bad("Upload-Checksum has another length than its algorithm.")
    return Checksum(algorithm, digest)


def concatenation(headers: Mapping[str, str]) -> PartialUpload | FinalUpload | None:
    """`Upload-Concat`. Raises `Refused`, 400."""
    text = headers.get("upload-concat")
    if text is None:
        return None
    if text == "partial":
        return PartialUpload()
    kind, _, urls = text.partition(";")
    named = urls.split()
    if kind != "final" or not 1 <= len(named) <= _MOST_PARTIALS:
        raise _bad("Upload-Concat is `partial`, or `final;` and the URLs of the parts.")
    return FinalUpload(tuple(named))


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _bad("Upload-Metadata holds texts in UTF-8 and base 64.") from error


def _bad(message: str) -> Refused:
    return Refused(400, "BAD_UPLOAD", message)
