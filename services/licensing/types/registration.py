"""Registrations of keys."""

from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.rules import any_of
from services.licensing import models

_PREFIX = "reg"


@strawberry.federation.type(directives=[any_of(Capability.ACTIVATION_READ)])
class Registration:
    """What somebody typed when they registered an installation: unchecked, partly blank."""

    id: strawberry.ID
    at: datetime
    name: str | None
    email: str | None
    company: str | None
    version: str | None
    machine: str | None

    @classmethod
    def of(cls, row: models.Registration) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            at=row.at,
            name=row.name,
            email=row.email,
            company=row.company,
            version=row.version,
            machine=row.machine,
        )


@strawberry.type
class RegistrationConnection(Connection[Registration]):
    """A page of registrations."""
