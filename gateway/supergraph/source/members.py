"""Which subgraphs to compose: from the command line, or from a TOML or JSON file.

[subgraphs.products]
url = "http://127.0.0.1:4001/graphql"
schema = "products.graphql"     # optional; beside this file

[subgraphs]
reviews = "http://127.0.0.1:4002/graphql"
"""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yarl import URL

from gateway.errors import InvalidSupergraph


@dataclass(frozen=True, slots=True)
class Member:
    """One subgraph. Its schema is in a file, or it is asked for it."""

    name: str
    url: str
    schema: Path | None = None


class InvalidMember(InvalidSupergraph):
    """What should name a subgraph does not."""

    code = "INVALID_SUBGRAPH"


def parse_member(text: str) -> Member:
    """`name=URL`. Raises `InvalidMember`."""
    name, separator, url = text.partition("=")
    if not separator:
        raise InvalidMember(f"{text!r} is not name=URL.")
    return _member(name.strip(), url.strip())


def check_names(members: Iterable[Member]) -> tuple[Member, ...]:
    """At least one, each of another name. Raises `InvalidMember`."""
    checked = tuple(members)
    names = [member.name for member in checked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidMember(f"Named more than once: {', '.join(twice)}.")
    if not names:
        raise InvalidMember("There are no subgraphs.")
    return checked


def read_members(path: Path) -> tuple[Member, ...]:
    """The subgraphs that a file names. Raises `InvalidMember`, `OSError`."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:  # every syntax error of both formats, and of UTF-8
        raise InvalidMember(f"{path}: {error}") from error
    named = document.get("subgraphs") if isinstance(document, dict) else None
    if not isinstance(named, dict):
        raise InvalidMember(f"{path}: there is no table `subgraphs`.")
    try:
        return check_names(_entry(name, entry, path.parent) for name, entry in named.items())
    except InvalidMember as error:
        raise InvalidMember(f"{path}: {error}") from error


def _entry(name: str, entry: Any, folder: Path) -> Member:
    match entry:
        case str():
            return _member(name, entry)
        case {"url": str(url), "schema": str(schema), **rest} if not rest:
            return _member(name, url, folder / schema)
        case {"url": str(url), **rest} if not rest:
            return _member(name, url)
        case _:
            raise InvalidMember(f"{name!r} is neither an address nor {{url, schema}}.")


def _member(name: str, address: str, schema: Path | None = None) -> Member:
    try:
        url = URL(address)
    except ValueError as error:
        raise InvalidMember(f"The address of {name!r} is none: {error}") from error
    if not name or url.scheme not in ("http", "https") or not url.host:
        raise InvalidMember(f"{name!r} needs a name and an http(s) address, not {address!r}.")
    return Member(name, address, schema)
