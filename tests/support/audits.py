"""What an account's audit log says."""

from sqlalchemy import select

from kit.database import Database
from services.identity.models import (
    Account,
    AuditEvent,
)


async def audited(identity: Database, account: Account) -> list[tuple[str, str | None]]:
    """Each act with its detail, oldest first."""
    async with identity.system() as session:
        rows = await session.execute(
            select(AuditEvent.action, AuditEvent.detail)
            .where(AuditEvent.account_id == account.id)
            .order_by(AuditEvent.id)
        )
        return [(action, detail) for action, detail in rows]
