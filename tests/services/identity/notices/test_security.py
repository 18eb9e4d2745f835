"""Mails about signing in: to the person alone, in their language, with nothing strangers wrote."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import services.identity
from kit.database import Database
from kit.ids import new_id
from kit.mail import Mailer
from kit.messages import Catalogues
from kit.notices.letters import Letter
from kit.notices.postman import Postman
from kit.notices.tokens import MailedTokens
from kit.outbox import Event
from kit.streams import Received
from services.identity.authentication.password_changes import SEALED_FOR
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Visit, hash_of
from services.identity.authentication.sign_in import Attempt
from services.identity.events import PasswordResetAsked, SecurityNotice, SecurityNoticed
from services.identity.models import Credential, Notice, PasswordReset, User, UserState
from services.identity.notices import security
from services.identity.notices.programs import program_of
from services.identity.notices.security import SecurityLetters
from tests.support.credentials import SEALER, Clock, the_credentials
from tests.support.identity import a_user, kept
from tests.support.notices import notices_of
from tests.support.signing_in import PASSWORD, a_person, the_sign_in

AT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
TOKENS = MailedTokens(b"m" * 32, "identity")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HOME = Visit(FIREFOX, "192.0.2.7")


async def letters(identity: Database, fact: Event, id: UUID | None = None) -> list[Letter]:
    """What an event leads to."""
    composed = SecurityLetters(SEALER, TOKENS).composers[fact.topic]
    async with identity.system() as session:
        return list(await composed(session, Received(id or new_id(), fact.topic, fact.payload())))


def said(letter: Letter) -> str:
    """The mail's subject and text."""
    postman = Postman(
        database=None,  # type: ignore[arg-type]  # nothing is sent
        notices=Notice,
        mailer=Mailer("smtp://127.0.0.1", "portal@example.com"),
        catalogues=Catalogues(Path(services.identity.__file__).parent),
        wordings=security.WORDINGS,
        tokens=TOKENS,
        public_url="https://portal.example",
    )
    notice = Notice(
        event_id=new_id(),
        email=letter.to.email,
        email_key=letter.to.email,
        locale=letter.to.locale,
        wording=letter.wording,
        params=dict(letter.params),
        page=letter.link.page,
        token_purpose=letter.link.token_purpose,
        token_id=letter.link.token_id,
    )
    mail = postman.written(notice)
    return f"{mail.subject}\n\n{mail.text}"


def a_notice(user: User, notice: SecurityNotice, **values: Any) -> SecurityNoticed:
    return SecurityNoticed(user_id=user.id, notice=notice, at=AT, **values)


async def resets_of(identity: Database, user: User) -> int:
    """How many tokens there are for the person."""
    async with identity.system() as session:
        rows = await session.scalars(select(PasswordReset).where(PasswordReset.user_id == user.id))
        return len(rows.all())


def forgotten(email: str, sealer: Sealer = SEALER) -> PasswordResetAsked:
    sealed = base64.b64encode(sealer.seal(email.encode(), SEALED_FOR)).decode()
    return PasswordResetAsked(sealed_email=sealed, at=AT)


async def test_a_new_sign_in_is_told_with_its_time_program_and_address(
    identity: Database,
) -> None:
    user = await a_person(identity)
    fact = a_notice(user, SecurityNotice.NEW_SIGN_IN, user_agent=FIREFOX, address="198.51.100.4")

    [letter] = await letters(identity, fact)

    assert letter.to.email == user.email
    assert (
        said(letter)
        == """\
New sign-in to your account

Somebody signed in as you on 21 Nov 2026 12:30 UTC, in a way that you never did before.

It was done with Firefox, Linux, from the address 198.51.100.4.

If that was not you, reset your password now and end the sessions that you do not know.

Your password, second factor and sessions:
https://portal.example/profile/security
"""
    )


async def test_the_mail_speaks_the_persons_language(identity: Database) -> None:
    user = await a_person(identity, locale="fr")

    [letter] = await letters(identity, a_notice(user, SecurityNotice.PASSWORD_CHANGED))

    assert "Votre mot de passe a été modifié le 21 nov. 2026 12:30 UTC" in said(letter)


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("notice", list(SecurityNotice))
async def test_every_notice_can_be_said(
    identity: Database, notice: SecurityNotice, locale: str
) -> None:
    user = await a_person(identity, locale=locale)

    [letter] = await letters(identity, a_notice(user, notice))

    assert "{" not in said(letter)


