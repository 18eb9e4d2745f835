"""The second factor: turned on with a code of it, used once a code, recovered from, turned off."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from kit.database import Database
from kit.errors import DomainError
from kit.ids import new_id
from services.identity.authentication import recovery_codes
from services.identity.authentication.errors import BadCredentials
from services.identity.authentication.refusals import RateLimited, WrongCode
from services.identity.authentication.second_factors import Factor
from services.identity.authentication.sign_in import Attempt, Tokens
from services.identity.authentication.throttle import LIMITS, Throttle
from services.identity.errors import WrongState
from services.identity.events import SecurityNotice
from services.identity.models import Credential, RecoveryCode, Session, User
from tests.support.audits import audited
from tests.support.credentials import NO_REDIS, Clock, the_credentials
from tests.support.identity import a_member, a_session, a_user, an_account, kept
from tests.support.notices import notices_of
from tests.support.signing_in import PASSWORD, a_person, the_sign_in


async def turned_on(identity: Database, user: User, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """The person's application, and their recovery codes."""
    factors = the_credentials(identity, now=clock).second_factors
    totp = pyotp.TOTP((await factors.begin(user.id)).secret)
    codes = await factors.confirm(user.id, None, totp.at(clock.now))
    clock.now += timedelta(seconds=30)
    return totp, codes


