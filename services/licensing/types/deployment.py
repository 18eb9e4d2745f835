"""Deployments."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import any_of
from kit.subgraph.scalars import URL
from services.licensing import models
from services.licensing.context import Info
from services.licensing.models import DeploymentPlatform, DeploymentScope
from services.licensing.repository.deployments import Seats
from services.licensing.repository.keys import KeyQuery, Within
from services.licensing.types.key import (
    KEY_READERS,
    ProductKeyConnection,
    keys_page_of,
)

if TYPE_CHECKING:
    from services.licensing.types.account import Account

PREFIX = "dep"

DEPLOYMENT_READERS = any_of(Capability.DEPLOYMENT_READ)


@strawberry.type
class SeatPool:
    """The seats of one role, summed over the deployment's good keys; the first ends on `endsOn`.

    How many are in use is known where people sign in.
    """

    role: str
    purchased: int
    assigned: int
    in_use: int | None
    ends_on: date | None

    @classmethod
    def of(cls, seats: Seats, *, login_based: bool) -> Self:
        """From what was counted."""
        return cls(
            role=seats.role,
            purchased=seats.purchased,
            assigned=seats.assigned,
            in_use=seats.in_use if login_based else None,
            ends_on=seats.ends_on,
        )


@strawberry.type
class DeploymentEnvironment:
    """One installation of a deployment."""

    name: str
    production: bool


@strawberry.federation.type(keys=["id"], directives=[DEPLOYMENT_READERS])
class Deployment(Node):
    """A named collection of keys used in one Server environment or Online site."""

    name: str
    platform: DeploymentPlatform
    site_url: URL | None
    scope: DeploymentScope
    login_based_licensing: bool
    version: int
    row: strawberry.Private[models.Deployment]

    @strawberry.field
    def account(self) -> Annotated["Account", strawberry.lazy("services.licensing.types.account")]:
        """Whose it is."""
        from services.licensing.types.account import Account  # which imports this module

        return Account.of(self.row.account_id)

    @strawberry.field
    async def seats(self, info: Info) -> list[SeatPool]:
        """Its seats by role."""
        pools = await info.context.loaders.seats_of.load(self.row.id)
        return [SeatPool.of(pool, login_based=self.login_based_licensing) for pool in pools]

    @strawberry.field(directives=[KEY_READERS])
    async def keys(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> ProductKeyConnection | None:
        """Its keys that the caller sees, newest first."""
        return await keys_page_of(info, Within.DEPLOYMENT, self.row.id, KeyQuery(), first, after)

    @strawberry.field
    async def environments(self, info: Info) -> list[DeploymentEnvironment]:
        """Its installations, production first."""
        rows = await info.context.loaders.environments_of.load(self.row.id)
        return [DeploymentEnvironment(name=row.name, production=row.production) for row in rows]

    @classmethod
    def of(cls, row: models.Deployment) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            name=row.name,
            platform=row.platform,
            site_url=URL(row.site_url) if row.site_url is not None else None,
            scope=row.scope,
            login_based_licensing=row.login_based,
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.deployment, cls.of)


@strawberry.type
class DeploymentConnection(Connection[Deployment]):
    """A page of deployments."""
