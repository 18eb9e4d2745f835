"""One operation on its way: each request goes out as soon as what it needs is there."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import OperationType

from gateway.errors import SubgraphBadAnswer, SubgraphError
from gateway.executor.entities import Batch, collect
from gateway.executor.errors import place_errors
from gateway.executor.failure import Failure
from gateway.executor.gatekeeper import Gatekeeper, Verdicts
from gateway.executor.merge import Gaps, Tree, copied, merge, objects_at, rename
from gateway.executor.variants import Variants, varied
from gateway.plan.fetch import Fetch
from gateway.transport.request import RequestContext, Send, SubgraphRequest

logger = logging.getLogger(__name__)

Task = asyncio.Task[None]
CreateTask = Callable[[Coroutine[Any, Any, None]], Task]


@dataclass(slots=True)
class Run:
    """One operation on its way: the tree of what is known, why something is not, other errors."""

    subgraphs: Mapping[str, Send]
    shown: frozenset[str]
    variables: Mapping[str, Any]
    context: RequestContext
    #: Whether equal objects may come to differ, by what is above them.
    apart: bool
    #: Decides where policies have a say.
    gatekeeper: Gatekeeper | None = None
    root: Tree = field(default_factory=dict)
    gaps: Gaps = field(default_factory=dict)
    loose: list[Failure] = field(default_factory=list)
    #: There will be no data: a mutation that cannot be null failed.
    is_lost: bool = False

    @property
    def verdicts(self) -> Verdicts:
        """What policies have said so far."""
        return self.gatekeeper.verdicts if self.gatekeeper is not None else {}

    async def all(self, fetches: Sequence[Fetch]) -> None:
        """Every request; whatever fails costs its own fields only."""
        if len(fetches) == 1:
            await self.fetch(fetches[0])
            return
        async with asyncio.TaskGroup() as group:
            self.start(fetches, group.create_task)

    def start(self, fetches: Sequence[Fetch], create_task: CreateTask) -> dict[int, Task]:
        """A task for each request, which waits for those of others."""
        tasks: dict[int, Task] = {}
        for fetch in fetches:
            before = [tasks[id] for id in fetch.depends_on if id in tasks]
            tasks[fetch.id] = create_task(self._after(before, fetch))
        return tasks

    async def _after(self, before: Sequence[Task], fetch: Fetch) -> None:
        for task in before:
            await task
        await self.fetch(fetch)

    async def fetch(self, fetch: Fetch) -> None:
        """One request, if there is anything to ask, and its answer into the tree."""
        if self.gatekeeper is None:
            await self._fetch(fetch)
            return
        await self.gatekeeper.before(fetch, self.root)
        await self._fetch(fetch)
        await self.gatekeeper.after(self.root)

    async def _fetch(self, fetch: Fetch) -> None:
        if self.is_lost and fetch.kind is OperationType.MUTATION:
            return
        closed = self.gatekeeper.closed if self.gatekeeper is not None else None
        batches = [
            batch
            for entities in fetch.entities
            for batch in collect(entities, self.root, self.gaps, closed)
        ]
        targets = self._targets(fetch)
        if not targets and not batches:
            return
        try:
            answer = await self.subgraphs[fetch.subgraph](self.request(fetch, batches))
            data, loose = self._placed(fetch, answer, batches)
            for batch in batches:
                _check_length(fetch, batch, data)
        except SubgraphError as error:
            logger.warning("subgraph failed", extra={"subgraph": fetch.subgraph}, exc_info=error)
            self._give_up(fetch, targets, batches, Failure.of_request(error))
            return
        self.loose += loose
        if targets:
            rename(data, fetch.renames)
            self._merge_roots(targets, data)
            self._look_for_vital(fetch)
        for batch in batches:
            answers = data[batch.alias]
            for answer in answers:
                rename(answer, batch.entities.renames)
            batch.merge(answers, apart=self.apart)

    def _give_up(
        self, fetch: Fetch, targets: Sequence[Tree], batches: Sequence[Batch], failure: Failure
    ) -> None:
        self._merge_roots(targets, dict.fromkeys(fetch.keys, failure))
        self._look_for_vital(fetch)
        for batch in batches:
            batch.fail(failure)

    def _look_for_vital(self, fetch: Fetch) -> None:
        for key in fetch.vital:
            value = self.root.get(key)
            self.is_lost = self.is_lost or value is None or isinstance(value, Failure)

    def request(self, fetch: Fetch, batches: Sequence[Batch] = ()) -> SubgraphRequest:
        """What is sent."""
        variables = {
            name: self.variables[name] for name in fetch.variables if name in self.variables
        }
        for batch in batches:
            variables |= batch.variables
        document = _document(fetch, batches)
        return SubgraphRequest(
            fetch.subgraph, document, fetch.operation_name, variables, self.context
        )

    async def take_event(self, fetch: Fetch, event: Mapping[str, Any]) -> None:
        """Begin with an event of a subscription."""
        data, loose = self._placed(fetch, event, ())
        self.loose += loose
        rename(data, fetch.renames)
        merge(self.root, data, self.gaps)
        if self.gatekeeper is not None:
            await self.gatekeeper.after(self.root)

    def _placed(
        self, fetch: Fetch, answer: Mapping[str, Any], batches: Sequence[Batch]
    ) -> tuple[Tree, list[Failure]]:
        """The data with each error in its place, and the errors that have none."""
        data = answer.get("data")
        if data is None:
            # Nothing was answered: each key of the request explains why.
            aliases = [batch.alias for batch in batches]
            data = dict.fromkeys(aliases or fetch.keys)
        loose = place_errors(data, answer.get("errors") or (), fetch.subgraph, self.shown)
        if answer.get("data") is None:
            reason = _cause(data) or loose.pop(0)
            data = {key: reason.at(key) for key in data}
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


def _cause(data: Tree) -> Failure | None:
    """Of what failed under some keys, what took all: the nearest, said of what holds the keys."""
    found = [(key, value) for key, value in data.items() if isinstance(value, Failure)]
    if not found:
        return None
    key, failure = min(found, key=lambda each: len(each[1].beyond))
    return replace(failure, beyond=(key, *failure.beyond), also=())


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
        data[batch.alias] = [answers.alone()] * len(batch.representations)
    elif not isinstance(answers, list) or len(answers) != len(batch.representations):
        raise SubgraphBadAnswer(fetch.subgraph, "`_entities` has another length than asked for")
