"""The caller."""

from typing import Self

import strawberry

from kit.subgraph.entities import Key
from kit.subgraph.viewer import caller_alone
from services.cases.context import Info
from services.cases.inputs import case_query
from services.cases.repository.query import CaseView
from services.cases.types.case import CaseConnection, cases_page
from services.cases.types.rules import READERS


@strawberry.federation.type(keys=["id"], extend=True)
class Viewer:
    """The gateway's type: the caller's own cases."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[READERS])
    async def cases(
        self,
        info: Info,
        view: CaseView | None = CaseView.OPENED_BY_ME,
        first: int | None = 20,
        after: str | None = None,
    ) -> CaseConnection | None:
        """Cases of all accounts, as far as the caller sees them."""
        query = case_query(view or CaseView.OPENED_BY_ME, None, None)
        return await cases_page(info, query, first, after)

    @strawberry.field(directives=[READERS])
    async def unread_case_count(self, info: Info) -> int | None:
        """Of the cases that the caller asked for, shares or works on: how many have changed
        since they looked."""
        return await info.context.loaders.unread_case_count()

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Nobody but the caller."""
        return caller_alone(cls, info.context.principal, keys)
