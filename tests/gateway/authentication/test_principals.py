"""How long a principal is kept, and what ends it."""

import asyncio
from datetime import UTC, datetime, timedelta

from gateway.authentication.principals import Principals
from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.principal import Principal

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Identity:
    """Answers with one person's principal, and counts how often it is asked."""

    def __init__(self, valid_until: datetime | None = None) -> None:
        self.person = Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), valid_until=valid_until)
        self.asked = 0
        self.ended = False
        self.asked_event = asyncio.Event()
        self.gate: asyncio.Event | None = None

    async def __call__(self, session_id: str) -> str | None:
        self.asked += 1
        self.asked_event.set()
        if self.gate is not None:
            await self.gate.wait()
        return None if self.ended else self.person.encode()


def live(identity: Identity) -> Principals:
    principals = Principals(identity, now=lambda: NOW)
    principals.went_live()
    return principals


async def test_a_principal_is_asked_for_once_while_changes_are_heard() -> None:
    identity = Identity()
    principals = live(identity)

    callers = [await principals.of_session("s") for _ in range(3)]

    assert identity.asked == 1
    assert [caller and caller.principal.id for caller in callers] == [identity.person.id] * 3


async def test_without_the_stream_of_changes_every_request_asks() -> None:
    identity = Identity()
    principals = Principals(identity, now=lambda: NOW)

    for _ in range(3):
        await principals.of_session("s")

    assert identity.asked == 3


async def test_a_lost_stream_forgets_everybody() -> None:
    identity = Identity()
    principals = live(identity)
    await principals.of_session("s")

    principals.went_dark()
    identity.ended = True

    assert await principals.of_session("s") is None


async def test_a_change_of_rights_is_seen_by_the_next_request() -> None:
    identity = Identity()
    principals = live(identity)
    await principals.of_session("s")

    principals.forget_principal(str(identity.person.id))
    await principals.of_session("s")

    assert identity.asked == 2


async def test_an_ended_session_is_nobody() -> None:
    identity = Identity()
    principals = live(identity)
    await principals.of_session("s")

    principals.forget_session("s")
    identity.ended = True

    assert await principals.of_session("s") is None


async def test_a_change_during_a_load_is_not_overwritten_by_its_answer() -> None:
    identity = Identity()
    identity.gate = asyncio.Event()
    principals = live(identity)
    loading = asyncio.create_task(principals.of_session("s"))
    await identity.asked_event.wait()

    principals.forget_principal(str(identity.person.id))
    identity.gate.set()
    await loading
    await principals.of_session("s")

    assert identity.asked == 2


async def test_many_requests_at_once_share_one_load() -> None:
    identity = Identity()
    identity.gate = asyncio.Event()
    principals = live(identity)
    loading = [asyncio.create_task(principals.of_session("s")) for _ in range(10)]
    await identity.asked_event.wait()

    identity.gate.set()
    await asyncio.gather(*loading)

    assert identity.asked == 1


async def test_a_right_that_ends_by_itself_is_loaded_anew() -> None:
    identity = Identity(valid_until=NOW - timedelta(seconds=1))
    principals = live(identity)

    await principals.of_session("s")
    await principals.of_session("s")

    assert identity.asked == 2
