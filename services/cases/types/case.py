"""Cases."""

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, Self

import strawberry

from kit.columns import plain
from kit.contract import Capability
from kit.ids import from_global, to_global
from kit.subgraph.batching import Of
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node
from kit.subgraph.paging import page_request
from services.cases import models
from services.cases.context import Info
from services.cases.loaders import Loaders
from services.cases.models import CaseAccess, CaseImpact, CaseQueue, CaseStatus, is_staff
from services.cases.permissions import permissions
from services.cases.repository.query import CaseQuery, Reader
from services.cases.types.comment import CaseComment, CommentConnection
from services.cases.types.file import CaseFile, CaseFileConnection
from services.cases.types.history import CaseEvent, CaseEventConnection
from services.cases.types.participant import CaseParticipant
from services.cases.types.rating import CaseRating
from services.cases.types.reference import Deployment, ProductKey
from services.cases.types.rules import PARTIES, STAFF
from services.cases.types.service_level import CaseSla
from services.cases.types.user import User

if TYPE_CHECKING:
    from services.cases.types.account import Account

PREFIX: Final = "case"


@strawberry.type
class CasePermissions:
    """What the caller may do with the case now. It tells clients what to show."""

    edit: bool
    comment: bool
    upload: bool
    share: bool
    resolve: bool


