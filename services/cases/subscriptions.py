"""The root fields of cases whose answers go on."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from kit.ids import from_global
from services.cases.context import Info
from services.cases.inputs import CaseFilter, case_query
from services.cases.repository.query import CaseView, Reader
from services.cases.types.case import PREFIX, Case
from services.cases.types.rules import READERS


@strawberry.type
class Subscription:
    """Each event is what the caller sees at that moment; of what they do not see there is none."""

    @strawberry.subscription(directives=[READERS])
    async def case_changed(
        self, info: Info, case_id: strawberry.ID
    ) -> AsyncGenerator[Case | None, None]:
        """The case as it is now, and again whenever it changes. Null, and the end, when the
        caller does not see it, or no longer."""
        principal, id = info.context.principal, from_global(PREFIX, case_id)
        if id is None:
            yield None
            return
        async with aclosing(info.context.watching.case(principal, id)) as changes:
            async for row in changes:
                yield Case.of(row, Reader.of(principal)) if row is not None else None

    @strawberry.subscription(directives=[READERS])
    async def case_list_changed(
        self,
        info: Info,
        account_id: strawberry.ID | None = None,
        view: CaseView | None = None,
    ) -> AsyncGenerator[Case | None, None]:
        """Each case of a list, ALL_OPEN if nothing is said, that changes, comes or goes: one that
        has gone is told of once, as it is now. Null means to read the list anew: so it begins,
        and so it goes on when changes may have been missed, or when a case that was told of is
        out of the caller's sight."""
        principal = info.context.principal
        accounts = CaseFilter(account_ids=[account_id]) if account_id is not None else None
        query = case_query(view, accounts, None)
        async with aclosing(info.context.watching.cases(principal, query)) as changes:
            async for row in changes:
                yield Case.of(row, Reader.of(principal)) if row is not None else None
