"""Cases are opened and talked about."""

from dataclasses import asdict
from uuid import UUID

import strawberry

from kit.columns import plain
from kit.idempotency import once
from kit.subgraph.refusal import refusable
from services.cases.commenting import add_comment
from services.cases.context import Info
from services.cases.inputs import AddCommentInput, CreateCaseInput, new_case, new_comment
from services.cases.models import Case, CaseComment
from services.cases.mutations.people import person
from services.cases.opening import open_case
from services.cases.repository.query import Reader
from services.cases.types import case, comment
from services.cases.types.payload import AddCommentPayload, CasePayload
from services.cases.types.rules import CREATORS, WRITERS


@strawberry.type
class ConversationMutations:
    """Opening and commenting."""

    @refusable(directives=[CREATORS])
    async def create_case(self, info: Info, input: CreateCaseInput) -> CasePayload:
        """Ask a desk for help. The same key gives the same case."""
        context = info.context
        principal = person(context.principal)
        new = new_case(input)
        async with context.database.session(principal) as session:

            async def act() -> UUID:
                return (await open_case(session, principal, new)).id

            id = await once(
                session,
                principal,
                operation="createCase",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=act,
            )
            row = await session.get(Case, id)
        context.loaders.forget()
        reader = Reader.of(principal)
        return CasePayload(case=case.Case.of(row, reader) if row is not None else None)

    @refusable(directives=[WRITERS])
    async def add_case_comment(self, info: Info, input: AddCommentInput) -> AddCommentPayload:
        """Notifies support; on a resolved or closed case it also reopens it, in one
        transaction. The same key gives the same comment."""
        context = info.context
        principal = person(context.principal)
        new = new_comment(input)
        async with context.database.session(principal) as session:

            async def act() -> UUID:
                return (await add_comment(session, principal, new)).id

            id = await once(
                session,
                principal,
                operation="addCaseComment",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=act,
            )
            row = await session.get(CaseComment, id)
            its_case = await session.get(Case, row.case_id) if row is not None else None
        context.loaders.forget()
        if row is None or its_case is None:
            return AddCommentPayload()  # said before, in a case that is out of sight since then
        return AddCommentPayload(
            comment=comment.CaseComment.of(row),
            case=case.Case.of(its_case, Reader.of(principal)),
            reopened=row.reopened,
        )