@strawberry.federation.type(keys=["id", "number"], directives=[PARTIES])
class Case(Node):
    """One request for help. Customers learn nothing of what the staff keeps to itself: not from
    `status`, `updatedAt` or `version` either."""

    number: str
    queue: CaseQueue
    status: CaseStatus
    impact: CaseImpact
    severity: int | None = strawberry.field(directives=[STAFF])
    subject: str
    description: str
    type: str | None
    type_detail: str | None
    product_version: str | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    reopen_count: int
    version: int
    row: strawberry.Private[models.Case]

    @strawberry.field
    def account(
        self,
    ) -> Annotated["Account", strawberry.lazy("services.cases.types.account")]:
        """Whose case it is."""
        from services.cases.types.account import Account  # which imports this module

        return Account.of(self.row.account_id)

    @strawberry.field
    def requester(self) -> User:
        """Who asks for help."""
        return User.of(self.row.requester_id)

    @strawberry.field
    def assignee(self) -> User | None:
        """Who deals with it."""
        return User.of(self.row.assignee_id) if self.row.assignee_id is not None else None

    @strawberry.field
    def product_key(self, info: Info) -> ProductKey | None:
        """The key it is about, for those who see the account's keys and for the requester.

        Licensing has the last word: whom the key's group is managed by, for one.
        """
        id = self.row.product_key_id
        readers = (Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP)
        if id is None or not self._knows(info, readers, Capability.KEY_READ_OWN):
            return None
        return ProductKey(id=strawberry.ID(to_global("key", id)))

    @strawberry.field
    def deployment(self, info: Info) -> Deployment | None:
        """The deployment it is about, for those who see the account's and for the requester."""
        id = self.row.deployment_id
        if id is None or not self._knows(
            info, (Capability.KEY_READ_ALL,), Capability.DEPLOYMENT_READ
        ):
            return None
        return Deployment(id=strawberry.ID(to_global("dep", id)))

    @strawberry.field
    async def participants(self, info: Info) -> list[CaseParticipant]:
        """Whom it is shared with."""
        rows = await info.context.loaders.participants_of.load(self.row.id)
        return [CaseParticipant.of(row) for row in rows]

    @strawberry.field
    async def comments(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> CommentConnection:
        """What was said, oldest first."""
        loaders, id = info.context.loaders, self.row.id
        page = await loaders.comments_of.load(Of(id, page_request(info, "comments", first, after)))
        count = partial(loaders.comment_count_of.load, Of(id, None))
        return CommentConnection.of(page, CaseComment.of, count)

    @strawberry.field
    async def files(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> CaseFileConnection:
        """Its files, those of comments too, oldest first."""
        loaders, id = info.context.loaders, self.row.id
        page = await loaders.files_of.load(Of(id, page_request(info, "files", first, after)))
        count = partial(loaders.file_count_of.load, Of(id, None))
        return CaseFileConnection.of(page, CaseFile.of, count)

    @strawberry.field
    async def history(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> CaseEventConnection | None:
        """What happened, oldest first."""
        loaders, id = info.context.loaders, self.row.id
        page = await loaders.events_of.load(Of(id, page_request(info, "history", first, after)))
        count = partial(loaders.event_count_of.load, Of(id, None))
        return CaseEventConnection.of(page, CaseEvent.of, count)

    @strawberry.field
    def sla(self) -> CaseSla | None:
        """When support is due to answer; None once the case is resolved or closed."""
        return None if self.row.has_ended else CaseSla.of(self.row)

    @strawberry.field
    async def rating(self, info: Info) -> CaseRating | None:
        """How content the customer was with it: the staff sees the last word on that, everyone
        else their own."""
        row = await info.context.loaders.rating_of.load(self.row.id)
        return CaseRating.of(row) if row is not None else None

    @strawberry.field
    async def viewer_can(self, info: Info) -> CasePermissions:
        """What the caller may do."""
        access = await self._own_access(info)
        can = permissions(info.context.principal, self.row, access)
        return CasePermissions(
            edit=can.edit,
            comment=can.comment,
            upload=can.upload,
            share=can.share,
            resolve=can.resolve,
        )

    async def _own_access(self, info: Info) -> CaseAccess | None:
        if is_staff(info.context.principal):
            return None  # nobody shares a case with those who work on it
        return await info.context.loaders.own_access_to.load(self.row.id)

    def _knows(self, info: Info, readers: tuple[Capability, ...], own: Capability) -> bool:
        """Whether licensing may show the thing to the caller."""
        principal, account_id = info.context.principal, self.row.account_id
        if any(principal.holds(reader, account_id) for reader in readers):
            return True
        return self.row.requester_id == principal.id and principal.holds(own, account_id)

    @classmethod
    def of(cls, row: models.Case, reader: Reader) -> Self:
        """From its row, as the reader may know it."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            number=row.number,
            queue=row.queue,
            status=reader.reads(row.status),
            impact=row.impact,
            severity=row.severity if reader.is_staff else None,
            subject=row.subject,
            description=row.description,
            type=row.type,
            type_detail=row.type_detail,
            product_version=row.product_version,
            created_at=row.created_at,
            updated_at=row.updated_at if reader.is_staff else row.customer_updated_at,
            closed_at=row.closed_at,
            reopen_count=row.reopen_count,
            version=row.version_for(staff=reader.is_staff),
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id or by number."""
        loaders, reader = info.context.loaders, Reader.of(info.context.principal)
        async with asyncio.TaskGroup() as group:
            rows = [group.create_task(_row_of(loaders, key)) for key in keys]
        return [
            cls.of(row, reader) if (row := task.result()) is not None else None for task in rows
        ]


async def _row_of(loaders: Loaders, key: Key) -> models.Case | None:
    id, number = key.get("id"), key.get("number")
    if isinstance(id, str):
        uuid = from_global(PREFIX, id)
        return await loaders.case.load(uuid) if uuid is not None else None
    return await loaders.case_numbered.load(plain(number)) if isinstance(number, str) else None


@strawberry.type
class CaseConnection(Connection[Case]):
    """A page of cases."""


async def cases_page(
    info: Info, query: CaseQuery, first: int | None, after: str | None
) -> CaseConnection:
    """A page of the cases that the caller sees."""
    loaders = info.context.loaders
    page = await loaders.cases(query, page_request(info, f"cases:{query}", first, after))
    convert = partial(Case.of, reader=Reader.of(info.context.principal))
    return CaseConnection.of(page, convert, partial(loaders.case_count, query))
