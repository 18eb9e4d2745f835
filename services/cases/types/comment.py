"""What is said in a case."""

from datetime import datetime
from typing import Self

import strawberry

from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from services.cases import models
from services.cases.context import Info
from services.cases.types.file import CaseFile
from services.cases.types.rules import PARTIES
from services.cases.types.user import User

_PREFIX = "cmt"


@strawberry.federation.type(keys=["id"], directives=[PARTIES])
class CaseComment(Node):
    """One contribution. Internal ones are returned to staff only: filtered out, never masked."""

    body: str
    internal: bool
    created_at: datetime
    row: strawberry.Private[models.CaseComment]

    @strawberry.field
    def author(self) -> User:
        """Who said it."""
        return User.of(self.row.author_id)

    @strawberry.field
    async def files(self, info: Info) -> list[CaseFile]:
        """What came with it, oldest first."""
        rows = await info.context.loaders.files_of_comment.load(self.row.id)
        return [CaseFile.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.CaseComment) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            body=row.body,
            internal=row.internal,
            created_at=row.created_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(_PREFIX, keys), info.context.loaders.comment, cls.of)


@strawberry.type
class CommentConnection(Connection[CaseComment]):
    """A page of comments."""
