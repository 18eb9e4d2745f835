"""Everything a request reads, batched: made once per request, one session per batch.

Resolvers run concurrently and an `AsyncSession` must not be shared between tasks.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from kit.database import Database
from kit.errors import BadInput
from kit.pagination import Page, PageRequest, Paginator
from kit.principal import Principal
from services.cases.models import (
    Article,
    Case,
    CaseAccess,
    CaseComment,
    CaseEvent,
    CaseExport,
    CaseFile,
    CaseParticipant,
    UploadSession,
)
from services.cases.repository.articles import ArticleRepository
from services.cases.repository.cases import CaseRepository
from services.cases.repository.conversation import ConversationRepository
from services.cases.repository.query import CaseQuery, CaseSelection, Reader
from services.cases.repository.statistics import CaseDimension, Stat, StatisticsRepository

A = TypeVar("A", bound=Hashable)
R = TypeVar("R")
C = TypeVar("C", CaseComment, CaseFile, CaseEvent)


@dataclass(frozen=True, slots=True)
class Of(Generic[A]):
    """One parent's list, and what is asked of it: lists that are asked alike are read at once."""

    parent_id: UUID
    asked: A


@dataclass(frozen=True, slots=True)
class Paged(Generic[A]):
    """A page of a list."""

    query: A
    request: PageRequest


class Loaders:
    """Named for key and result. A missing row is None, a missing list is empty."""

    def __init__(self, database: Database, paginator: Paginator, principal: Principal) -> None:
        self._database, self._paginator, self._principal = database, paginator, principal
        self.case: DataLoader[UUID, Case | None] = self._one(Case.id)
        self.case_numbered: DataLoader[str, Case | None] = self._one(Case.number)
        self.comment: DataLoader[UUID, CaseComment | None] = self._one(CaseComment.id)
        self.file: DataLoader[UUID, CaseFile | None] = self._one(CaseFile.id)
        self.upload: DataLoader[UUID, UploadSession | None] = self._one(UploadSession.id)
        self.case_export: DataLoader[UUID, CaseExport | None] = self._one(CaseExport.id)
        self.participants_of: DataLoader[UUID, Sequence[CaseParticipant]] = DataLoader(
            self._participants
        )
        self.own_access_to: DataLoader[UUID, CaseAccess | None] = DataLoader(self._own_access)
        self.files_of_comment: DataLoader[UUID, Sequence[CaseFile]] = DataLoader(
            self._files_of_comments
        )
        self.open_case_count_of: DataLoader[UUID, int] = DataLoader(self._open_counts)
        self.cases_of: DataLoader[Of[Paged[CaseQuery]], Page[Case]] = _by_question(
            self._cases, Page()
        )
        self.case_count_of: DataLoader[Of[CaseQuery], int] = _by_question(self._case_counts, 0)
        self.stats_of: DataLoader[Of[tuple[CaseDimension, ...]], Sequence[Stat]] = _by_question(
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
    ) -> Sequence[Article]:
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

        return _by_question(pages, Page()), _by_question(counts, 0)

    async def _participants(self, ids: list[UUID]) -> list[Sequence[CaseParticipant]]:
        async with self._cases_repository() as repository:
            found = await repository.participants(ids)
        return [found.get(id, ()) for id in ids]

    async def _own_access(self, ids: list[UUID]) -> list[CaseAccess | None]:
        async with self._cases_repository() as repository:
            found = await repository.own_access(ids)
        return [found.get(id) for id in ids]

    async def _files_of_comments(self, ids: list[UUID]) -> list[Sequence[CaseFile]]:
        async with self._session() as session:
            repository = ConversationRepository(session, self._paginator)
            found = await repository.files_of_comments(ids)
        return [found.get(id, ()) for id in ids]

    async def _open_counts(self, ids: list[UUID]) -> list[int]:
        async with self._cases_repository() as repository:
            found = await repository.open_counts_by_requester(ids)
        return [found.get(id, 0) for id in ids]

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


def _by_question(
    load: Callable[[Sequence[UUID], A], Awaitable[Mapping[UUID, R]]], missing: R
) -> DataLoader[Of[A], R]:
    """Loads lists of parents: one call for each different question, which fails by itself."""

    async def answer(ids: Sequence[UUID], asked: A) -> Mapping[UUID, R | BadInput]:
        try:
            return dict(await load(ids, asked))
        except BadInput as error:
            return dict.fromkeys(ids, error)

    async def batch(keys: list[Of[A]]) -> list[R | BaseException]:
        ids: dict[A, list[UUID]] = {}
        for key in keys:
            ids.setdefault(key.asked, []).append(key.parent_id)
        answers = {asked: await answer(parents, asked) for asked, parents in ids.items()}
        return [answers[key.asked].get(key.parent_id, missing) for key in keys]

    return DataLoader(batch)
