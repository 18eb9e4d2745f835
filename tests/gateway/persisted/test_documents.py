from pathlib import Path
from typing import Any

import orjson
import pytest

from gateway.authentication.principals import Caller
from gateway.errors import (
    DocumentIdMismatch,
    DocumentMissing,
    DocumentNotFound,
    DocumentNotTrusted,
    RegistrationOff,
)
from gateway.persisted.documents import PersistedDocuments
from gateway.persisted.names import hash_of
from gateway.persisted.registered import RegisteredDocuments
from gateway.persisted.rights import DocumentRights, Registrants
from gateway.persisted.trusted import TrustedDocuments
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.principal import Principal

HOME = "{ me { id } }"
OTHER = "{ me { kind } }"

ADA = Caller(Principal(PrincipalKind.CUSTOMER, new_id()), "encoded")


def the_documents(
    path: Path,
    registrants: Registrants = Registrants.SIGNED_IN,
    *,
    trusted_only: bool = False,
) -> PersistedDocuments:
    manifest = path / "manifest.json"
    manifest.write_bytes(orjson.dumps({"home": HOME}))
    trusted = TrustedDocuments((manifest,))
    trusted.load()
    registered = RegisteredDocuments(None, size=10, longest=1_000, lifetime=60)
    rights = DocumentRights(registrants, trusted_only=trusted_only)
    return PersistedDocuments(trusted, registered, rights)


def by_hash(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}


async def test_a_document_sent_once_with_its_hash_runs_by_the_hash_from_then_on(
    tmp_path: Path,
) -> None:
    documents = the_documents(tmp_path)

    with pytest.raises(DocumentNotFound, match=r"^PersistedQueryNotFound$"):
        await documents.text(None, by_hash(OTHER), ADA)
    sent = await documents.text(OTHER, by_hash(OTHER), ADA)
    named = await documents.text(None, by_hash(OTHER), None)

    assert sent == named == OTHER


async def test_a_document_under_another_ones_hash_is_refused_and_not_kept(tmp_path: Path) -> None:
    documents = the_documents(tmp_path)

    with pytest.raises(DocumentIdMismatch):
        await documents.text(OTHER, by_hash("{ me { id kind } }"), ADA)

    with pytest.raises(DocumentNotFound):
        await documents.text(None, by_hash("{ me { id kind } }"), ADA)


async def test_who_may_not_register_still_runs_what_it_sends(tmp_path: Path) -> None:
    documents = the_documents(tmp_path)

    sent = await documents.text(OTHER, by_hash(OTHER), None)

    assert sent == OTHER
    with pytest.raises(DocumentNotFound):
        await documents.text(None, by_hash(OTHER), ADA)


async def test_a_trusted_document_runs_by_its_id_or_by_its_very_text(tmp_path: Path) -> None:
    documents = the_documents(tmp_path, trusted_only=True)

    assert await documents.text(None, {"documentId": "home"}, ADA) == HOME
    assert await documents.text(HOME, None, ADA) == HOME
    assert await documents.text(HOME, {"documentId": "home"}, ADA) == HOME


@pytest.mark.parametrize(
    ("query", "extensions"),
    [
        (OTHER, None),
        (f"{HOME} ", None),
        (OTHER, by_hash(OTHER)),
        (None, by_hash(OTHER)),
        (None, {"documentId": "unknown"}),
    ],
)
async def test_where_trusted_documents_are_required_no_other_runs_registered_or_not(
    tmp_path: Path, query: str | None, extensions: dict[str, Any] | None
) -> None:
    documents = the_documents(tmp_path, trusted_only=True)
    await documents.registered.register(hash_of(OTHER), OTHER)

    with pytest.raises(DocumentNotTrusted):
        await documents.text(query, extensions, ADA)


async def test_another_text_under_a_trusted_id_is_refused(tmp_path: Path) -> None:
    documents = the_documents(tmp_path)

    with pytest.raises(DocumentIdMismatch):
        await documents.text(OTHER, {"documentId": "home"}, ADA)


@pytest.mark.parametrize("query", [None, ""])
async def test_a_request_for_nothing_is_refused(tmp_path: Path, query: str | None) -> None:
    documents = the_documents(tmp_path)

    with pytest.raises(DocumentMissing):
        await documents.text(query, None, ADA)


async def test_where_nobody_registers_hashes_are_not_supported(tmp_path: Path) -> None:
    documents = the_documents(tmp_path, Registrants.NOBODY)

    with pytest.raises(RegistrationOff, match=r"^PersistedQueryNotSupported$"):
        await documents.text(None, by_hash(OTHER), ADA)
    assert await documents.text(OTHER, by_hash(OTHER), ADA) == OTHER
