"""Accounts, as far as cases know them."""

from functools import partial
from typing import Final, Self
from uuid import UUID

import strawberry

from kit.contract import Capability
from kit.ids import from_global, to_global
from kit.subgraph.batching import Of, Paged
from kit.subgraph.entities import Key
from kit.subgraph.paging import page_request
from kit.subgraph.rules import AUTHENTICATED
from services.cases.context import Info
from services.cases.inputs import CaseFilter, CaseOrder, case_query
from services.cases.repository.query import CaseView, Reader
from services.cases.repository.statistics import CaseDimension
from services.cases.types.case import Case, CaseConnection
from services.cases.types.rules import READERS, READING
from services.cases.types.statistics import COUNTERS, CaseStat

PREFIX: Final = "acc"


@strawberry.federation.type(keys=["id"], extend=True, directives=[AUTHENTICATED])
class Account:
    """Identity's type. What may be null needs a right in this very account."""

    id: strawberry.ID = strawberry.federation.field(external=True)
    uuid: strawberry.Private[UUID]

    @strawberry.field(directives=[READERS])
    async def cases(
        self,
        info: Info,
        view: CaseView | None = CaseView.ALL_OPEN,
        filter: CaseFilter | None = None,
        order_by: CaseOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> CaseConnection | None:
        """Its cases, as far as the caller sees them."""
        if not self._grants(info, *READING):
            return None
        query, loaders = case_query(view, filter, order_by), info.context.loaders
        request = page_request(info, f"account cases:{query}", first, after)
        page = await loaders.cases_of.load(Of(self.uuid, Paged(query, request)))
        count = partial(loaders.case_count_of.load, Of(self.uuid, query))
        convert = partial(Case.of, reader=Reader.of(info.context.principal))
        return CaseConnection.of(page, convert, count)

    @strawberry.field(directives=[COUNTERS])
    async def case_stats(self, info: Info, group_by: list[CaseDimension]) -> list[CaseStat] | None:
        """Its cases in numbers; without STATUS, those in which work is left."""
        if not self._grants(info, Capability.AGGREGATE_READ, Capability.STAFF_CASE):
            return None
        stats = await info.context.loaders.stats_of.load(Of(self.uuid, tuple(group_by)))
        return [CaseStat.of(stat) for stat in stats]

    def _grants(self, info: Info, *capabilities: Capability) -> bool:
        principal = info.context.principal
        return any(principal.holds(capability, self.uuid) for capability in capabilities)

    @classmethod
    def of(cls, id: UUID) -> Self:
        """By id."""
        return cls(id=strawberry.ID(to_global(PREFIX, id)), uuid=id)

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Whichever identity says there is."""
        texts = (key.get("id") for key in keys)
        ids = [from_global(PREFIX, text) if isinstance(text, str) else None for text in texts]
        return [cls.of(id) if id is not None else None for id in ids]
