"""Whoever is removed has nothing left, and whoever is demoted has less: within a second."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import ClientPayloadError, ClientSession, CookieJar, WSMsgType

from kit.ids import new_id
from services.identity.models import Credential, Role
from tests.support.credentials import HASHER
from tests.support.identity import a_member, a_user, an_account, an_identity, global_id, kept
from tests.support.running_portal import RunningPortal
from tests.support.signing_in import PASSWORD

pytestmark = pytest.mark.e2e

#: Seconds, from the mutation's answer.
AT_ONCE: Final = 1.0

COOKIE: Final = {"delivery": "cookie"}

Record = Callable[[str, object], None]

REMOVE: Final = """mutation ($account: ID!, $members: [ID!]!) {
    removeMembers(accountId: $account, membershipIds: $members) { removedIds errors { code } } }"""
DEMOTE: Final = """mutation ($input: UpdateMembershipInput!) {
    updateMembership(input: $input) { membership { role } errors { code } } }"""
EXPORT: Final = """mutation ($account: ID!, $key: ID!) {
    exportUsers(accountId: $account, format: CSV, idempotencyKey: $key) {
        export { id } errors { code } } }"""
FILE: Final = "query ($id: ID!) { userExport(id: $id) { url } }"
MEMBERS: Final = """query ($account: ID!) { account(id: $account) {
    members { totalCount } viewerCapabilities } }"""


@dataclass
class Person:
    """Somebody with a browser and a program."""

    portal: RunningPortal
    email: str
    browser: ClientSession
    program: ClientSession
    tokens: dict[str, str] = field(default_factory=dict)

    async def sign_in(self) -> "Person":
        body = {"email": self.email, "password": PASSWORD}
        async with self.browser.post(self._at("/auth/sign-in"), json=body | COOKIE) as answer:
            assert answer.status == 200, await answer.text()
        async with self.program.post(self._at("/auth/sign-in"), json=body) as answer:
            self.tokens = await answer.json()
        return self

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens['accessToken']}"}

    async def ask(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        url = self._at("/graphql")
        async with self.program.post(url, json=body, headers=self.bearer) as answer:
            return await answer.json(content_type=None)

    async def token_works(self) -> bool:
        body = {"query": "{ me { user { id } } }"}
        url = self._at("/graphql")
        async with self.program.post(url, json=body, headers=self.bearer) as answer:
            return answer.status == 200

    async def cookie_works(self) -> bool:
        body = {"query": "{ me { user { id } } }"}
        async with self.browser.post(self._at("/graphql"), json=body) as answer:
            return answer.status == 200

    async def refresh_token_works(self) -> bool:
        body = {"refreshToken": self.tokens["refreshToken"]}
        async with self.program.post(self._at("/auth/refresh"), json=body) as answer:
            if answer.status != 200:
                return False
            self.tokens |= await answer.json()
            return True

    async def file_status(self, url: str) -> int:
        async with self.program.get(url, headers=self.bearer) as answer:
            await answer.read()
            return answer.status

    async def url_works(self, url: str) -> bool:
        try:
            return await self.file_status(url) == 200
        except ClientPayloadError:  # cut in the middle, as it should be
            return False

    def socket(self) -> Any:
        return self.program.ws_connect(self._at("/graphql"), protocols=["graphql-transport-ws"])

    def _at(self, path: str) -> str:
        return f"{self.portal.url}{path}"


@dataclass
class Firm:
    """An account of two administrators, of whom one shall go."""

    account: str
    membership: str
    boss: Person
    leaver: Person

    async def file(self) -> str:
        """The leaver's list of members, once it is made."""
        asked = await self.leaver.ask(EXPORT, account=self.account, key=str(new_id()))
        id = asked["data"]["exportUsers"]["export"]["id"]
        url = None
        while url is None:
            url = (await self.leaver.ask(FILE, id=id))["data"]["userExport"]["url"]
        return str(url)

    async def remove(self) -> float:
        """When it was answered."""
        answer = await self.boss.ask(REMOVE, account=self.account, members=[self.membership])
        answered = time.monotonic()
        assert answer["data"]["removeMembers"]["removedIds"] == [self.membership], answer
        return answered

    async def demote(self) -> float:
        """When it was answered."""
        change = {"membershipId": self.membership, "role": "INDIVIDUAL", "expectedVersion": 1}
        answer = await self.boss.ask(DEMOTE, input=change)
        answered = time.monotonic()
        assert answer["data"]["updateMembership"]["errors"] == [], answer
        return answered


