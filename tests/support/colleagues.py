"""Two administrators of a new account, signed in at a running portal."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession

from kit.ids import new_id
from services.identity.models import Credential, Role, User
from tests.support.credentials import HASHER
from tests.support.identity import a_member, a_user, an_account, an_identity, global_id, kept
from tests.support.running_portal import RunningPortal
from tests.support.signing_in import PASSWORD

CREATE: Final = """mutation ($input: CreateCaseInput!) {
    createCase(input: $input) { case { id } errors { code } } }"""
COMMENT: Final = """mutation ($input: AddCommentInput!) {
    addCaseComment(input: $input) { comment { id } errors { code } } }"""
REMOVE: Final = """mutation ($account: ID!, $members: [ID!]!) {
    removeMembers(accountId: $account, membershipIds: $members) { removedIds errors { code } } }"""
DEMOTE: Final = """mutation ($input: UpdateMembershipInput!) {
    updateMembership(input: $input) { membership { role } errors { code } } }"""


@dataclass(frozen=True)
class Colleague:
    """Somebody with a token."""

    url: str
    session: ClientSession
    headers: Mapping[str, str]
    membership: str

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an operation without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def answer(self, query: str, **variables: Any) -> Any:
        """The answer to an operation."""
        body = {"query": query, "variables": variables}
        async with self.session.post(self.url, json=body, headers=self.headers) as response:
            return await response.json()


@dataclass(frozen=True)
class Pair:
    """An account and its two administrators."""

    account: str
    boss: Colleague
    other: Colleague

    async def case(self) -> str:
        """A case of the boss's, by its id."""
        asked = {
            "accountId": self.account,
            "queue": "TECHNICAL_SUPPORT",
            "subject": "It stands still",
            "description": "Since this morning.",
            "impact": "SEVERE",
            "idempotencyKey": str(new_id()),
        }
        made = await self.boss.ask(CREATE, input=asked)
        return str(made["createCase"]["case"]["id"])

    async def comment(self, case: str, body: str) -> None:
        """The boss speaks."""
        said = {"caseId": case, "body": body, "idempotencyKey": str(new_id())}
        answer = await self.boss.ask(COMMENT, input=said)
        assert answer["addCaseComment"]["errors"] == []

    async def remove(self) -> None:
        """The other one is no member any more."""
        members = [self.other.membership]
        answer = await self.boss.ask(REMOVE, account=self.account, members=members)
        assert answer["removeMembers"]["removedIds"] == members

    async def demote(self) -> None:
        """The other one sees only their own cases."""
        change = {
            "membershipId": self.other.membership,
            "role": "INDIVIDUAL",
            "expectedVersion": 1,
        }
        answer = await self.boss.ask(DEMOTE, input=change)
        assert answer["updateMembership"]["errors"] == []


@asynccontextmanager
async def two_colleagues(portal: RunningPortal) -> AsyncIterator[Pair]:
    """Of an account that nobody else has."""
    people, account = (a_user(), a_user()), an_account(f"Pair {new_id()}", number=str(new_id()))
    members = [a_member(account, user, Role.ADMINISTRATOR) for user in people]
    hashed = HASHER.hash(PASSWORD)
    credentials = [Credential(user_id=user.id, password_hash=hashed) for user in people]
    async with an_identity(portal.database_urls["identity"]) as identity:
        await kept(identity, *people, account, *members, *credentials)
    async with ClientSession() as session:
        boss, other = [
            await _signed_in(portal, session, user, global_id(member))
            for user, member in zip(people, members, strict=True)
        ]
        yield Pair(global_id(account), boss, other)


async def _signed_in(
    portal: RunningPortal, session: ClientSession, user: User, membership: str
) -> Colleague:
    body = {"email": user.email, "password": PASSWORD}
    async with session.post(f"{portal.url}/auth/sign-in", json=body) as response:
        token = (await response.json())["accessToken"]
    return Colleague(
        f"{portal.url}/graphql", session, {"authorization": f"Bearer {token}"}, membership
    )
