"""Running a plan: each request goes out as soon as what it needs is there."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.errors import SubgraphBadAnswer, SubgraphError
from gateway.executor.entities import Batch, collect
from gateway.executor.errors import place_errors
from gateway.executor.failure import SHOWN_CODES, Failure
from gateway.executor.merge import Gaps, Tree, copied, merge, objects_at, rename
from gateway.executor.projection import MOST_ERRORS, Projection
from gateway.executor.variants import Variants, varied
from gateway.plan.fetch import Fetch, Plan
from gateway.transport.request import RequestContext, Send, SubgraphRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """The client's answer. Errors have the form of GraphQL 7.1.2."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]


class Executor:
    """Runs plans over subgraphs, by name. `shown_codes` are those whose messages clients see."""

    def __init__(
        self, subgraphs: Mapping[str, Send], *, shown_codes: frozenset[str] = SHOWN_CODES
    ) -> None:
        self._subgraphs = subgraphs
        self._shown = shown_codes

    async def run(
        self,
        plan: Plan,
        projection: Projection,
        variables: Mapping[str, Any],
        context: RequestContext,
        introspected: Mapping[str, Any] | None = None,
    ) -> Result:
        """The answer; whatever fails costs its own fields only."""
        run = _Run(self._subgraphs, self._shown, variables, context, apart=_has_contexts(plan))
        run.root.update(introspected or {})
        await run.all(plan.fetches)
        data, errors = projection.shape(run.root, run.gaps)
        errors += [failure.formatted(None) for failure in run.loose]
        return Result(data, errors[:MOST_ERRORS])


@dataclass(slots=True)
class _Run:
    """One operation on its way."""

    subgraphs: Mapping[str, Send]
    shown: frozenset[str]
    variables: Mapping[str, Any]
    context: RequestContext
    #: Whether equal objects may come to differ, by what is above them.
    apart: bool
    root: Tree = field(default_factory=dict)
    gaps: Gaps = field(default_factory=dict)
    loose: list[Failure] = field(default_factory=list)

    async def all(self, fetches: Sequence[Fetch]) -> None:
        if len(fetches) == 1:
            await self._one(fetches[0])
            return
        tasks: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            for fetch in fetches:
                before = [tasks[id] for id in fetch.depends_on]
                tasks[fetch.id] = group.create_task(self._after(before, fetch))

    async def _after(self, before: Sequence[asyncio.Task[None]], fetch: Fetch) -> None:
        for task in before:
            await task
        await self._one(fetch)

    async def _one(self, fetch: Fetch) -> None:
        batches = [
            batch
            for entities in fetch.entities
            for batch in collect(entities, self.root, self.gaps)
        ]
        targets = self._targets(fetch)
        if not targets and not batches:
            return
        try:
            data, loose = await self._answer(fetch, batches)
            for batch in batches:
                _check_length(fetch, batch, data)
        except SubgraphError as error:
            logger.warning("subgraph failed", extra={"subgraph": fetch.subgraph}, exc_info=error)
            failure = Failure.of_request(error)
            self._merge_roots(targets, dict.fromkeys(fetch.keys, failure))
            for batch in batches:
                batch.fail(failure)
            return
        self.loose += loose
        if targets:
            rename(data, fetch.renames)
            self._merge_roots(targets, data)
        for batch in batches:
            answers = data[batch.alias]
            for answer in answers:
                rename(answer, batch.entities.renames)
            batch.merge(answers, apart=self.apart)

    async def _answer(
        self, fetch: Fetch, batches: Sequence[Batch]
    ) -> tuple[dict[str, Any], list[Failure]]:
        """The data with each error in its place, and the errors that have none."""
        variables = {
            name: self.variables[name] for name in fetch.variables if name in self.variables
        }
        for batch in batches:
            variables |= batch.variables
        document = _document(fetch, batches)
        answer = await self.subgraphs[fetch.subgraph](
            SubgraphRequest(fetch.subgraph, document, fetch.operation_name, variables, self.context)
        )
        data = answer.get("data")
        if data is None:
            # Nothing was answered: each key of the request explains why.
            aliases = [batch.alias for batch in batches]
            data = dict.fromkeys(aliases or fetch.keys)
        loose = place_errors(data, answer.get("errors") or (), fetch.subgraph, self.shown)
        if answer.get("data") is None:
            found = next((value for value in data.values() if value is not None), None)
            reason = replace(found, beyond=()) if found is not None else loose.pop(0)
            data = {key: reason if value is None else value for key, value in data.items()}
        return data, loose

    def _targets(self, fetch: Fetch) -> list[Tree]:
        """The objects that get the root fields of a request."""
        if fetch.entities:
            return []
        return [target for path in fetch.paths for target in objects_at(self.root, path)]

    def _merge_roots(self, targets: Sequence[Tree], data: Tree) -> None:
        # Further requests may differ by place: there the same data may grow differently.
        for target in targets[1:]:
            merge(target, copied(data), self.gaps)
        for target in targets[:1]:
            merge(target, data, self.gaps)


def _has_contexts(plan: Plan) -> bool:
    return any(entities.contexts for fetch in plan.fetches for entities in fetch.entities)


def _document(fetch: Fetch, batches: Sequence[Batch]) -> str:
    """The fetch's own, or variants of it where objects cannot be asked for alike."""
    of_field = [[each for each in batches if each.entities is field] for field in fetch.entities]
    if all(len(each) == 1 and not each[0].dropped for each in of_field):
        return fetch.document
    return varied(
        fetch.document,
        tuple(
            Variants(field.alias, field.variables, tuple(field.sent(b.dropped) for b in found))
            for field, found in zip(fetch.entities, of_field, strict=True)
        ),
    )


def _check_length(fetch: Fetch, batch: Batch, data: dict[str, Any]) -> None:
    """A list that is not as long as it was asked for cannot be told apart."""
    answers = data.get(batch.alias)
    if isinstance(answers, Failure):
        data[batch.alias] = [answers] * len(batch.representations)
    elif not isinstance(answers, list) or len(answers) != len(batch.representations):
        raise SubgraphBadAnswer(fetch.subgraph, "`_entities` has another length than asked for")
