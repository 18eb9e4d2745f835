"""How people change their own way of signing in, and end their own sessions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.identity.events import SecurityNotice
from services.identity.models import Session, User
from tests.support.identity import (
    a_client,
    a_session,
    an_account,
    answered,
    global_id,
    kept,
    loaded,
    signed_in,
)
from tests.support.notices import notices_of
from tests.support.signing_in import PASSWORD, a_person

ERRORS = "errors { code path message }"
CHANGE = f"""mutation ($current: String!, $new: String!) {{
    changePassword(currentPassword: $current, newPassword: $new) {{ changed {ERRORS} }} }}"""
BEGIN = f"mutation {{ beginSecondFactor {{ secret uri {ERRORS} }} }}"
CONFIRM = f"""mutation ($code: String!) {{
    confirmSecondFactor(code: $code) {{ recoveryCodes {ERRORS} }} }}"""
DISABLE = f"mutation {{ disableSecondFactor {{ enabled {ERRORS} }} }}"
RENEW = f"mutation {{ renewRecoveryCodes {{ recoveryCodes {ERRORS} }} }}"
REVOKE = f"mutation ($id: ID!) {{ revokeSession(id: $id) {{ revoked {ERRORS} }} }}"
REVOKE_OTHERS = f"mutation {{ revokeOtherSessions {{ revokedCount {ERRORS} }} }}"
LIST = """query ($keys: [_Any!]!) { _entities(representations: $keys) {
    ... on Viewer { sessions { id address userAgent current expiresAt } } } }"""


def codes(payload: Any) -> list[tuple[str, list[str] | None]]:
    return [(each["code"], each["path"]) for each in payload["errors"]]


def viewer_of(user: User) -> dict[str, str]:
    return {"__typename": "Viewer", "id": global_id(user)}


async def principal(identity: Database, session: Session) -> Principal:
    found = await loaded(identity, session.id)
    assert found is not None
    return found


def unproven(principal: Principal) -> Principal:
    return replace(principal, proven_until=datetime.now(UTC) - timedelta(seconds=1))


async def test_a_person_changes_their_password(identity: Database) -> None:
    caller = await signed_in(identity, await a_person(identity))

    data = await answered(identity, caller, CHANGE, current=PASSWORD, new="quite another one")

    assert data["changePassword"] == {"changed": True, "errors": []}


@pytest.mark.parametrize(
    ("current", "new", "path"),
    [
        ("wrong", "quite another one", ["currentPassword"]),
        ("x" * 129, "quite another one", ["currentPassword"]),
        (PASSWORD, "short", ["newPassword"]),
        (PASSWORD, "x1y2" * 33, ["newPassword"]),
        (PASSWORD, "Password2024!", ["newPassword"]),
    ],
)
async def test_a_refusal_says_which_of_the_two_passwords_it_is_about(
    identity: Database, current: str, new: str, path: list[str]
) -> None:
    caller = await signed_in(identity, await a_person(identity))

    data = await answered(identity, caller, CHANGE, current=current, new=new)

    assert not data["changePassword"]["changed"]
    assert codes(data["changePassword"]) == [("INVALID", path)]


async def test_many_aliases_are_as_many_guesses(identity: Database) -> None:
    caller = await signed_in(identity, await a_person(identity))
    guesses = " ".join(
        f'g{n}: changePassword(currentPassword: "guess {n}", newPassword: "quite another one") '
        "{ errors { code } }"
        for n in range(20)
    )

    data = await answered(identity, caller, f"mutation {{ {guesses} }}")

    found = [each["errors"][0]["code"] for each in data.values()]
    assert found == ["INVALID"] * 2 + ["RATE_LIMITED"] * 18


async def test_a_second_factor_is_begun_confirmed_renewed_and_turned_off(
    identity: Database,
) -> None:
    user = await a_person(identity)
    caller = await signed_in(identity, user)

    begun = (await answered(identity, caller, BEGIN))["beginSecondFactor"]
    code = pyotp.TOTP(begun["secret"]).now()
    confirmed = (await answered(identity, caller, CONFIRM, code=code))["confirmSecondFactor"]
    renewed = (await answered(identity, caller, RENEW))["renewRecoveryCodes"]
    disabled = (await answered(identity, caller, DISABLE))["disableSecondFactor"]

    assert begun["secret"] in begun["uri"]
    assert begun["errors"] == confirmed["errors"] == renewed["errors"] == []
    assert len({*confirmed["recoveryCodes"], *renewed["recoveryCodes"]}) == 20
    assert disabled == {"enabled": False, "errors": []}
    assert await notices_of(identity, user) == [
        SecurityNotice.SECOND_FACTOR_ON,
        SecurityNotice.RECOVERY_CODES_RENEWED,
        SecurityNotice.SECOND_FACTOR_OFF,
    ]


@pytest.mark.parametrize("document", [BEGIN, DISABLE, RENEW])
async def test_the_second_factor_asks_for_a_step_up(identity: Database, document: str) -> None:
    caller = unproven(await signed_in(identity, await a_person(identity)))

    data = await answered(identity, caller, document)

    assert [codes(payload) for payload in data.values()] == [[("STEP_UP_REQUIRED", None)]]


async def test_a_machine_client_has_nothing_of_that(identity: Database) -> None:
    account = an_account()
    client = a_client(account, Capability.KEY_READ_ALL)
    await kept(identity, account, client)
    caller = await signed_in(identity, client)

    payloads = [
        (await answered(identity, caller, document, **variables)).popitem()[1]
        for document, variables in (
            (CHANGE, {"current": PASSWORD, "new": "quite another one"}),
            (BEGIN, {}),
            (CONFIRM, {"code": "000000"}),
            (DISABLE, {}),
            (RENEW, {}),
            (REVOKE, {"id": to_global("ses", new_id())}),
            (REVOKE_OTHERS, {}),
        )
    ]

    assert [each["errors"][0]["code"] for each in payloads] == ["FORBIDDEN"] * len(payloads)


async def test_a_person_ends_one_of_their_sessions(identity: Database) -> None:
    user = await a_person(identity)
    own, lost = await a_session(identity, user), await a_session(identity, user)
    caller = await principal(identity, own)

    data = await answered(identity, caller, REVOKE, id=global_id(lost))

    assert data["revokeSession"] == {"revoked": True, "errors": []}
    assert await loaded(identity, lost.id) is None
    assert await loaded(identity, own.id) is not None


async def test_ending_it_twice_is_no_error(identity: Database) -> None:
    user = await a_person(identity)
    own, lost = await a_session(identity, user), await a_session(identity, user)
    caller = await principal(identity, own)
    await answered(identity, caller, REVOKE, id=global_id(lost))

    data = await answered(identity, caller, REVOKE, id=global_id(lost))

    assert data["revokeSession"] == {"revoked": True, "errors": []}


async def test_somebody_elses_session_is_as_one_that_does_not_exist(identity: Database) -> None:
    caller = await signed_in(identity, await a_person(identity))
    theirs = await a_session(identity, await a_person(identity))

    payloads = [
        (await answered(identity, caller, REVOKE, id=id))["revokeSession"]
        for id in (global_id(theirs), to_global("ses", new_id()), to_global("acc", theirs.id), "x")
    ]

    assert payloads == [payloads[0]] * 4
    assert codes(payloads[0]) == [("NOT_FOUND", ["id"])]
    assert await loaded(identity, theirs.id) is not None


async def test_a_person_ends_all_sessions_but_the_one_they_are_in(identity: Database) -> None:
    user = await a_person(identity)
    own, *others = [await a_session(identity, user) for _ in range(3)]
    stranger = await a_session(identity, await a_person(identity))
    caller = await principal(identity, own)

    data = await answered(identity, caller, REVOKE_OTHERS)

    assert data["revokeOtherSessions"] == {"revokedCount": 2, "errors": []}
    assert [await loaded(identity, each.id) is not None for each in (own, stranger)] == [True] * 2
    assert [await loaded(identity, each.id) for each in others] == [None, None]


async def test_sessions_are_listed_with_their_place_until_they_end(identity: Database) -> None:
    user, now = await a_person(identity), datetime.now(UTC)
    own = await a_session(identity, user, address="192.0.2.1", user_agent="Browser")
    await a_session(identity, user, ended_at=now)
    await a_session(identity, user, idle_until=now)
    caller = await principal(identity, own)

    data = await answered(identity, caller, LIST, keys=[viewer_of(user)])

    assert data["_entities"][0]["sessions"] == [
        {
            "id": global_id(own),
            "address": "192.0.2.1",
            "userAgent": "Browser",
            "current": True,
            "expiresAt": own.expires_at.isoformat().replace("+00:00", "Z"),
        }
    ]
