from pathlib import Path
from typing import Any

import orjson
import pytest

from gateway.errors import InvalidManifest
from gateway.persisted.trusted import TrustedDocuments

HOME = "query Home { me { id } }"
CASES = "query Cases { me { kind } }"


def a_manifest(folder: Path, content: Any, name: str = "manifest.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


def apollo(**bodies: str) -> dict[str, Any]:
    operations = [
        {"id": id, "name": id.title(), "type": "query", "body": body} for id, body in bodies.items()
    ]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}


def test_manifests_of_apollo_relay_and_the_plain_form_are_read(tmp_path: Path) -> None:
    trusted = TrustedDocuments(
        (
            a_manifest(tmp_path, apollo(home=HOME), "apollo.json"),
            a_manifest(tmp_path, {"sha256:5f": CASES, "home": HOME}, "relay.json"),
        )
    )

    trusted.load()

    assert trusted.find("home") == HOME
    assert trusted.find("5f") == CASES
    assert CASES in trusted
    assert trusted.find("cases") is None


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        [],
        {"home": ""},
        {"home": None},
        {"": HOME},
        {"format": "apollo-persisted-query-manifest", "version": 2, "operations": []},
        {"format": "apollo-persisted-query-manifest", "version": 1},
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": ["x"]},
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "x"}]},
    ],
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path: Path, content: Any) -> None:
    trusted = TrustedDocuments((a_manifest(tmp_path, content),))

    with pytest.raises(InvalidManifest, match=r"^manifest\.json: "):
        trusted.load()


def test_an_id_that_stands_for_two_documents_is_refused(tmp_path: Path) -> None:
    first = a_manifest(tmp_path, {"home": HOME}, "first.json")
    second = a_manifest(tmp_path, {"home": CASES}, "second.json")

    with pytest.raises(InvalidManifest, match="two documents"):
        TrustedDocuments((first, second)).load()


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifest, match="No such file"):
        TrustedDocuments((tmp_path / "manifest.json",)).load()


async def test_a_changed_manifest_is_in_use_after_the_next_look(tmp_path: Path) -> None:
    trusted = TrustedDocuments((a_manifest(tmp_path, {"home": HOME}),))
    trusted.load()

    a_manifest(tmp_path, {"cases": CASES, "home": HOME})
    await trusted.look()

    assert trusted.find("cases") == CASES


async def test_a_broken_manifest_changes_nothing_until_it_is_mended(tmp_path: Path) -> None:
    trusted = TrustedDocuments((a_manifest(tmp_path, {"home": HOME}),))
    trusted.load()

    a_manifest(tmp_path, b'{"home": ')
    await trusted.look()
    while_broken = trusted.find("home")
    a_manifest(tmp_path, {"cases": CASES})
    await trusted.look()

    assert while_broken == HOME
    assert trusted.find("home") is None
    assert trusted.find("cases") == CASES
