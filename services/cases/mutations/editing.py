"""What the parties of a case do to it, apart from talking."""

import strawberry

from kit.columns import utc_now
from kit.errors import NotFound
from kit.subgraph.refusal import refusable
from services.cases import inputs
from services.cases.context import Info
from services.cases.editing import edit_case
from services.cases.inputs import UpdateCaseInput
from services.cases.models import Case
from services.cases.mutations.answers import case_now
from services.cases.mutations.people import person
from services.cases.repository.writing import WritingRepository
from services.cases.resolving import resolve_case
from services.cases.types.payload import CasePayload
from services.cases.types.rules import READERS, WRITERS


@strawberry.type
class EditingMutations:
    """Editing, resolving, looking."""

    @refusable(directives=[WRITERS])
    async def update_case(self, info: Info, input: UpdateCaseInput) -> CasePayload:
        """Other words or another impact. A closed case is not edited any more."""
        principal, wanted = person(info.context.principal), inputs.edit(input)
        async with info.context.database.session(principal) as session:
            await edit_case(session, principal, wanted)
        return await case_now(info, wanted.case_id)

    @refusable(directives=[WRITERS])
    async def resolve_case(
        self, info: Info, case_id: strawberry.ID, reason: str | None = None
    ) -> CasePayload:
        """An answer has been found; the reason becomes a comment. Said again by the same person,
        it is the same."""
        principal, id = person(info.context.principal), inputs.case_id(case_id)
        why = inputs.perhaps_said(reason, "reason")
        async with info.context.database.session(principal) as session:
            await resolve_case(session, principal, id, why)
        return await case_now(info, id)

    @refusable(directives=[READERS])
    async def mark_case_viewed(self, info: Info, case_id: strawberry.ID) -> CasePayload:
        """The caller has seen the case as it is now: nobody else learns of it."""
        principal, id = person(info.context.principal), inputs.case_id(case_id)
        async with info.context.database.session(principal) as session:
            row = await session.get(Case, id)
            if row is None:
                raise NotFound(path=("caseId",))
            await WritingRepository(session).looked(row, principal.id, utc_now())
        return await case_now(info, id)