async def test_it_counts_once_it_is_confirmed(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    factors, people = the_credentials(identity, now=clock).second_factors, the_sign_in(identity)

    begun = await factors.begin(user.id)
    before = await people.sign_in(Attempt(user.email, PASSWORD))
    codes = await factors.confirm(user.id, None, pyotp.TOTP(begun.secret).at(clock.now))

    assert isinstance(before, Tokens)
    assert len(set(codes)) == recovery_codes.COUNT == 10
    async with identity.system() as session:
        assert (await session.get_one(User, user.id)).mfa_enabled
    assert await notices_of(identity, user) == [SecurityNotice.SECOND_FACTOR_ON]


async def test_accounts_write_down_who_has_turned_it_on_and_off(identity: Database) -> None:
    clock, user, account = Clock(), await a_person(identity), an_account()
    await kept(identity, account, a_member(account, user))

    await turned_on(identity, user, clock)
    await the_credentials(identity, now=clock).second_factors.disable(user.id)

    assert await audited(identity, account) == [
        ("user.second-factor-on", None),
        ("user.second-factor-off", None),
    ]


async def test_a_wrong_code_confirms_nothing_and_the_right_one_still_does(
    identity: Database,
) -> None:
    clock, user = Clock(), await a_person(identity)
    factors = the_credentials(identity, now=clock).second_factors
    begun = await factors.begin(user.id)

    with pytest.raises(WrongCode):
        await factors.confirm(user.id, None, "000000x")

    assert await factors.confirm(user.id, None, pyotp.TOTP(begun.secret).at(clock.now))


async def test_what_was_begun_long_ago_or_never_is_not_confirmed(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    factors = the_credentials(identity, now=clock).second_factors
    with pytest.raises(WrongState):
        await factors.confirm(user.id, None, "000000")
    begun = await factors.begin(user.id)

    clock.now += timedelta(minutes=15)

    with pytest.raises(WrongState):
        await factors.confirm(user.id, None, pyotp.TOTP(begun.secret).at(clock.now))


async def test_one_that_is_in_use_stays_until_another_is_confirmed(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    first, _ = await turned_on(identity, user, clock)
    factors = the_credentials(identity, now=clock).second_factors
    people = the_sign_in(identity, clock)

    begun = await factors.begin(user.id)

    by_old = Attempt(user.email, PASSWORD, Factor(first.at(clock.now)))
    assert isinstance(await people.sign_in(by_old), Tokens)
    second = pyotp.TOTP(begun.secret)
    await factors.confirm(user.id, None, second.at(clock.now))
    clock.now += timedelta(seconds=30)
    with pytest.raises(BadCredentials):
        await people.sign_in(Attempt(user.email, PASSWORD, Factor(first.at(clock.now))))
    by_new = Attempt(user.email, PASSWORD, Factor(second.at(clock.now)))
    assert isinstance(await people.sign_in(by_new), Tokens)


async def test_the_code_that_confirmed_it_signs_nobody_in(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    totp, _ = await turned_on(identity, user, clock)
    used = totp.at(clock.now, counter_offset=-1)

    with pytest.raises(BadCredentials):
        await the_sign_in(identity, clock).sign_in(Attempt(user.email, PASSWORD, Factor(used)))


async def test_what_other_sessions_proved_without_it_holds_no_more(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    own, other = await a_session(identity, user), await a_session(identity, user)
    factors = the_credentials(identity, now=clock).second_factors
    totp = pyotp.TOTP((await factors.begin(user.id)).secret)

    await factors.confirm(user.id, own.id, totp.at(clock.now))

    async with identity.system() as session:
        assert (await session.get_one(Session, own.id)).proven_until is not None
        assert (await session.get_one(Session, other.id)).proven_until is None


async def test_a_code_is_good_once_however_many_use_it_at_once(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    totp, _ = await turned_on(identity, user, clock)
    people = the_sign_in(identity, clock)
    attempt = Attempt(user.email, PASSWORD, Factor(totp.at(clock.now)))

    results = await asyncio.gather(
        *(people.sign_in(attempt) for _ in range(8)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in results) == ["BadCredentials"] * 7 + ["Tokens"]


async def test_a_recovery_code_is_good_once_and_its_person_hears_of_it(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    _, codes = await turned_on(identity, user, clock)
    people = the_sign_in(identity, clock)
    attempt = Attempt(user.email, PASSWORD, Factor(recovery_code=codes[3]))

    results = await asyncio.gather(
        *(people.sign_in(attempt) for _ in range(4)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in results) == ["BadCredentials"] * 3 + ["Tokens"]
    assert SecurityNotice.RECOVERY_CODE_USED in await notices_of(identity, user)


@pytest.mark.parametrize("typed", [str.upper, lambda code: code.replace("-", " "), str.strip])
async def test_a_recovery_code_may_be_typed_as_people_do(
    identity: Database, typed: Callable[[str], str]
) -> None:
    clock, user = Clock(), await a_person(identity)
    _, codes = await turned_on(identity, user, clock)
    attempt = Attempt(user.email, PASSWORD, Factor(recovery_code=typed(codes[0])))

    assert isinstance(await the_sign_in(identity, clock).sign_in(attempt), Tokens)


async def test_one_persons_recovery_code_is_no_others(identity: Database) -> None:
    clock, ada, ida = Clock(), await a_person(identity), await a_person(identity)
    _, codes = await turned_on(identity, ada, clock)
    await turned_on(identity, ida, clock)
    attempt = Attempt(ida.email, PASSWORD, Factor(recovery_code=codes[0]))

    with pytest.raises(BadCredentials):
        await the_sign_in(identity, clock).sign_in(attempt)


async def test_new_recovery_codes_replace_the_old_ones(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    _, old = await turned_on(identity, user, clock)

    new = await the_credentials(identity, now=clock).second_factors.renew_recovery_codes(user.id)

    people = the_sign_in(identity, clock)
    with pytest.raises(BadCredentials):
        await people.sign_in(Attempt(user.email, PASSWORD, Factor(recovery_code=old[0])))
    attempt = Attempt(user.email, PASSWORD, Factor(recovery_code=new[0]))
    assert isinstance(await people.sign_in(attempt), Tokens)


async def test_secrets_and_recovery_codes_are_kept_sealed_or_hashed(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    totp, codes = await turned_on(identity, user, clock)

    async with identity.system() as session:
        credential = await session.get_one(Credential, user.id)
        rows = (
            await session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id))
        ).all()

    assert credential.totp_secret is not None
    assert totp.secret.encode() not in credential.totp_secret
    kept_bytes = b"".join(row.code_hash for row in rows)
    assert not any(code.replace("-", "").encode() in kept_bytes for code in codes)


async def test_turned_off_the_password_is_enough_and_no_code_is_left(identity: Database) -> None:
    clock, user = Clock(), await a_person(identity)
    await turned_on(identity, user, clock)
    factors = the_credentials(identity, now=clock).second_factors

    await factors.disable(user.id)

    assert isinstance(
        await the_sign_in(identity, clock).sign_in(Attempt(user.email, PASSWORD)), Tokens
    )
    async with identity.system() as session:
        left = await session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id))
        assert left.all() == []
    assert SecurityNotice.SECOND_FACTOR_OFF in await notices_of(identity, user)


async def test_who_has_none_turns_none_off_and_renews_no_codes(identity: Database) -> None:
    user = await a_person(identity)
    factors = the_credentials(identity).second_factors

    with pytest.raises(WrongState):
        await factors.disable(user.id)
    with pytest.raises(WrongState):
        await factors.renew_recovery_codes(user.id)


async def test_who_signs_in_elsewhere_may_have_a_second_factor_too(identity: Database) -> None:
    clock, user = Clock(), a_user()
    await kept(identity, user)

    _, codes = await turned_on(identity, user, clock)

    assert len(codes) == 10
    with pytest.raises(BadCredentials):
        await the_sign_in(identity, clock).sign_in(Attempt(user.email, ""))


async def test_codes_cannot_be_guessed_by_confirming(identity: Database) -> None:
    user = await a_person(identity)
    throttle = Throttle(NO_REDIS, LIMITS)
    factors = the_credentials(identity, throttle=throttle).second_factors
    await factors.begin(user.id)

    refusals = [await refused(factors.confirm(user.id, None, "000000x")) for _ in range(6)]

    assert refusals[:2] == [WrongCode, WrongCode]
    assert set(refusals[2:]) == {RateLimited}


async def refused(attempt: Awaitable[object]) -> type[DomainError]:
    with pytest.raises(DomainError) as refusal:
        await attempt
    return refusal.type


async def test_a_stranger_has_no_second_factor(identity: Database) -> None:
    with pytest.raises(DomainError):
        await the_credentials(identity).second_factors.begin(new_id())
