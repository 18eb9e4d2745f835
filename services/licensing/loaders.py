"""Everything a request reads, batched: made once per request, one session per batch.

Resolvers run concurrently and an `AsyncSession` must not be shared between tasks.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from kit.database import Database
from kit.pagination import Page, PageRequest, Paginator
from kit.principal import Principal
from kit.subgraph.batching import Of, Paged, by_parent, by_question
from services.licensing.models import (
    Activation,
    Deployment,
    DeploymentEnvironment,
    Download,
    KeyExport,
    KeyGroup,
    KeyProduct,
    ProductKey,
    Registration,
)
from services.licensing.repository.activations import ActivationQuery, ActivationRepository
from services.licensing.repository.deployments import DeploymentRepository, Seats
from services.licensing.repository.downloads import DownloadQuery, DownloadRepository
from services.licensing.repository.groups import GroupRepository
from services.licensing.repository.keys import KeyQuery, KeyRepository, Within
from services.licensing.repository.statistics import (
    KeyDimension,
    StatisticsRepository,
    Utilisation,
)

#: A list of keys: what its parent is, and which of the parent's keys.
KeysWithin = tuple[Within, KeyQuery]

A = TypeVar("A", bound=Hashable)
R = TypeVar("R")


class Loaders:
    """Named for key and result. A missing row is None, a missing list is empty."""

    def __init__(self, database: Database, paginator: Paginator, principal: Principal) -> None:
        self._database, self._paginator, self._principal = database, paginator, principal
        self.key: DataLoader[UUID, ProductKey | None] = self._one(ProductKey.id)
        self.key_digested: DataLoader[bytes, ProductKey | None] = self._one(ProductKey.digest)
        self.group: DataLoader[UUID, KeyGroup | None] = self._one(KeyGroup.id)
        self.deployment: DataLoader[UUID, Deployment | None] = self._one(Deployment.id)
        self.activation: DataLoader[UUID, Activation | None] = self._one(Activation.id)
        self.registration: DataLoader[UUID, Registration | None] = self._one(Registration.id)
        self.key_export: DataLoader[UUID, KeyExport | None] = self._one(KeyExport.id)
        self._load_keys()
        self._load_activations()
        self._load_groups()
        self._load_deployments()

    async def keys(self, query: KeyQuery, request: PageRequest) -> Page[ProductKey]:
        """A page of all keys that the caller sees."""
        async with self._session() as session:
            return await self._keys(session).page(query, request)

    async def key_count(self, query: KeyQuery) -> int:
        """How many there are in all."""
        async with self._session() as session:
            return await self._keys(session).count(query)

    async def downloads(self, query: DownloadQuery) -> Sequence[Download]:
        """What an account may see of the software, latest first."""
        async with self._session() as session:
            return await DownloadRepository(session).of(query)

    async def maintained_until(self, account_id: UUID) -> Mapping[KeyProduct, date]:
        """Up to which day an account's keys cover releases, by product."""
        async with self._session() as session:
            today = datetime.now(UTC).date()
            return await DownloadRepository(session).maintained_until(account_id, today)

    async def utilisation(
        self, account_ids: Sequence[UUID] | None, dimensions: Sequence[KeyDimension]
    ) -> list[Utilisation]:
        """Keys counted by dimensions."""
        async with self._session() as session:
            statistics = StatisticsRepository(session, self._principal)
            return await statistics.utilisation(account_ids, dimensions)

    def _load_keys(self) -> None:
        self.keys_of: DataLoader[Of[Paged[KeysWithin]], Page[ProductKey]] = self._questions(
            lambda session, ids, asked: self._keys(session).pages_of(
                *(asked.query[0], ids, asked.query[1], asked.request)
            ),
            Page(),
        )
        self.key_count_of: DataLoader[Of[KeysWithin], int] = self._questions(
            lambda session, ids, asked: self._keys(session).counts_of(asked[0], ids, asked[1]), 0
        )
        self.registrations_of: DataLoader[Of[PageRequest], Page[Registration]] = self._questions(
            lambda session, ids, asked: self._keys(session).registrations(ids, asked), Page()
        )
        self.registration_count_of: DataLoader[UUID, int] = self._parents(
            lambda session, ids: self._keys(session).count_registrations(ids), 0
        )

    def _load_activations(self) -> None:
        self.activations_of: DataLoader[Of[Paged[ActivationQuery]], Page[Activation]] = (
            self._questions(
                lambda session, ids, asked: ActivationRepository(session, self._paginator).pages_of(
                    ids, asked.query, asked.request
                ),
                Page(),
            )
        )
        self.activation_count_of: DataLoader[Of[ActivationQuery], int] = self._questions(
            lambda session, ids, asked: ActivationRepository(session, self._paginator).counts_of(
                ids, asked
            ),
            0,
        )

    def _load_groups(self) -> None:
        self.groups_of: DataLoader[Of[PageRequest], Page[KeyGroup]] = self._questions(
            lambda session, ids, asked: self._groups(session).pages_of(ids, asked), Page()
        )
        self.group_count_of: DataLoader[UUID, int] = self._parents(
            lambda session, ids: self._groups(session).counts_of(ids), 0
        )
        self.managers_of: DataLoader[UUID, Sequence[UUID]] = self._parents(
            lambda session, ids: self._groups(session).managers(ids), ()
        )
        self.groups_managed_by: DataLoader[UUID, Sequence[KeyGroup]] = self._parents(
            lambda session, ids: self._groups(session).managed(ids), ()
        )
        #: Of the caller's own groups, which are asked for by id.
        self.manages: DataLoader[UUID, bool] = self._parents(
            lambda session, ids: self._groups(session).managed_by(self._principal.id, ids), False
        )

    def _load_deployments(self) -> None:
        self.deployments_of: DataLoader[Of[PageRequest], Page[Deployment]] = self._questions(
            lambda session, ids, asked: self._deployments(session).pages_of(ids, asked), Page()
        )
        self.deployment_count_of: DataLoader[UUID, int] = self._parents(
            lambda session, ids: self._deployments(session).counts_of(ids), 0
        )
        self.seats_of: DataLoader[UUID, Sequence[Seats]] = self._parents(
            lambda session, ids: self._deployments(session).seats(ids), ()
        )
        self.environments_of: DataLoader[UUID, Sequence[DeploymentEnvironment]] = self._parents(
            lambda session, ids: self._deployments(session).environments(ids), ()
        )
        #: By account, and by deployment.
        self.login_based: DataLoader[UUID, bool] = self._parents(
            lambda session, ids: self._deployments(session).login_based(ids), False
        )
        self.login_based_at: DataLoader[UUID, bool] = self._parents(
            lambda session, ids: self._deployments(session).login_based_at(ids), False
        )

    def _session(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._database.session(self._principal)

    def _keys(self, session: AsyncSession) -> KeyRepository:
        return KeyRepository(session, self._paginator, self._principal)

    def _groups(self, session: AsyncSession) -> GroupRepository:
        return GroupRepository(session, self._paginator)

    def _deployments(self, session: AsyncSession) -> DeploymentRepository:
        return DeploymentRepository(session, self._paginator)

    def _one(self, column: InstrumentedAttribute[Any]) -> DataLoader[Any, Any]:
        async def load(keys: list[Any]) -> list[Any]:
            async with self._session() as session:
                rows = await session.scalars(select(column.class_).where(column.in_(keys)))
                found = {getattr(row, column.key): row for row in rows}
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _questions(
        self,
        read: Callable[[AsyncSession, Sequence[UUID], A], Awaitable[Mapping[UUID, R]]],
        missing: R,
    ) -> DataLoader[Of[A], R]:
        async def load(ids: Sequence[UUID], asked: A) -> Mapping[UUID, R]:
            async with self._session() as session:
                return await read(session, ids, asked)

        return by_question(load, missing)

    def _parents(
        self,
        read: Callable[[AsyncSession, Sequence[UUID]], Awaitable[Mapping[UUID, R]]],
        missing: R,
    ) -> DataLoader[UUID, R]:
        async def load(ids: Sequence[UUID]) -> Mapping[UUID, R]:
            async with self._session() as session:
                return await read(session, ids)

        return by_parent(load, missing)
