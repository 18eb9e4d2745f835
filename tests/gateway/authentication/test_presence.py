"""Callers who stay, and the news of them."""

import time
from collections.abc import Callable

import pytest

from gateway.authentication.authenticator import Authenticator
from gateway.authentication.credentials import Credentials
from gateway.authentication.presence import SignedIn, Unauthenticated, Unavailable
from gateway.authentication.principals import Principals
from gateway.authentication.tokens import TokenVerifier
from gateway.errors import SubgraphUnavailable
from tests.support.issuing import ISSUER, Issuer, a_principal


def live(issuer: Issuer) -> Principals:
    principals = Principals(issuer.principal)
    principals.went_live()
    return principals


def a_session(issuer: Issuer) -> tuple[str, str]:
    """Its id, and the id of who it is."""
    principal = a_principal()
    issuer.sign_in(principal)
    return list(issuer.principals)[-1], str(principal.id)


async def test_a_token_is_good_until_it_expires_and_its_session_for_as_long() -> None:
    issuer = Issuer()
    authenticator = Authenticator(TokenVerifier(issuer.key_set, issuer=ISSUER), live(issuer))
    token = issuer.sign_in(a_principal())

    presence = await authenticator.presence(Credentials(token, ambient=False))
    caller = await presence.caller()

    [principal] = issuer.principals.values()
    assert caller is not None
    assert caller.principal.id == principal.id
    assert presence.seconds_left == pytest.approx(300, abs=5)


async def test_without_credentials_nobody_stays_for_ever() -> None:
    issuer = Issuer()
    authenticator = Authenticator(TokenVerifier(issuer.key_set, issuer=ISSUER), live(issuer))

    presence = await authenticator.presence(None)

    assert (await presence.caller(), presence.seconds_left) == (None, None)
    with presence.changes() as changed:
        assert not changed.is_set()


async def test_an_expired_token_is_nobodys_though_its_session_goes_on() -> None:
    issuer = Issuer()
    session_id, _ = a_session(issuer)

    with pytest.raises(Unauthenticated, match="expired"):
        await SignedIn(session_id, time.time(), live(issuer)).caller()


async def test_an_ended_session_is_nobodys_though_its_token_is_good() -> None:
    with pytest.raises(Unauthenticated, match="ended"):
        await SignedIn("none", time.time() + 60, live(Issuer())).caller()


async def test_while_identity_is_down_nobody_can_tell() -> None:
    async def down(session_id: str) -> str | None:
        raise SubgraphUnavailable("identity", "it is down")

    with pytest.raises(Unavailable):
        await SignedIn("any", time.time() + 60, Principals(down)).caller()


@pytest.mark.parametrize(
    ("happens", "is_told"),
    [
        (lambda principals, session, who: principals.forget_session(session), True),
        (lambda principals, session, who: principals.forget_session("other"), False),
        (lambda principals, session, who: principals.forget_principal(who), True),
        (lambda principals, session, who: principals.forget_principal("other"), False),
        (lambda principals, session, who: principals.went_live(), True),
        (lambda principals, session, who: principals.went_dark(), False),
    ],
)
async def test_those_are_told_whom_it_may_concern(
    happens: Callable[[Principals, str, str], None], is_told: bool
) -> None:
    issuer = Issuer()
    principals, (session_id, principal_id) = live(issuer), a_session(issuer)
    presence = SignedIn(session_id, time.time() + 60, principals)
    await presence.caller()

    with presence.changes() as changed:
        happens(principals, session_id, principal_id)

    assert changed.is_set() is is_told


async def test_who_is_behind_a_session_nobody_knows_may_be_anybody() -> None:
    issuer = Issuer()
    principals, (session_id, principal_id) = live(issuer), a_session(issuer)

    with principals.watched(session_id) as changed:
        principals.forget_principal(principal_id)

    assert changed.is_set()


def test_nobody_is_told_who_has_left() -> None:
    principals = Principals(Issuer().principal)
    with principals.watched("s") as changed:
        pass

    principals.forget_session("s")

    assert not changed.is_set()
