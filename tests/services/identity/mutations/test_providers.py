"""People see which providers they sign in with, and take that away."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import select

from kit.contract import Capability
from kit.database import Database
from kit.ids import to_global
from services.identity.authentication.oidc.errors import LinkedToAnother
from services.identity.authentication.oidc.id_tokens import Asserted
from services.identity.authentication.oidc.links import person_of
from services.identity.authentication.providers import Provider
from services.identity.authentication.sessions import Visit
from services.identity.models import ProviderLink, Role, User
from tests.support.audits import audited
from tests.support.clients import a_managed_client
from tests.support.identity import (
    a_member,
    a_session,
    a_user,
    an_account,
    answered,
    kept,
    loaded,
    signed_in,
)

UNLINK = """mutation ($issuer: String!) { unlinkProvider(issuer: $issuer) {
  unlinked errors { code path } } }"""
LINKS = """query ($me: _Any!) { _entities(representations: [$me]) {
  ... on Viewer { providerLinks { issuer } } } }"""
ISSUER: Final = "https://sign-in.acme.example"
PROVIDER: Final = Provider.model_validate(
    {
        "name": "acme",
        "issuer": ISSUER,
        "client_id": "portal",
        "client_secret": "s3cret",
        "domains": ["acme.example"],
    }
)


async def linked(identity: Database, user: User, subject: str) -> None:
    asserted = Asserted(subject, user.email, True, None, False)
    async with identity.system() as session:
        await person_of(session, PROVIDER, asserted, Visit(), datetime.now(UTC))


async def a_linked_person(identity: Database) -> User:
    person = a_user()
    person.email = person.email_key = f"{person.id}@acme.example"
    await kept(identity, person)
    await linked(identity, person, f"first {person.id}")
    return person


async def links(identity: Database, user_id: UUID) -> list[str]:
    async with identity.system() as session:
        rows = await session.scalars(
            select(ProviderLink.subject).where(ProviderLink.user_id == user_id)
        )
        return list(rows)


def payload(unlinked: bool, *errors: tuple[str, Any]) -> dict[str, Any]:
    said = [{"code": code, "path": path} for code, path in errors]
    return {"unlinkProvider": {"unlinked": unlinked, "errors": said}}


async def test_each_person_sees_their_own(identity: Database) -> None:
    person, other = await a_linked_person(identity), a_user()
    await kept(identity, other)

    found = [
        await answered(
            identity,
            await signed_in(identity, each),
            LINKS,
            me={"__typename": "Viewer", "id": to_global("user", each.id)},
        )
        for each in (person, other)
    ]

    assert [each["_entities"][0]["providerLinks"] for each in found] == [[{"issuer": ISSUER}], []]


async def test_another_subject_is_linked_only_after_the_person_unlinked_the_first(
    identity: Database,
) -> None:
    person = await a_linked_person(identity)
    account = an_account()
    await kept(identity, account, a_member(account, person, Role.ADMINISTRATOR))
    second = f"second {person.id}"
    with pytest.raises(LinkedToAnother):
        await linked(identity, person, second)

    found = await answered(identity, await signed_in(identity, person), UNLINK, issuer=ISSUER)
    await linked(identity, person, second)

    assert found == payload(True)
    assert await links(identity, person.id) == [second]
    assert await audited(identity, account) == [
        ("user.provider-unlinked", ISSUER),
        ("user.provider-linked", ISSUER),
    ]


async def test_nobody_unlinks_anothers(identity: Database) -> None:
    person, other = await a_linked_person(identity), a_user()
    await kept(identity, other)

    found = await answered(identity, await signed_in(identity, other), UNLINK, issuer=ISSUER)

    assert found == payload(False, ("NOT_FOUND", ["issuer"]))
    assert len(await links(identity, person.id)) == 1


async def test_unlinking_asks_for_step_up(identity: Database) -> None:
    person = await a_linked_person(identity)
    past = datetime.now(UTC) - timedelta(seconds=1)
    caller = await loaded(identity, (await a_session(identity, person, proven_until=past)).id)
    assert caller is not None

    found = await answered(identity, caller, UNLINK, issuer=ISSUER)

    assert found == payload(False, ("STEP_UP_REQUIRED", None))
    assert len(await links(identity, person.id)) == 1


async def test_a_machine_client_has_no_providers(identity: Database) -> None:
    managed = await a_managed_client(identity, Capability.KEY_READ_ALL)
    caller = await signed_in(identity, managed.client)

    assert await answered(identity, caller, UNLINK, issuer=ISSUER) == payload(
        False, ("FORBIDDEN", None)
    )
