"""The root fields of cases."""

from typing import Final, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from kit.columns import plain
from kit.errors import InvalidPageSize
from kit.ids import from_global
from kit.pagination import MAX_PAGE
from kit.subgraph.rules import AUTHENTICATED
from services.cases.context import Info
from services.cases.inputs import CaseFilter, CaseOrder, case_query, case_selection
from services.cases.repository.query import CaseView, Reader
from services.cases.repository.statistics import CaseDimension
from services.cases.types import case as cases_module
from services.cases.types import export
from services.cases.types.article import Article
from services.cases.types.case import Case, CaseConnection, cases_page
from services.cases.types.export import CaseExport
from services.cases.types.rules import READERS
from services.cases.types.statistics import COUNTERS, CaseStat

R = TypeVar("R")

_SUGGESTIONS: Final = 5
#: More of a question says no more about it.
_LONGEST_QUESTION: Final = 1_000


@strawberry.type
class Query:
    """What somebody may not see answers exactly as what does not exist."""

    @strawberry.field(directives=[READERS])
    async def case(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> Case | None:
        """One case, by id or by number; with both, the one that has both."""
        loaders = info.context.loaders
        if id is not None:
            row = await _by_id(cases_module.PREFIX, id, loaders.case)
        elif number is not None:
            row = await loaders.case_numbered.load(plain(number))
        else:
            return None
        if row is None or number not in (None, row.number):
            return None
        return Case.of(row, Reader.of(info.context.principal))

    @strawberry.field(directives=[READERS])
    async def cases(
        self,
        info: Info,
        view: CaseView | None = CaseView.ALL_OPEN,
        filter: CaseFilter | None = None,
        order_by: CaseOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> CaseConnection:
        """Cases of all accounts, as far as the caller sees them."""
        return await cases_page(info, case_query(view, filter, order_by), first, after)

    @strawberry.field(directives=[AUTHENTICATED])
    async def suggested_articles(
        self,
        info: Info,
        text: str,
        product_id: strawberry.ID | None = None,
        first: int | None = _SUGGESTIONS,
    ) -> list[Article]:
        """Articles that may answer a question, best first. The last word may be unfinished."""
        most = _SUGGESTIONS if first is None else first
        if not 0 <= most <= MAX_PAGE:
            raise InvalidPageSize(most, MAX_PAGE)
        context, question = info.context, plain(text)[:_LONGEST_QUESTION]
        product = plain(product_id) if product_id is not None else None
        found = await context.loaders.suggested_articles(question, product, context.locale, most)
        return [Article.of(each.article, each.snippet) for each in found]

    @strawberry.field(directives=[COUNTERS])
    async def case_stats(
        self, info: Info, filter: CaseFilter | None = None, *, group_by: list[CaseDimension]
    ) -> list[CaseStat]:
        """Cases in numbers, largest group first. Unless the filter or the groups speak of
        statuses, only cases in which work is left are counted."""
        stats = await info.context.loaders.stats(case_selection(filter), tuple(group_by))
        return [CaseStat.of(stat) for stat in stats]

    @strawberry.field(directives=[export.OWNERS])
    async def case_export(self, info: Info, id: strawberry.ID) -> CaseExport | None:
        """One of the caller's own exports."""
        row = await _by_id(export.PREFIX, id, info.context.loaders.case_export)
        return CaseExport.signed(info, row) if row is not None else None


async def _by_id(prefix: str, id: str, loader: DataLoader[UUID, R | None]) -> R | None:
    uuid = from_global(prefix, id)
    return await loader.load(uuid) if uuid is not None else None
