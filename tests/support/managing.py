"""Teams, and those who manage them through GraphQL, for the tests of identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id, to_global
from kit.outbox import Event, OutboxRow
from kit.principal import Principal
from services.identity.authentication.throttle import Throttle
from services.identity.models import Account, AuditEvent, Desk, Invitation, Membership, Role, User
from services.identity.rights.invitations import TOKEN_PURPOSE
from tests.support.identity import (
    MAILED_TOKENS,
    a_member,
    a_session,
    a_user,
    an_account,
    ask,
    kept,
    loaded,
    staff,
)


@dataclass(frozen=True, slots=True)
class Team:
    """An account and its people, in the order of their roles."""

    account: Account
    people: list[User]
    members: list[Membership]

    @property
    def id(self) -> str:
        """The account's, as clients know it."""
        return to_global("acc", self.account.id)


async def a_team(identity: Database, *roles: Role, **values: Any) -> Team:
    """An account whose members have these roles."""
    account = an_account(**values)
    people = [a_user() for _ in roles]
    members = [a_member(account, user, role) for user, role in zip(people, roles, strict=True)]
    await kept(identity, account, *people, *members)
    return Team(account, people, members)


async def proven(identity: Database, user: User, **values: Any) -> Principal:
    """The person, signed in a moment ago."""
    soon = datetime.now(UTC) + timedelta(minutes=15)
    session = await a_session(identity, user, **{"proven_until": soon, **values})
    found = await loaded(identity, session.id)
    assert found is not None
    return found


async def a_clerk(identity: Database, desk: Desk = Desk.CUSTOMER_SERVICE) -> Principal:
    """Somebody of the vendor's, signed in a moment ago."""
    user = a_user("Grace", "Hopper")
    await kept(identity, user, staff(user, desk))
    return await proven(identity, user)


async def done(
    identity: Database,
    principal: Principal,
    field: str,
    selection: str,
    arguments: Mapping[str, tuple[str, Any]],
    throttle: Throttle | None = None,
) -> Any:
    """What a mutation answers: `arguments` by name, with type and value."""
    declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in arguments.items())
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    document = (
        f"mutation ({declared}) {{ {field}({passed}) {{ {selection} errors {{ code path }} }} }}"
    )
    variables = {name: value for name, (_, value) in arguments.items()}
    result = await ask(identity, principal, document, variables, throttle=throttle)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data[field]


async def invited(
    identity: Database, principal: Principal, team: Team, email: str, **values: Any
) -> Any:
    """The payload of `inviteUser`."""
    input = {
        "accountId": team.id,
        "firstName": "Emmy",
        "lastName": "Noether",
        "email": email,
        "role": "INDIVIDUAL",
        "idempotencyKey": str(new_id()),
    }
    return await done(
        identity,
        principal,
        "inviteUser",
        "invitation { id email role state expiresAt }",
        {"input": ("InviteUserInput!", {**input, **values})},
    )


async def token_of(identity: Database, invitation: UUID) -> str:
    """What the latest mail of an invitation has in its link."""
    found = await announced(identity, "identity.invitation-sent", invitation_id=invitation)
    return MAILED_TOKENS.token(TOKEN_PURPOSE, UUID(found[-1]["token_id"]))


async def accepted(identity: Database, principal: Principal, token: str, **more: Any) -> Any:
    """The payload of `acceptInvitation`."""
    return await done(
        identity,
        principal,
        "acceptInvitation",
        "membership { id role caseAdministrator state user { email } account { id } }",
        {"token": ("String!", token)},
        **more,
    )


def codes(payload: Any) -> list[str]:
    """Why a mutation refused."""
    return [error["code"] for error in payload["errors"]]


async def announced(
    identity: Database, topic: str | type[Event], **values: UUID
) -> list[dict[str, Any]]:
    """What was announced about these ids, oldest first."""
    name = topic if isinstance(topic, str) else topic.topic
    statement = select(OutboxRow.payload).where(OutboxRow.topic == name).order_by(OutboxRow.id)
    for key, id in values.items():
        statement = statement.where(OutboxRow.payload[key].astext == str(id))
    async with identity.system() as session:
        return list(await session.scalars(statement))


async def audited(identity: Database, account: Account) -> list[str]:
    """The account's audit log, oldest first: what was done."""
    async with identity.system() as session:
        rows = await session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.account_id == account.id)
            .order_by(AuditEvent.id)
        )
        return list(rows)


R = TypeVar("R", Account, Invitation, Membership, User)


async def again(identity: Database, row: R) -> R:
    """The row as it is now."""
    async with identity.system() as session:
        return await session.get_one(type(row), row.id)
