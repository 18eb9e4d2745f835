"""The document that a request names, in the ways that clients do it.

`documentId` is the parameter of GraphQL over HTTP's appendix on persisted documents, `doc_id`
Relay's, and the extension `persistedQuery` that of automatic persisted queries.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import BadDocumentId

#: What `lift` moves into the extensions, where every transport has room for it.
_PARAMETER: Final = "documentId"
_ALIASES: Final = (_PARAMETER, "doc_id")
_LONGEST: Final = 256
_PREFIX: Final = "sha256:"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def lift(request: dict[str, Any]) -> None:
    """Move the id of an operation's JSON object to its extensions, where `named` looks."""
    for alias in _ALIASES:
        id = request.pop(alias, None)
        extensions = request.get("extensions")
        if id is not None and isinstance(extensions, dict | None):
            request["extensions"] = {**(extensions or {}), _PARAMETER: id}


def named(extensions: Mapping[str, Any] | None) -> str | None:
    """The id of the document, without a prefix; None when the request names none.

    Raises `BadDocumentId`.
    """
    given = dict(extensions or {})
    ids = [given[_PARAMETER]] if given.get(_PARAMETER) is not None else []
    if (automatic := given.get("persistedQuery")) is not None:
        ids.append(_automatic(automatic))
    if not ids:
        return None
    plain = {_plain(id) for id in ids}
    if len(plain) > 1:
        raise BadDocumentId("The request names two documents.")
    return plain.pop()


def is_hash(id: str) -> bool:
    """Whether it can be the hash of a document."""
    return _SHA256.fullmatch(id) is not None


def hash_of(text: str) -> str:
    """SHA-256 of the document in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _automatic(extension: Any) -> Any:
    if not isinstance(extension, dict) or extension.get("version") != 1:
        raise BadDocumentId("`persistedQuery` needs version 1.")
    id = extension.get("sha256Hash")
    if not isinstance(id, str) or not is_hash(id.lower()):
        raise BadDocumentId("`sha256Hash` is 64 hexadecimal digits.")
    return id.lower()


def _plain(id: Any) -> str:
    if not isinstance(id, str) or not 1 <= len(id) <= _LONGEST:
        raise BadDocumentId(f"The id of a document is 1 to {_LONGEST} characters.")
    return id.removeprefix(_PREFIX)
