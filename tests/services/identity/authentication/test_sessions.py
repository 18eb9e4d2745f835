"""Sessions: prolonged by refresh tokens, ended by time, by misuse or by signing out."""

import asyncio
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import func, select

from kit.database import Database
from kit.outbox import OutboxRow
from services.identity.authentication import sessions
from services.identity.authentication.errors import SessionOver
from services.identity.authentication.sign_in import Attempt, Tokens
from services.identity.events import SessionEnded
from services.identity.models import RefreshToken
from tests.support.credentials import Clock
from tests.support.signing_in import PASSWORD, a_person, claims_of, session_with, the_sign_in


async def endings(identity: Database, session_id: str) -> int:
    """How often the end of a session was announced."""
    async with identity.system() as session:
        count = await session.scalar(
            select(func.count())
            .select_from(OutboxRow)
            .where(
                OutboxRow.topic == SessionEnded.topic,
                OutboxRow.payload["session_id"].astext == session_id,
            )
        )
    return count or 0


async def test_a_refresh_token_prolongs_its_session(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))

    second = await people.refresh(first.refresh_token)

    assert second.refresh_token != first.refresh_token
    assert (await claims_of(people, second))["sid"] == (await claims_of(people, first))["sid"]


async def test_a_refresh_token_used_twice_ends_the_session_for_both(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))
    second = await people.refresh(first.refresh_token)

    with pytest.raises(SessionOver):
        await people.refresh(first.refresh_token)
    with pytest.raises(SessionOver):
        await people.refresh(second.refresh_token)

    session_id = (await claims_of(people, first))["sid"]
    assert (await session_with(identity, session_id)).ended_at is not None
    assert await endings(identity, session_id) == 1


async def test_of_two_uses_at_once_one_succeeds_and_the_session_ends(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD))

    results = await asyncio.gather(
        people.refresh(first.refresh_token),
        people.refresh(first.refresh_token),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["SessionOver", "Tokens"]
    assert await endings(identity, (await claims_of(people, first))["sid"]) == 1


async def test_a_session_ends_when_it_was_not_used_for_long(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))

    clock.now += people.lifetimes.idle

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)


async def test_a_session_ends_at_last_however_much_it_is_used(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    people = the_sign_in(identity, clock)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    for _ in range(2):
        clock.now += timedelta(days=13)
        tokens = await people.refresh(tokens.refresh_token)

    clock.now += timedelta(days=5)

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)


@pytest.mark.parametrize("token", ["", "nonsense", "é"])
async def test_an_unknown_refresh_token_is_good_for_nothing(identity: Database, token: str) -> None:
    with pytest.raises(SessionOver):
        await the_sign_in(identity).refresh(token)


@pytest.mark.parametrize("carried", ["refresh", "access", "both"])
async def test_signing_out_ends_the_session_by_either_token(
    identity: Database, carried: str
) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    given = {
        "refresh": (tokens.refresh_token, None),
        "access": (None, tokens.access_token),
        "both": (tokens.refresh_token, tokens.access_token),
    }

    await people.sign_out(*given[carried])
    await people.sign_out(*given[carried])

    with pytest.raises(SessionOver):
        await people.refresh(tokens.refresh_token)
    assert await endings(identity, (await claims_of(people, tokens))["sid"]) == 1


async def test_a_token_that_we_did_not_sign_signs_nobody_out(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))
    kid = (await people.tokens.keys.signing()).id
    forger = OKPKey.generate_key("Ed25519")
    forged = jwt.encode(
        {"alg": "Ed25519", "kid": kid},
        await claims_of(people, tokens),
        forger,
        algorithms=["Ed25519"],
    )

    await people.sign_out(None, forged)

    assert isinstance(await people.refresh(tokens.refresh_token), Tokens)


async def test_signing_out_with_nonsense_is_no_error(identity: Database) -> None:
    await the_sign_in(identity).sign_out("nonsense", "nonsense")


async def test_tokens_are_stored_as_hashes_only(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    tokens = await people.sign_in(Attempt(user.email, PASSWORD))

    async with identity.system() as session:
        row = await session.get(RefreshToken, sessions.hash_of(tokens.refresh_token))

    assert row is not None
    assert tokens.refresh_token.encode() not in row.token_hash
