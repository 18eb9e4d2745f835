"""What identity announces: the gateway keeps no right that one of these took away."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kit.outbox import Event


@dataclass(frozen=True)
class PrincipalChanged(Event):
    """The rights of a person or machine client are not what they were."""

    topic: ClassVar[str] = "identity.principal-changed"

    principal_id: UUID


@dataclass(frozen=True)
class SessionEnded(Event):
    """A session is over; `session_id` is the `sid` of its access tokens."""

    topic: ClassVar[str] = "identity.session-ended"

    session_id: UUID
