"""A supergraph that is composed here, of subgraphs that tell their schemas."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import ClientSession

from gateway.composition import Subgraph, compose
from gateway.composition.errors import CompositionError
from gateway.errors import InvalidSupergraph, SubgraphBadAnswer, SubgraphError
from gateway.supergraph.source.members import InvalidMember, Member
from gateway.supergraph.source.source import Pace, SupergraphUnavailable
from gateway.transport.http import HttpTransport, open_session
from gateway.transport.request import RequestContext, SubgraphRequest

#: What a Federation subgraph answers with its own schema.
_QUESTION: Final = "{ _service { sdl } }"


class CompositionFailed(InvalidSupergraph):
    """The subgraphs do not compose: every reason with its code, a line for each."""

    code = "COMPOSITION_FAILED"

    def __init__(self, errors: Sequence[CompositionError]) -> None:
        reasons = "".join(f"\n  {error}" for error in errors)
        super().__init__(f"The subgraphs do not compose:{reasons}")


class ComposedSource:
    """A `Source`. `timeout` in seconds and `max_size` in bytes are for each subgraph's schema.

    A supergraph is only made of schemas that were all read in the same look: one subgraph that is
    away keeps the others' changes back until it returns.
    """

    def __init__(
        self,
        name: str,
        members: Callable[[], Sequence[Member]],
        *,
        interval: float,
        timeout: float,
        max_size: int,
    ) -> None:
        self.name = name
        self.pace = Pace(interval, backs_off=True)
        self._members = members
        self._timeout = timeout
        self._max_size = max_size
        #: What was composed last, or why there was nothing to compose.
        self._seen: list[Subgraph] | str | None = None

    async def read(self) -> str | None:
        """The composition, unless every subgraph says what it said before."""
        try:
            members = await asyncio.to_thread(self._members)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SupergraphUnavailable(reason) from error
        except InvalidMember as error:
            if self._seen == str(error):
                return None
            self._seen = str(error)
            raise
        subgraphs = await self._look(members)
        if subgraphs == self._seen:
            return None
        self._seen = subgraphs
        composition = await asyncio.to_thread(compose, subgraphs)
        if composition.supergraph_sdl is None:
            raise CompositionFailed(composition.errors)
        return composition.supergraph_sdl

    async def _look(self, members: Sequence[Member]) -> list[Subgraph]:
        async with open_session() as session, asyncio.TaskGroup() as group:
            looks = [group.create_task(self._schema(member, session)) for member in members]
        answers = [look.result() for look in looks]
        reasons = [answer for answer in answers if isinstance(answer, str)]
        if reasons:
            raise SupergraphUnavailable("; ".join(reasons))
        return [answer for answer in answers if isinstance(answer, Subgraph)]

    async def _schema(self, member: Member, session: ClientSession) -> Subgraph | str:
        """The subgraph, or the reason why it is not known: all of them are told."""
        try:
            if member.schema is None:
                sdl = await self._ask(member, session)
            else:
                sdl = await asyncio.to_thread(member.schema.read_text, encoding="utf-8")
        except SubgraphError as error:
            return f"{member.name}: {error.sentence.rstrip('.')} ({error.reason})"
        except OSError as error:
            return f"{member.schema}: {error.strerror or type(error).__name__}"
        except UnicodeDecodeError as error:
            return f"{member.schema}: not UTF-8, {error.reason}"
        return Subgraph(member.name, member.url, sdl)

    async def _ask(self, member: Member, session: ClientSession) -> str:
        send = HttpTransport(
            member.name,
            member.url,
            session,
            None,
            timeout=self._timeout,
            max_answer=self._max_size,
        )
        deadline = asyncio.get_running_loop().time() + self._timeout
        context = RequestContext(caller=None, accept_language=None, deadline=deadline)
        answer = await send(SubgraphRequest(member.name, _QUESTION, None, {}, context))
        match answer:
            case {"data": {"_service": {"sdl": str(sdl)}}}:
                return sdl
            case _:
                raise SubgraphBadAnswer(member.name, "it does not tell its schema (`_service`)")
