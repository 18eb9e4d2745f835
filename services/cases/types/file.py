"""Files of cases and their uploads."""

from datetime import datetime
from decimal import Decimal
from typing import Final, Self

import strawberry

from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.downloads import path_of
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.scalars import URL
from services.cases import models
from services.cases.context import Info
from services.cases.models import FileState, Finding
from services.cases.types.rules import PARTIES
from services.cases.types.user import User
from services.cases.uploads.addresses import UPLOAD_PREFIX

PREFIX: Final = "file"
_SERVICE: Final = "cases"
#: Of the files that `kit.subgraph.downloads` gives out.
KIND: Final = "attachments"


@strawberry.federation.type(keys=["id"], directives=[PARTIES])
class CaseFile(Node):
    """A file. `size` is in bytes, `sha256` in hexadecimal."""

    name: str
    size: Decimal
    sha256: str | None
    state: FileState
    #: Why it is quarantined or abandoned.
    finding: Finding | None
    created_at: datetime
    row: strawberry.Private[models.CaseFile]

    @strawberry.field
    def uploaded_by(self) -> User:
        """Who brought it."""
        return User.of(self.row.uploaded_by_id)

    @strawberry.field
    def download_url(self, info: Info) -> URL | None:
        """Short-lived and bound to the caller; None unless the file is READY."""
        if self.state is not FileState.READY:
            return None
        path = path_of(_SERVICE, KIND, self.id)
        return URL(info.context.signed_urls.sign("GET", path, caller=info.context.principal.id).url)

    @classmethod
    def of(cls, row: models.CaseFile) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            name=row.name,
            size=Decimal(row.size),
            sha256=row.sha256,
            state=row.state,
            finding=Finding[row.finding] if row.finding is not None else None,
            created_at=row.created_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.file, cls.of)


@strawberry.type
class CaseFileConnection(Connection[CaseFile]):
    """A page of files."""


@strawberry.federation.type(keys=["id"], directives=[PARTIES])
class UploadSession(Node):
    """One of the caller's uploads. `offset` is how far the server has got: a broken upload
    resumes there, from wherever the caller is signed in (tus 1.0 on `uploadUrl`)."""

    offset: Decimal
    expires_at: datetime
    row: strawberry.Private[models.UploadSession]

    @strawberry.field
    def upload_url(self, info: Info) -> URL:
        """For the caller's own credentials, until `expiresAt`."""
        return URL(info.context.upload_urls.of(self.row.id))

    @strawberry.field
    async def file(self, info: Info) -> CaseFile:
        """What is being uploaded."""
        id = self.row.file_id
        row = await info.context.loaders.file.load(id) if id is not None else None
        if row is None:
            raise LookupError("An upload was visible, but not its file.")
        return CaseFile.of(row)

    @classmethod
    def of(cls, row: models.UploadSession) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(UPLOAD_PREFIX, row.id)),
            offset=Decimal(row.offset),
            expires_at=row.expires_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(UPLOAD_PREFIX, keys), info.context.loaders.upload, cls.of)
