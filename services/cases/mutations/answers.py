"""What is answered once something was done."""

from uuid import UUID

from services.cases.context import Info
from services.cases.repository.query import Reader
from services.cases.types.case import Case
from services.cases.types.payload import CasePayload


async def case_now(info: Info, id: UUID) -> CasePayload:
    """The case as it is since then; without it, when it has gone out of the caller's sight."""
    loaders = info.context.loaders
    loaders.forget()
    row = await loaders.case.load(id)
    reader = Reader.of(info.context.principal)
    return CasePayload(case=Case.of(row, reader) if row is not None else None)
