"""What licensing announces. No event carries a key's characters."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kit.outbox import Event


@dataclass(frozen=True)
class KeyAssigned(Event):
    """Somebody was given a key. They are told, and invited, only with `grant_portal_access`."""

    topic: ClassVar[str] = "licensing.key-assigned"

    key_id: UUID
    account_id: UUID
    masked_key: str
    first_name: str
    last_name: str
    email: str
    grant_portal_access: bool
    assigned_by_id: UUID
