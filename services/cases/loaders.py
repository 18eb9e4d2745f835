"""Everything a request reads, batched: made once per request, one session per batch.

Resolvers run concurrently and an `AsyncSession` must not be shared between tasks.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from kit.database import Database
from kit.pagination import Page, PageRequest, Paginator
from kit.principal import Principal
from kit.subgraph.batching import Of, Paged, by_parent, by_question
from services.cases.models import (
    Article,
    Case,
    CaseAccess,
    CaseComment,
    CaseEvent,
    CaseExport,
    CaseFile,
    CaseParticipant,
    CaseRating,
    UploadSession,
)
from services.cases.repository.articles import ArticleRepository, Suggestion
from services.cases.repository.cases import CaseRepository
from services.cases.repository.conversation import ConversationRepository
from services.cases.repository.query import CaseQuery, CaseSelection, Reader
from services.cases.repository.ratings import Feedback, RatingRepository
from services.cases.repository.statistics import CaseDimension, Stat, StatisticsRepository

C = TypeVar("C", CaseComment, CaseFile, CaseEvent)


class Loaders:
    """Named for key and result. A missing row is None, a missing list is empty."""

    def __init__(self, database: Database, paginator: Paginator, principal: Principal) -> None:
        self._database, self._paginator, self._principal = database, paginator, principal
        self.case: DataLoader[UUID, Case | None] = self._one(Case.id)
        self.is_late: DataLoader[UUID, bool] = by_parent(self._late, False)
        self.case_numbered: DataLoader[str, Case | None] = self._one(Case.number)
        self.comment: DataLoader[UUID, CaseComment | None] = self._one(CaseComment.id)
        self.file: DataLoader[UUID, CaseFile | None] = self._one(CaseFile.id)
        self.upload: DataLoader[UUID, UploadSession | None] = self._one(UploadSession.id)
        self.case_export: DataLoader[UUID, CaseExport | None] = self._one(CaseExport.id)
        self.participants_of: DataLoader[UUID, Sequence[CaseParticipant]] = by_parent(
            self._participants, ()
        )
        self.rating_of: DataLoader[UUID, CaseRating | None] = by_parent(self._ratings, None)
        self.article: DataLoader[UUID, Article | None] = self._one(Article.id)
        self.feedback_of: DataLoader[UUID, Feedback] = by_parent(self._feedback, Feedback())
        self.own_access_to: DataLoader[UUID, CaseAccess | None] = by_parent(self._own_access, None)
        self.files_of_comment: DataLoader[UUID, Sequence[CaseFile]] = by_parent(
            self._files_of_comments, ()
        )
        self.open_case_count_of: DataLoader[UUID, int] = by_parent(self._open_counts, 0)
        self.cases_of: DataLoader[Of[Paged[CaseQuery]], Page[Case]] = by_question(
            self._cases, Page()
        )
        self.case_count_of: DataLoader[Of[CaseQuery], int] = by_question(self._case_counts, 0)
        self.stats_of: DataLoader[Of[tuple[CaseDimension, ...]], Sequence[Stat]] = by_question(
            self._stats, ()
        )
        self.comments_of, self.comment_count_of = self._lists(CaseComment)
        self.files_of, self.file_count_of = self._lists(CaseFile)
        self.events_of, self.event_count_of = self._lists(CaseEvent)

    def forget(self) -> None:
        """Read everything anew: something was written."""
        for each in vars(self).values():
            if isinstance(each, DataLoader):
                each.clear_all()

    async def cases(self, query: CaseQuery, request: PageRequest) -> Page[Case]:
        """A page of the cases that the caller sees."""
        async with self._cases_repository() as repository:
            return await repository.page(query, request)

    async def case_count(self, query: CaseQuery) -> int:
        """How many there are in all."""
        async with self._cases_repository() as repository:
            return await repository.count(query)

    async def unread_case_count(self) -> int:
        """How many of the cases that the caller follows have changed since they looked."""
        async with self._cases_repository() as repository:
            return await repository.count_unread()

    async def stats(
        self, selection: CaseSelection, dimensions: Sequence[CaseDimension]
    ) -> Sequence[Stat]:
        """Groups of the cases whose number the caller may know."""
        async with self._session() as session:
            return await StatisticsRepository(session, self._principal).stats(selection, dimensions)

    async def suggested_articles(
        self, question: str, product_id: str | None, locale: str, most: int
    ) -> Sequence[Suggestion]:
        """Articles that may answer the question, best first."""
        async with self._session() as session:
            return await ArticleRepository(session).suggested(question, product_id, locale, most)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        """Reads in the caller's name."""
        async with self._database.session(self._principal) as session:
            yield session

    @asynccontextmanager
    async def _cases_repository(self) -> AsyncIterator[CaseRepository]:
        async with self._session() as session:
            yield CaseRepository(session, self._paginator, Reader.of(self._principal))

    def _one(self, column: InstrumentedAttribute[Any]) -> DataLoader[Any, Any]:
        async def load(keys: list[Any]) -> list[Any]:
            async with self._cases_repository() as repository:
                found = await repository.by_id(column, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _lists(
        self, model: type[C]
    ) -> tuple[DataLoader[Of[PageRequest], Page[C]], DataLoader[Of[None], int]]:
        """Pages of what belongs to cases, and how much of it there is."""

        async def pages(ids: Sequence[UUID], request: PageRequest) -> Mapping[UUID, Page[C]]:
            async with self._session() as session:
                repository = ConversationRepository(session, self._paginator)
                return await repository.pages(model, ids, request)

        async def counts(ids: Sequence[UUID], _: None) -> Mapping[UUID, int]:
            async with self._session() as session:
                repository = ConversationRepository(session, self._paginator)
                return await repository.counts(model, ids)

        return by_question(pages, Page()), by_question(counts, 0)

    async def _late(self, ids: Sequence[UUID]) -> Mapping[UUID, bool]:
        async with self._cases_repository() as repository:
            return await repository.late(ids)

    async def _participants(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CaseParticipant]]:
        async with self._cases_repository() as repository:
            return await repository.participants(ids)

    async def _own_access(self, ids: Sequence[UUID]) -> Mapping[UUID, CaseAccess]:
        async with self._cases_repository() as repository:
            return await repository.own_access(ids)

    async def _ratings(self, ids: Sequence[UUID]) -> Mapping[UUID, CaseRating]:
        async with self._session() as session:
            return await RatingRepository(session).last_of_cases(ids)

    async def _feedback(self, ids: Sequence[UUID]) -> Mapping[UUID, Feedback]:
        async with self._session() as session:
            return await RatingRepository(session).feedback_on(ids)

    async def _files_of_comments(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CaseFile]]:
        async with self._session() as session:
            repository = ConversationRepository(session, self._paginator)
            return await repository.files_of_comments(ids)

    async def _open_counts(self, ids: Sequence[UUID]) -> Mapping[UUID, int]:
        async with self._cases_repository() as repository:
            return await repository.open_counts_by_requester(ids)

    async def _cases(
        self, ids: Sequence[UUID], asked: Paged[CaseQuery]
    ) -> Mapping[UUID, Page[Case]]:
        async with self._cases_repository() as repository:
            return await repository.pages_of(ids, asked.query, asked.request)

    async def _case_counts(self, ids: Sequence[UUID], query: CaseQuery) -> Mapping[UUID, int]:
        async with self._cases_repository() as repository:
            return await repository.counts_of(ids, query)

    async def _stats(
        self, ids: Sequence[UUID], dimensions: tuple[CaseDimension, ...]
    ) -> Mapping[UUID, Sequence[Stat]]:
        async with self._session() as session:
            return await StatisticsRepository(session, self._principal).stats_of(ids, dimensions)
