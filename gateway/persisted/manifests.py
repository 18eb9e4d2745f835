"""Manifests of trusted documents, as the clients' build tools write them.

Apollo's (`apollo-persisted-query-manifest`, version 1) lists operations with `id` and `body`;
Relay's, like the plain form, is one object of texts by id.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from gateway.errors import InvalidManifest

_APOLLO: Final = "apollo-persisted-query-manifest"
_LARGEST: Final = 64 * 1024 * 1024


def read_manifests(paths: tuple[Path, ...]) -> dict[str, str]:
    """The documents of all files by id. Raises `InvalidManifest`.

    The same id may stand in several files, for the same text.
    """
    found: dict[str, str] = {}
    for path in paths:
        for id, text in _documents(_content(path), path):
            if found.setdefault(id, text) != text:
                raise InvalidManifest(path.name, f"the id {id!r} stands for two documents")
    return found


def _content(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST:
            raise InvalidManifest(path.name, f"it has more than {_LARGEST} bytes")
        return orjson.loads(path.read_bytes())
    except OSError as error:
        raise InvalidManifest(path.name, error.strerror or type(error).__name__) from error
    except orjson.JSONDecodeError as error:
        raise InvalidManifest(path.name, "it is not JSON") from error


def _documents(content: Any, path: Path) -> Iterator[tuple[str, str]]:
    entries = _apollo(content, path) if _is_apollo(content) else _plain(content, path)
    for id, text in entries:
        if not isinstance(id, str) or not isinstance(text, str) or not id or not text:
            raise InvalidManifest(path.name, "an id or a document is no text, or is empty")
        yield id.removeprefix("sha256:"), text


def _is_apollo(content: Any) -> bool:
    return isinstance(content, Mapping) and content.get("format") == _APOLLO


def _apollo(content: Mapping[str, Any], path: Path) -> Iterator[tuple[Any, Any]]:
    operations = content.get("operations")
    if content.get("version") != 1 or not isinstance(operations, list):
        raise InvalidManifest(path.name, "it is not version 1, or lists no operations")
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise InvalidManifest(path.name, "an operation is no object")
        yield operation.get("id"), operation.get("body")


def _plain(content: Any, path: Path) -> Iterator[tuple[Any, Any]]:
    if not isinstance(content, Mapping):
        raise InvalidManifest(path.name, "it is no object of documents by id")
    yield from content.items()
