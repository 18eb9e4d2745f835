"""People who come by an invitation and cannot sign in yet, as the gateway passes them on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import func, select
from starlette.types import ASGIApp

from kit.database import Database
from kit.emails import email_key
from kit.ids import from_global, new_id
from kit.notices.tokens import MailedTokens
from kit.signing import Keyring, Signer
from services.identity.app import create_app
from services.identity.authentication.throttle import Guarded, Limits
from services.identity.models import Credential, Membership, Role, User
from services.identity.rights.invitations import TOKEN_PURPOSE
from tests.support.asgi import Answer, call
from tests.support.identity import SIGNING_KEYS, a_user, kept, the_settings
from tests.support.managing import Team, a_team, announced, audited, invited, proven, token_of

PASSWORD = "seven quiet otters sing"
SIGNER = Signer(Keyring.parse(SIGNING_KEYS))


async def post(
    app: ASGIApp, path: str, document: Mapping[str, Any], address: str | None = None
) -> Answer:
    body = orjson.dumps(document)
    headers = {
        "content-type": "application/json",
        "user-agent": "Browser",
        "x-portal-client-address": address or f"2001:db8:{new_id().hex[-4:]}::1",
        **SIGNER.headers(audience="identity", method="POST", path=path, body=body),
    }
    return await call(app, path, body=body, headers=headers)


@pytest_asyncio.fixture(scope="module")
async def app(identity_url: str, valkey_url: str) -> AsyncIterator[ASGIApp]:
    """The service; whoever tries tokens has four tries."""
    limits = {Guarded.INVITATION: Limits(address="4 per hour")}
    settings = the_settings(identity_url, redis_url=valkey_url, limits=limits)
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


async def an_invitation(
    identity: Database, team: Team, email: str, **values: Any
) -> tuple[str, Any]:
    """Its token, and its payload."""
    payload = await invited(identity, await proven(identity, team.people[0]), team, email, **values)
    id = from_global("invt", payload["invitation"]["id"])
    assert id is not None
    return await token_of(identity, id), payload


async def arrived(app: ASGIApp, token: str, **values: Any) -> Answer:
    document = {"token": token, "password": PASSWORD, **values}
    return await post(app, "/auth/accept-invitation", document)


async def people_at(identity: Database, email: str) -> int:
    async with identity.system() as session:
        counted = await session.scalar(
            select(func.count(User.id)).where(User.email_key == email_key(email))
        )
    return counted or 0


async def test_the_page_of_an_invitation_says_what_it_is_to(
    identity: Database, app: ASGIApp
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    known = a_user()
    await kept(identity, known)
    token, payload = await an_invitation(identity, team, "page@example.com", role="BILLING")
    other, _ = await an_invitation(identity, team, known.email)

    page = await post(app, "/auth/invitation", {"token": token})
    of_known = await post(app, "/auth/invitation", {"token": other})

    assert page.status == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.json == {
        "accountName": team.account.name,
        "email": "page@example.com",
        "firstName": "Emmy",
        "lastName": "Noether",
        "role": "BILLING",
        "caseAdministrator": False,
        "expiresAt": payload["invitation"]["expiresAt"].replace("Z", "+00:00"),
        "isKnown": False,
    }
    assert of_known.json["isKnown"] is True


async def test_a_newcomer_is_a_member_with_a_password_and_a_session(
    identity: Database, app: ASGIApp
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, "Newcomer@example.com", role="BILLING")

    answer = await arrived(app, token, firstName="Amalie")
    signed_in = await post(
        app, "/auth/sign-in", {"email": "newcomer@example.com", "password": PASSWORD}
    )

    assert answer.status == signed_in.status == 200
    assert answer.json.keys() == {"tokenType", "expiresIn", "accessToken", "refreshToken"}
    async with identity.system() as session:
        user = (
            await session.scalars(select(User).where(User.email == "Newcomer@example.com"))
        ).one()
        member = (
            await session.scalars(select(Membership).where(Membership.user_id == user.id))
        ).one()
        credential = await session.get_one(Credential, user.id)
    assert user.name == "Amalie Noether"
    assert (member.account_id, member.role) == (team.account.id, Role.BILLING)
    assert PASSWORD not in str(credential.password_hash)
    assert await audited(identity, team.account) == ["membership.invited", "membership.joined"]
    assert len(await announced(identity, "identity.member-joined", user_id=user.id)) == 1


async def test_tokens_can_come_as_cookies(identity: Database, app: ASGIApp) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, "cookies@example.com")

    answer = await arrived(app, token, delivery="cookie")

    assert answer.json.keys() == {"tokenType", "expiresIn"}
    assert "portal_refresh=" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/auth/invitation", "/auth/accept-invitation"])
async def test_a_token_that_is_over_answers_as_a_wrong_one(
    identity: Database, app: ASGIApp, path: str
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, f"{new_id()}@example.com")
    assert (await arrived(app, token)).status == 200

    used = await post(app, path, {"token": token, "password": PASSWORD})
    wrong = await post(app, path, {"token": "A" * 43, "password": PASSWORD})

    assert (used.status, used.json["code"]) == (400, "NOT_FOUND")
    assert used.json == wrong.json


async def test_a_token_derived_for_something_else_is_wrong(
    identity: Database, app: ASGIApp
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    _, payload = await an_invitation(identity, team, "purpose@example.com")
    id = from_global("invt", payload["invitation"]["id"])
    assert id is not None
    (news,) = await announced(identity, "identity.invitation-sent", invitation_id=id)
    tokens = MailedTokens(bytes(32), "identity")

    other = tokens.token("password-reset", from_global("x", "y") or id)
    of_id = tokens.token(TOKEN_PURPOSE, id)

    assert news["token_id"] != str(id)
    for token in (other, of_id):
        assert (await post(app, "/auth/invitation", {"token": token})).status == 400


async def test_a_weak_password_leaves_the_invitation_good(identity: Database, app: ASGIApp) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, "weak@example.com")

    short = await arrived(app, token, password="short")
    personal = await arrived(app, token, password="noether noether noether")
    good = await arrived(app, token)

    assert [short.json["code"], personal.json["code"]] == ["INVALID", "INVALID"]
    assert good.status == 200


async def test_whoever_is_known_signs_in_to_accept(identity: Database, app: ASGIApp) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    known = a_user()
    await kept(identity, known)
    token, _ = await an_invitation(identity, team, known.email.upper())

    refused = await arrived(app, token)

    assert (refused.status, refused.json["code"]) == (400, "WRONG_STATE")
    async with identity.system() as session:
        assert await session.get(Credential, known.id) is None


@pytest.mark.parametrize("name", ["<b>", "x" * 101, "a\u0000b"])
async def test_a_name_that_is_none_is_refused(identity: Database, app: ASGIApp, name: str) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, f"{new_id()}@example.com")

    assert (await arrived(app, token, firstName=name)).status == 400


async def test_one_token_used_by_many_at_once_makes_one_person(
    identity: Database, app: ASGIApp
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    token, _ = await an_invitation(identity, team, "race@example.com")

    answers = await asyncio.gather(*(arrived(app, token) for _ in range(6)))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 5
    assert await people_at(identity, "race@example.com") == 1


async def test_two_invitations_of_one_address_at_once_make_one_person(
    identity: Database, app: ASGIApp
) -> None:
    teams = [await a_team(identity, Role.ADMINISTRATOR) for _ in range(2)]
    emails = ("Twice@example.com", "twice@EXAMPLE.com")
    tokens = [
        (await an_invitation(identity, team, email))[0]
        for team, email in zip(teams, emails, strict=True)
    ]

    answers = await asyncio.gather(*(arrived(app, token) for token in tokens))

    assert sorted(answer.status for answer in answers) == [200, 400]
    assert {each.json.get("code") for each in answers} == {None, "WRONG_STATE"}
    assert await people_at(identity, "twice@example.com") == 1


async def test_tokens_cannot_be_guessed_from_one_address(app: ASGIApp) -> None:
    statuses = [
        (await post(app, "/auth/invitation", {"token": f"{number:043}"}, "192.0.2.7")).status
        for number in range(6)
    ]

    assert statuses == [400] * 4 + [429] * 2


@pytest.mark.parametrize(
    "document", [{}, {"token": ""}, {"token": "x" * 129}, {"token": 7}, {"token": "a"}]
)
async def test_a_body_without_token_and_password_is_refused(
    app: ASGIApp, document: dict[str, Any]
) -> None:
    answer = await post(app, "/auth/accept-invitation", document)

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


async def test_only_the_gateway_is_answered(app: ASGIApp) -> None:
    for path in ("/auth/invitation", "/auth/accept-invitation"):
        answer = await call(app, path, body=b"{}", headers={"content-type": "application/json"})
        assert answer.status == 401