@pytest_asyncio.fixture
async def firm(portal: RunningPortal) -> AsyncIterator[Firm]:
    boss, leaver, account = a_user(), a_user(), an_account(f"Firm {new_id()}", number=str(new_id()))
    membership = a_member(account, leaver, Role.ADMINISTRATOR)
    async with an_identity(portal.database_urls["identity"]) as identity:
        await kept(
            identity,
            *(boss, leaver, account, membership, a_member(account, boss, Role.ADMINISTRATOR)),
            *(
                Credential(user_id=each.id, password_hash=HASHER.hash(PASSWORD))
                for each in (boss, leaver)
            ),
        )
    async with a_browser() as one, a_browser() as two, ClientSession() as program:
        people = [
            await Person(portal, user.email, browser, program).sign_in()
            for user, browser in ((boss, one), (leaver, two))
        ]
        yield Firm(global_id(account), global_id(membership), *people)


def a_browser() -> ClientSession:
    """One that keeps the cookies of an address without a name."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def ended(works: Callable[[], Awaitable[bool]], since: float) -> float:
    """Seconds until it works no more; asked again and again."""
    while await works():
        assert time.monotonic() - since < 10 * AT_ONCE
    return time.monotonic() - since


@pytest.mark.parametrize("what", ["token", "cookie", "refresh_token", "url"])
async def test_nothing_of_a_removed_member_works_any_more(
    firm: Firm, what: str, record_property: Record
) -> None:
    leaver, url = firm.leaver, await firm.file()
    works: Callable[[], Awaitable[bool]] = {
        "token": leaver.token_works,
        "cookie": leaver.cookie_works,
        "refresh_token": leaver.refresh_token_works,
        "url": lambda: leaver.url_works(url),
    }[what]
    before = await works()

    seconds = await ended(works, await firm.remove())

    record_property(f"{what}_seconds", round(seconds, 3))
    assert before
    assert seconds < AT_ONCE


async def test_a_removed_members_socket_is_closed(firm: Firm, record_property: Record) -> None:
    async with firm.leaver.socket() as socket:
        await socket.send_json({"type": "connection_init", "payload": firm.leaver.bearer})
        acknowledged = await socket.receive_json()

        answered = await firm.remove()
        last = await socket.receive(timeout=10 * AT_ONCE)

        seconds = time.monotonic() - answered
    record_property("socket_seconds", round(seconds, 3))
    assert acknowledged["type"] == "connection_ack"
    assert last.type is WSMsgType.CLOSE
    assert socket.close_code == 4403
    assert seconds < AT_ONCE


async def test_a_removed_member_who_signs_in_anew_finds_no_file(firm: Firm) -> None:
    url = await firm.file()
    await ended(firm.leaver.token_works, await firm.remove())

    await firm.leaver.sign_in()

    assert await firm.leaver.token_works()
    assert await firm.leaver.file_status(url) == 404


async def test_a_url_is_nobody_elses(firm: Firm) -> None:
    url = await firm.file()

    assert await firm.leaver.file_status(url) == 200
    assert await firm.boss.file_status(url) == 403


async def test_a_demoted_member_has_the_lesser_rights_at_once(
    firm: Firm, record_property: Record
) -> None:
    url = await firm.file()

    async def administers() -> bool:
        answer = await firm.leaver.ask(MEMBERS, account=firm.account)
        return "MEMBER_READ" in answer["data"]["account"]["viewerCapabilities"]

    before = await administers()
    seconds = await ended(administers, await firm.demote())

    record_property("demotion_seconds", round(seconds, 3))
    assert before
    assert seconds < AT_ONCE
    assert (await firm.leaver.ask(MEMBERS, account=firm.account))["data"]["account"][
        "members"
    ] is None
    assert await firm.leaver.file_status(url) == 404
