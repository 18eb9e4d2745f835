"""Things of other services that licensing points at: their keys, and nothing else."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.ids import to_global

_BY_ID = Key(fields=FieldSet("id"), resolvable=False)


@strawberry.federation.type(keys=[_BY_ID])
class User:
    """Identity's."""

    id: strawberry.ID

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The person with this id, if there is one."""
        return cls(id=strawberry.ID(to_global("user", id))) if id is not None else None


@strawberry.federation.type(keys=[_BY_ID])
class Contract:
    """Billing's."""

    id: strawberry.ID

    @classmethod
    def of(cls, id: UUID) -> Self:
        """The contract with this id."""
        return cls(id=strawberry.ID(to_global("ctr", id)))
