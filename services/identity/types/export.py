"""Exports in the background."""

from functools import partial
from typing import Any, Final, Self

import strawberry

from kit.contract import Capability
from kit.exports import job
from kit.exports.errors import ExportFailure
from kit.subgraph.entities import Key
from kit.subgraph.export import ExportJob
from kit.subgraph.node import entities, ids_of
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import any_of, any_of_all
from kit.subgraph.scalars import URL
from services.identity import models
from services.identity.context import Context, Info
from services.identity.exports.files import PREFIXES, export_id, file_url

PREFIX = PREFIXES[models.UserExport]
AUDIT_PREFIX = PREFIXES[models.AuditExport]

EXPORTERS: Final = any_of_all(sorted(models.UserExport.needed()))
AUDITORS: Final = any_of(Capability.AUDIT_READ)


@strawberry.federation.type(keys=["id"], directives=[EXPORTERS])
class UserExport(ExportJob):
    """The people of one account as a file."""

    @classmethod
    def of(cls, row: models.UserExport, context: Context) -> Self:
        """From its row, for this caller."""
        return cls(**_common(row, context))

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        convert = partial(cls.of, context=info.context)
        return await entities(ids_of(PREFIX, keys), info.context.loaders.user_export, convert)


@strawberry.federation.type(keys=["id"], directives=[AUDITORS])
class AuditExport(ExportJob):
    """What was done in one account as a file."""

    @classmethod
    def of(cls, row: models.AuditExport, context: Context) -> Self:
        """From its row, for this caller."""
        return cls(**_common(row, context))

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        convert = partial(cls.of, context=info.context)
        ids = ids_of(AUDIT_PREFIX, keys)
        return await entities(ids, info.context.loaders.audit_export, convert)


@strawberry.type
class UserExportPayload:
    """The export, or why there is none."""

    export: UserExport | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class AuditExportPayload:
    """The export, or why there is none."""

    export: AuditExport | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


def _common(row: job.ExportJob, context: Context) -> dict[str, Any]:
    url = file_url(row, context.files, context.principal)
    return {
        "id": strawberry.ID(export_id(row)),
        "format": row.format,
        "state": row.state,
        "row_count": row.row_count,
        "url": URL(url) if url is not None else None,
        "expires_at": row.expires_at,
        "failure": ExportFailure(row.error) if row.error is not None else None,
    }
