"""Files are brought: the bytes themselves go another way (tus 1.0)."""

from dataclasses import asdict
from uuid import UUID

import strawberry

from kit.columns import plain
from kit.errors import NotFound
from kit.idempotency import once
from kit.ids import from_global
from kit.subgraph.refusal import refusable
from services.cases import models
from services.cases.context import Info
from services.cases.errors import WrongBytes
from services.cases.inputs import StartUploadInput, new_file
from services.cases.models import CaseFile, Finding
from services.cases.mutations.people import person
from services.cases.types.file import UploadSession
from services.cases.types.payload import UploadPayload
from services.cases.types.rules import WRITERS
from services.cases.uploads.addresses import UPLOAD_PREFIX
from services.cases.uploads.finishing import finish
from services.cases.uploads.starting import start_upload


@strawberry.type
class UploadMutations:
    """Beginning and ending uploads."""

    @refusable(directives=[WRITERS])
    async def start_upload(self, info: Info, input: StartUploadInput) -> UploadPayload:
        """Announce a file: its bytes go to `uploadUrl`. The same key gives the same upload."""
        context = info.context
        principal, new = person(context.principal), new_file(input)
        async with context.database.session(principal) as session:

            async def act() -> UUID:
                return (await start_upload(session, principal, new, context.upload_limits)).id

            id = await once(
                session,
                principal,
                operation="startUpload",
                key=plain(input.idempotency_key),
                parameters={**asdict(input), "size": str(input.size)},
                act=act,
            )
            row = await session.get(models.UploadSession, id)
        context.loaders.forget()
        return UploadPayload(upload=UploadSession.of(row) if row is not None else None)

    @refusable(directives=[WRITERS])
    async def finish_upload(self, info: Info, upload_id: strawberry.ID) -> UploadPayload:
        """Make sure that all has arrived: the last byte does it by itself. Said twice, it is the
        same."""
        context = info.context
        principal, id = person(context.principal), from_global(UPLOAD_PREFIX, upload_id)
        async with context.database.session(principal) as session:
            row = await session.get(models.UploadSession, id) if id is not None else None
        if row is None or row.file_id is None:
            raise NotFound(path=("uploadId",))
        async with context.database.system() as session:
            file = await session.get_one(CaseFile, row.file_id)
            if file.finding == Finding.CHECKSUM_MISMATCH.name:
                raise WrongBytes(path=("uploadId",))
            finished = await finish(session, row.id)
        context.loaders.forget()
        return UploadPayload(upload=UploadSession.of(finished or row))
