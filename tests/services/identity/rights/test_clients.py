"""Whoever keeps a client's rights hears when its creator's change."""

from datetime import UTC, datetime

from sqlalchemy import select

from kit.contract import Capability
from kit.database import Database
from kit.outbox import OutboxRow
from services.identity.events import PrincipalChanged
from services.identity.models import Role
from services.identity.rights import holders, members
from services.identity.rights.act import Act
from tests.support.clients import a_managed_client

KEYS = Capability.KEY_READ_ALL


def an_act() -> Act:
    return Act(actor_id=None, at=datetime.now(UTC), holds=frozenset(Capability))


async def changed(identity: Database) -> set[str]:
    """Whose rights are said to have changed."""
    async with identity.system() as session:
        rows = await session.scalars(
            select(OutboxRow.payload["principal_id"].astext).where(
                OutboxRow.topic == PrincipalChanged.topic
            )
        )
        return set(rows)


async def test_a_clients_rights_change_with_its_creators_role(identity: Database) -> None:
    managed, revoked = (
        await a_managed_client(identity, KEYS),
        await a_managed_client(identity, KEYS, revoked_at=datetime.now(UTC)),
    )

    async with identity.system() as session:
        for each in (managed, revoked):
            await members.change_role(
                session,
                each.membership.id,
                role=Role.BILLING,
                case_administrator=False,
                expected_version=1,
                act=an_act(),
            )

    heard = await changed(identity)
    assert {str(managed.creator.id), str(managed.client.id)} <= heard
    assert str(revoked.client.id) not in heard


async def test_a_clients_rights_change_when_its_creator_is_removed(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)

    async with identity.system() as session:
        await members.remove_members(
            session, managed.account.id, [managed.membership.id], act=an_act()
        )

    assert str(managed.client.id) in await changed(identity)


async def test_a_clients_rights_change_when_its_creator_is_suspended(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)

    async with identity.system() as session:
        await holders.suspend_user(session, managed.creator.id, act=an_act())

    assert str(managed.client.id) in await changed(identity)
