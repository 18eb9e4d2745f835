from typing import Any

import pytest

from gateway.errors import BadDocumentId
from gateway.persisted.names import hash_of, lift, named

HASH = hash_of("{ me { id } }")


@pytest.mark.parametrize(
    "request_",
    [
        {"documentId": HASH},
        {"documentId": f"sha256:{HASH}"},
        {"doc_id": HASH},
        {"documentId": HASH, "extensions": None},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH.upper()}}},
        {"documentId": HASH, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}},
    ],
)
def test_a_document_is_named_in_every_way_that_clients_use(request_: dict[str, Any]) -> None:
    lift(request_)

    assert named(request_["extensions"]) == HASH


def test_a_request_that_names_none_keeps_its_extensions() -> None:
    request = {"query": "{ me { id } }", "extensions": {"trace": True}}

    lift(request)

    assert request == {"query": "{ me { id } }", "extensions": {"trace": True}}
    assert named(request["extensions"]) is None  # type: ignore[arg-type]


def test_ids_need_not_be_hashes() -> None:
    assert named({"documentId": "spa/home/3"}) == "spa/home/3"


@pytest.mark.parametrize(
    "extensions",
    [
        {"documentId": ""},
        {"documentId": "x" * 257},
        {"documentId": 7},
        {"persistedQuery": {"sha256Hash": HASH}},
        {"persistedQuery": {"version": 2, "sha256Hash": HASH}},
        {"persistedQuery": {"version": 1, "sha256Hash": "abc"}},
        {"persistedQuery": {"version": 1}},
        {"persistedQuery": HASH},
        {"documentId": "other", "persistedQuery": {"version": 1, "sha256Hash": HASH}},
    ],
)
def test_what_cannot_name_a_document_is_refused(extensions: dict[str, Any]) -> None:
    with pytest.raises(BadDocumentId):
        named(extensions)
