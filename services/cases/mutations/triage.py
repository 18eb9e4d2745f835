"""What the staff does to cases."""

import strawberry

from kit.subgraph.refusal import refusable
from services.cases import inputs
from services.cases.context import Info
from services.cases.inputs import TriageCaseInput
from services.cases.models import CaseComment
from services.cases.mutations.answers import case_now
from services.cases.mutations.people import person
from services.cases.requesting import request_files
from services.cases.triage import triage_case
from services.cases.types import comment
from services.cases.types.payload import AddCommentPayload, CasePayload
from services.cases.types.rules import STAFF


@strawberry.type
class TriageMutations:
    """Sorting cases, and asking their customers for files."""

    @refusable(directives=[STAFF])
    async def triage_case(self, info: Info, input: TriageCaseInput) -> CasePayload:
        """Who deals with it, in which queue, how severe it is and how it stands. Without a case:
        it has gone to a queue that the caller does not serve."""
        principal, wanted = person(info.context.principal), inputs.triage(input)
        async with info.context.database.session(principal) as session:
            await triage_case(session, principal, wanted)
        return await case_now(info, wanted.case_id)

    @refusable(directives=[STAFF])
    async def request_files(
        self, info: Info, case_id: strawberry.ID, what: str
    ) -> AddCommentPayload:
        """Say what support needs: the case waits for its customer. Asked again in the same words
        while it still waits, it is the same."""
        principal, id = person(info.context.principal), inputs.case_id(case_id)
        words = inputs.said(what, "what")
        async with info.context.database.session(principal) as session:
            comment_id = await request_files(session, principal, id, words)
            row = await session.get_one(CaseComment, comment_id)
        payload = await case_now(info, id)
        return AddCommentPayload(comment=comment.CaseComment.of(row), case=payload.case)
