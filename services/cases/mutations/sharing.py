"""Whom a case is shared with."""

import strawberry

from kit.subgraph.refusal import refusable
from services.cases import inputs
from services.cases.context import Info
from services.cases.models import CaseAccess
from services.cases.mutations.answers import case_now
from services.cases.mutations.people import person
from services.cases.sharing import share_case, unshare_case
from services.cases.types.payload import CasePayload
from services.cases.types.rules import WRITERS


@strawberry.type
class SharingMutations:
    """Sharing and its end. Said twice, it is the same."""

    @refusable(directives=[WRITERS])
    async def share_case(
        self, info: Info, case_id: strawberry.ID, user_id: strawberry.ID, access: CaseAccess
    ) -> CasePayload:
        """With an active member of the account; shared twice, it is for what was said last."""
        principal = person(info.context.principal)
        id, colleague = inputs.case_id(case_id), inputs.user_id(user_id)
        async with info.context.database.session(principal) as session:
            await share_case(session, principal, id, colleague, access)
        return await case_now(info, id)

    @refusable(directives=[WRITERS])
    async def unshare_case(
        self, info: Info, case_id: strawberry.ID, user_id: strawberry.ID
    ) -> CasePayload:
        """It is not shared with this person any more; nothing is done when it was not."""
        principal = person(info.context.principal)
        id, colleague = inputs.case_id(case_id), inputs.user_id(user_id)
        async with info.context.database.session(principal) as session:
            await unshare_case(session, principal, id, colleague)
        return await case_now(info, id)
