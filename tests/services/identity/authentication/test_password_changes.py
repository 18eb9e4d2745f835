"""New passwords: by the old one, or by a link in the mail that is good once and not for long."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from services.identity.authentication.errors import (
    BadCredentials,
    BadResetToken,
    SessionOver,
    TooManyAttempts,
)
from services.identity.authentication.password_changes import RESET_LIFETIME
from services.identity.authentication.password_rules import WeakPassword
from services.identity.authentication.refusals import RateLimited, WrongPassword
from services.identity.authentication.sessions import Visit, hash_of, new_secret
from services.identity.authentication.sign_in import Attempt, SignIn, Tokens
from services.identity.authentication.throttle import LIMITS, Throttle
from services.identity.events import PasswordResetAsked, SecurityNotice
from services.identity.models import PasswordReset, User, UserState
from tests.support.credentials import NO_REDIS, Clock, the_credentials
from tests.support.identity import a_session, loaded
from tests.support.notices import notices_of
from tests.support.signing_in import PASSWORD, a_person, the_sign_in

NEW = "quite another password"


async def a_reset(identity: Database, user: User, clock: Clock) -> str:
    """The token of a mail that was just sent."""
    token = new_secret()
    async with identity.system() as session:
        session.add(
            PasswordReset(
                token_hash=hash_of(token),
                user_id=user.id,
                created_at=clock.now,
                expires_at=clock.now + RESET_LIFETIME,
            )
        )
    return token


async def asked(identity: Database) -> int:
    """How often somebody forgot a password."""
    async with identity.system() as session:
        return (
            await session.scalar(
                select(func.count()).where(OutboxRow.topic == PasswordResetAsked.topic)
            )
            or 0
        )


async def signs_in(people: SignIn, user: User, password: str) -> bool:
    try:
        return isinstance(await people.sign_in(Attempt(user.email, password)), Tokens)
    except BadCredentials:
        return False


async def test_the_new_password_takes_the_place_of_the_old_one(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    await the_credentials(identity).changes.change(user.id, None, current=PASSWORD, new=NEW)

    assert [await signs_in(people, user, each) for each in (PASSWORD, NEW)] == [False, True]
    assert SecurityNotice.PASSWORD_CHANGED in await notices_of(identity, user)


async def test_a_change_ends_every_session_but_the_one_that_asks(identity: Database) -> None:
    user = await a_person(identity)
    own, *others = [await a_session(identity, user) for _ in range(3)]

    await the_credentials(identity).changes.change(user.id, own.id, current=PASSWORD, new=NEW)

    assert await loaded(identity, own.id) is not None
    assert [await loaded(identity, each.id) for each in others] == [None, None]


async def test_without_the_current_password_nothing_changes(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    with pytest.raises(WrongPassword):
        await the_credentials(identity).changes.change(user.id, None, current="wrong", new=NEW)

    assert await signs_in(people, user, PASSWORD)


async def test_a_weak_password_is_refused_to_who_knows_the_current_one_alone(
    identity: Database,
) -> None:
    user, changes = await a_person(identity), the_credentials(identity).changes

    with pytest.raises(WrongPassword):
        await changes.change(user.id, None, current="wrong", new="short")
    with pytest.raises(WeakPassword):
        await changes.change(user.id, None, current=PASSWORD, new="short")


async def test_of_two_changes_at_once_one_succeeds(identity: Database) -> None:
    user, changes = await a_person(identity), the_credentials(identity).changes
    wanted = [f"{NEW} {number}" for number in range(4)]

    results = await asyncio.gather(
        *(changes.change(user.id, None, current=PASSWORD, new=each) for each in wanted),
        return_exceptions=True,
    )

    people = the_sign_in(identity)
    assert sorted(type(each).__name__ for each in results) == ["NoneType"] + ["WrongPassword"] * 3
    assert sum([await signs_in(people, user, each) for each in wanted]) == 1


async def test_the_current_password_cannot_be_guessed(identity: Database) -> None:
    user = await a_person(identity)
    changes = the_credentials(identity, throttle=Throttle(NO_REDIS, LIMITS)).changes

    refusals = [
        await refused(changes.change(user.id, None, current=f"guess {n}", new=NEW))
        for n in range(4)
    ]

    assert refusals == [WrongPassword, WrongPassword, RateLimited, RateLimited]


async def refused(attempt: Awaitable[object]) -> type[Exception]:
    with pytest.raises((WrongPassword, RateLimited)) as refusal:
        await attempt
    return refusal.type


async def test_a_session_begun_with_the_old_password_meanwhile_does_not_outlive_it(
    identity: Database,
) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    changes = the_credentials(identity).changes

    results = await asyncio.gather(
        *(people.sign_in(Attempt(user.email, PASSWORD)) for _ in range(6)),
        changes.change(user.id, None, current=PASSWORD, new=NEW),
        return_exceptions=True,
    )

    for tokens in (each for each in results if isinstance(each, Tokens)):
        with pytest.raises(SessionOver):
            await people.refresh(tokens.refresh_token)


async def test_a_mailed_token_is_good_for_another_password_once(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    changes, people = the_credentials(identity, now=clock).changes, the_sign_in(identity, clock)
    token = await a_reset(identity, user, clock)

    await changes.reset(token, NEW, Visit())

    assert [await signs_in(people, user, each) for each in (PASSWORD, NEW)] == [False, True]
    with pytest.raises(BadResetToken):
        await changes.reset(token, "yet another password", Visit())


async def test_of_two_resets_at_once_by_one_token_one_succeeds(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    changes, token = (
        the_credentials(identity, now=clock).changes,
        await a_reset(identity, user, clock),
    )

    results = await asyncio.gather(
        *(changes.reset(token, f"{NEW} {number}", Visit()) for number in range(4)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["BadResetToken"] * 3 + ["NoneType"]


async def test_changes_and_resets_at_once_do_not_stand_in_each_others_way(
    identity: Database,
) -> None:
    clock, user = Clock(), await a_person(identity)
    changes = the_credentials(identity, now=clock).changes
    tokens = [await a_reset(identity, user, clock) for _ in range(6)]

    results = await asyncio.gather(
        *(changes.reset(token, f"{NEW} {n}", Visit()) for n, token in enumerate(tokens)),
        *(changes.change(user.id, None, current=PASSWORD, new=f"{NEW} {n}") for n in range(6, 12)),
        return_exceptions=True,
    )

    refusals = {type(each) for each in results if each is not None}
    assert refusals <= {BadResetToken, WrongPassword}
    assert results.count(None) >= 1


async def test_a_reset_ends_every_session(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    sessions = [await a_session(identity, user) for _ in range(2)]
    token = await a_reset(identity, user, clock)

    await the_credentials(identity, now=clock).changes.reset(token, NEW, Visit())

    assert [await loaded(identity, each.id) for each in sessions] == [None, None]


async def test_a_token_is_good_for_half_an_hour(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    changes = the_credentials(identity, now=clock).changes
    token = await a_reset(identity, user, clock)

    clock.now += timedelta(minutes=30)

    with pytest.raises(BadResetToken):
        await changes.reset(token, NEW, Visit())


@pytest.mark.parametrize("token", ["", "nonsense", "é", "x" * 128])
async def test_what_is_no_token_is_refused(identity: Database, token: str) -> None:
    with pytest.raises(BadResetToken):
        await the_credentials(identity).changes.reset(token, NEW, Visit())


async def test_a_suspended_persons_token_is_good_for_nothing(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, state=UserState.SUSPENDED)
    token = await a_reset(identity, user, clock)

    with pytest.raises(BadResetToken):
        await the_credentials(identity, now=clock).changes.reset(token, NEW, Visit())


async def test_a_password_that_is_refused_leaves_the_token_good(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    changes = the_credentials(identity, now=clock).changes
    token = await a_reset(identity, user, clock)

    with pytest.raises(WeakPassword):
        await changes.reset(token, "short", Visit())

    await changes.reset(token, NEW, Visit())


async def test_another_password_makes_the_other_links_good_for_nothing(
    identity: Database,
) -> None:
    clock, user = Clock(), await a_person(identity)
    changes = the_credentials(identity, now=clock).changes
    older, newer = [await a_reset(identity, user, clock) for _ in range(2)]
    await changes.reset(newer, NEW, Visit())

    with pytest.raises(BadResetToken):
        await changes.reset(older, "yet another password", Visit())


async def test_a_reset_does_not_take_the_place_of_the_second_factor(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity, mfa_enabled=True)
    token = await a_reset(identity, user, clock)

    await the_credentials(identity, now=clock).changes.reset(token, NEW, Visit())

    async with identity.system() as session:
        assert (await session.get_one(User, user.id)).mfa_enabled


async def test_who_forgot_is_announced_alike_whether_or_not_they_are_known(
    identity: Database,
) -> None:
    user, changes = await a_person(identity), the_credentials(identity).changes
    before = await asked(identity)

    await changes.forget(user.email, Visit())
    await changes.forget(f"{new_id()}@example.com", Visit())

    assert await asked(identity) == before + 2


async def test_the_address_that_somebody_typed_is_not_readable_in_what_is_announced(
    identity: Database,
) -> None:
    name = new_id().hex
    await the_credentials(identity).changes.forget(f"{name}@example.com", Visit())

    async with identity.system() as session:
        payloads = (
            await session.scalars(
                select(OutboxRow.payload).where(OutboxRow.topic == PasswordResetAsked.topic)
            )
        ).all()
    assert payloads
    assert name not in str(payloads)


async def test_an_address_that_asks_often_gets_no_more_mail_and_no_other_answer(
    identity: Database,
) -> None:
    changes = the_credentials(identity, throttle=Throttle(NO_REDIS, LIMITS)).changes
    before = await asked(identity)

    for _ in range(5):
        await changes.forget("often@example.com", Visit())

    assert await asked(identity) == before + 1


async def test_a_client_that_asks_for_many_has_to_wait(identity: Database) -> None:
    changes = the_credentials(identity, throttle=Throttle(NO_REDIS, LIMITS)).changes
    visit = Visit(address="192.0.2.1")

    for _ in range(7):
        await changes.forget(f"{new_id()}@example.com", visit)

    with pytest.raises(TooManyAttempts):
        await changes.forget(f"{new_id()}@example.com", visit)
