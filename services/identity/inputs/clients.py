"""Machine clients."""

from datetime import datetime
from uuid import UUID

import strawberry

from kit.contract import Capability
from services.identity.people import one_line
from services.identity.rights.clients import NewClient

_LONGEST_NAME = 100


@strawberry.input
class CreateApiClientInput:
    """A program and what it may do, until when."""

    account_id: strawberry.ID
    name: str
    scopes: list[Capability]
    expires_at: datetime
    idempotency_key: strawberry.ID


def new_client(input: CreateApiClientInput, account_id: UUID) -> NewClient:
    """What is asked. Raises `InvalidText`."""
    return NewClient(
        account_id=account_id,
        name=one_line(input.name, "name", most=_LONGEST_NAME),
        scopes=frozenset(input.scopes),
        expires_at=input.expires_at,
    )
