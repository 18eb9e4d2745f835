"""What mutations answer."""

import strawberry

from kit.subgraph.refusal import UserError
from services.cases.types.article import Article
from services.cases.types.case import Case
from services.cases.types.comment import CaseComment
from services.cases.types.file import UploadSession


@strawberry.type
class CasePayload:
    """The case as it is now, or why nothing was done."""

    case: Case | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ArticlePayload:
    """The article as it is now, or why nothing was done."""

    article: Article | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class AddCommentPayload:
    """The comment and its case as it is now, or why nothing was done. `reopened` says whether
    the case, which had ended, goes on because of it."""

    comment: CaseComment | None = None
    case: Case | None = None
    reopened: bool = False
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UploadPayload:
    """The upload as far as it has got, or why nothing was done."""

    upload: UploadSession | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)