async def test_what_a_program_calls_itself_is_not_mailed(identity: Database) -> None:
    user = await a_person(identity)
    lure = "Your account is locked: visit https://evil.example Firefox"

    [letter] = await letters(identity, a_notice(user, SecurityNotice.NEW_SIGN_IN, user_agent=lure))

    assert "evil" not in said(letter)
    assert "Firefox" in said(letter)


@pytest.mark.parametrize(
    ("user_agent", "program"),
    [
        (None, None),
        ("", None),
        ("Something/1.0", None),
        ("curl/8.5.0", "curl"),
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537 Edg/120",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit Safari/604", "Safari, iOS"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit Chrome/140 Safari/537", "Chrome, Android"),
    ],
)
def test_programs_are_told_by_their_common_names(
    user_agent: str | None, program: str | None
) -> None:
    assert program_of(user_agent) == program


async def test_who_forgot_gets_a_link_whose_token_is_in_no_event_and_no_queue(
    identity: Database,
) -> None:
    user, id = await a_person(identity), new_id()

    [letter] = await letters(identity, forgotten(user.email.lower()), id)

    token = TOKENS.token("password-reset", id)
    assert f"https://portal.example/reset-password#token={token}\n" in said(letter)
    assert token not in str(letter.params)
    async with identity.system() as session:
        row = await session.get_one(PasswordReset, hash_of(token))
    assert (row.user_id, row.expires_at) == (user.id, AT + timedelta(minutes=30))


async def test_the_mailed_token_is_good(identity: Database) -> None:
    clock, user, id = Clock(), await a_person(identity), new_id()
    clock.now = AT
    await letters(identity, forgotten(user.email.lower()), id)

    changes = the_credentials(identity, now=clock).changes
    await changes.reset(TOKENS.token("password-reset", id), "quite another one", Visit())

    people = the_sign_in(identity, clock)
    assert (await people.sign_in(Attempt(user.email, "quite another one"))).access_token


async def test_nobody_else_gets_a_link(identity: Database) -> None:
    suspended = await a_person(identity, state=UserState.SUSPENDED)
    addresses = [suspended.email_key, f"{new_id()}@example.com"]

    written = [await letters(identity, forgotten(each)) for each in addresses]

    assert written == [[], []]
    assert await resets_of(identity, suspended) == 0


async def test_who_signs_in_elsewhere_hears_that_there_is_no_password(identity: Database) -> None:
    never, without = a_user(), a_user()
    await kept(identity, never, without, Credential(user_id=without.id))

    written = [await letters(identity, forgotten(each.email_key)) for each in (never, without)]

    assert [letter.to.email for [letter] in written] == [never.email, without.email]
    assert "You have none here" in said(written[0][0])
    assert "#token" not in said(written[0][0])
    assert [await resets_of(identity, each) for each in (never, without)] == [0, 0]


async def test_what_was_sealed_under_another_secret_is_let_go(identity: Database) -> None:
    user = await a_person(identity)

    assert await letters(identity, forgotten(user.email_key, Sealer(b"x" * 32))) == []


async def test_the_first_sign_in_is_no_surprise_and_neither_is_a_known_way(
    identity: Database,
) -> None:
    user, people = await a_person(identity), the_sign_in(identity)

    for _ in range(3):
        await people.sign_in(Attempt(user.email, PASSWORD, visit=HOME))

    assert await notices_of(identity, user) == []


@pytest.mark.parametrize(
    "visit", [Visit(FIREFOX, "198.51.100.4"), Visit("curl/8.5.0", "192.0.2.7"), Visit("curl/8.5.0")]
)
async def test_another_program_or_another_address_is_told(identity: Database, visit: Visit) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    await people.sign_in(Attempt(user.email, PASSWORD, visit=HOME))

    for _ in range(2):
        await people.sign_in(Attempt(user.email, PASSWORD, visit=visit))

    assert await notices_of(identity, user) == [SecurityNotice.NEW_SIGN_IN]


async def test_who_moves_within_their_own_network_is_not_bothered(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"]

    for address in addresses:
        await people.sign_in(Attempt(user.email, PASSWORD, visit=Visit(FIREFOX, address)))

    assert await notices_of(identity, user) == []


async def test_a_token_that_was_used_twice_is_told_once(identity: Database) -> None:
    user, people = await a_person(identity), the_sign_in(identity)
    first = await people.sign_in(Attempt(user.email, PASSWORD, visit=HOME))
    await people.refresh(first.refresh_token, HOME)

    for _ in range(3):
        with pytest.raises(Exception, match="session is over"):
            await people.refresh(first.refresh_token, HOME)

    assert await notices_of(identity, user) == [SecurityNotice.TOKEN_REUSED]
