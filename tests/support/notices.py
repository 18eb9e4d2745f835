"""What people are told by mail, as it was announced."""

from sqlalchemy import select

from kit.database import Database
from kit.outbox import OutboxRow
from services.identity.events import SecurityNotice, SecurityNoticed
from services.identity.models import User


async def notices_of(identity: Database, user: User) -> list[SecurityNotice]:
    """The security notices about a person, oldest first."""
    async with identity.system() as session:
        rows = await session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.topic == SecurityNoticed.topic,
                OutboxRow.payload["user_id"].astext == str(user.id),
            )
            .order_by(OutboxRow.id)
        )
        return [SecurityNotice(row.payload["notice"]) for row in rows]
