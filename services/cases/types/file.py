"""Files of cases and their uploads."""

from datetime import datetime
from decimal import Decimal
from typing import Final, Self

import strawberry

from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import AUTHENTICATED
from kit.subgraph.scalars import URL
from services.cases import models
from services.cases.context import Context, Info
from services.cases.models import FileState
from services.cases.types.user import User

_PREFIX: Final = "file"
_UPLOAD_PREFIX: Final = "upl"
#: Where the gateway passes bytes through to this service.
_FOLDER: Final = "/files/cases"


@strawberry.federation.type(keys=["id"], directives=[AUTHENTICATED])
class CaseFile(Node):
    """A file. `size` is in bytes, `sha256` in hexadecimal."""

    name: str
    size: Decimal
    sha256: str | None
    state: FileState
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
        return _signed(info.context, "GET", f"{_FOLDER}/{self.id}")

    @classmethod
    def of(cls, row: models.CaseFile) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            name=row.name,
            size=Decimal(row.size),
            sha256=row.sha256,
            state=row.state,
            created_at=row.created_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(_PREFIX, keys), info.context.loaders.file, cls.of)


@strawberry.type
class CaseFileConnection(Connection[CaseFile]):
    """A page of files."""


@strawberry.federation.type(keys=["id"], directives=[AUTHENTICATED])
class UploadSession(Node):
    """One of the caller's uploads. `offset` is how far the server has got: a broken upload
    resumes there (tus 1.0 on `uploadUrl`)."""

    offset: Decimal
    expires_at: datetime
    row: strawberry.Private[models.UploadSession]

    @strawberry.field
    def upload_url(self, info: Info) -> URL:
        """Short-lived and bound to the caller: asked anew, it is another one."""
        return _signed(info.context, "PATCH", f"{_FOLDER}/uploads/{self.id}")

    @strawberry.field
    async def file(self, info: Info) -> CaseFile:
        """What is being uploaded."""
        row = await info.context.loaders.file.load(self.row.file_id)
        if row is None:
            raise LookupError("An upload was visible, but not its file.")
        return CaseFile.of(row)

    @classmethod
    def of(cls, row: models.UploadSession) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(_UPLOAD_PREFIX, row.id)),
            offset=Decimal(row.offset),
            expires_at=row.expires_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(_UPLOAD_PREFIX, keys), info.context.loaders.upload, cls.of)


def _signed(context: Context, method: str, path: str) -> URL:
    return URL(context.signed_urls.sign(method, path, caller=context.principal.id).url)
