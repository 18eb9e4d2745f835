"""The operations that run on one socket."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.websockets import WebSocketDisconnect
from strawberry.exceptions import MissingQueryError
from strawberry.types.execution import PreExecutionError

from gateway.authentication.presence import Presence, Unauthenticated, Unavailable
from gateway.edge.accept import DeferSpec
from gateway.edge.connection import Connection
from gateway.edge.incremental import Payload, payload_of, writer_of
from gateway.edge.shape import Malformed, check_operation
from gateway.edge.sockets.messages import Closing, refusal
from gateway.edge.sockets.wire import Wire
from gateway.federated_schema import FederatedSchema
from gateway.persisted.names import lift

logger = logging.getLogger(__name__)

_LONGEST_ID: Final = 256


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks on a socket, and how parts that come later are told, if at all."""

    presence: Presence
    accept_language: str | None
    address: str | None
    spec: DeferSpec | None

    async def connection(self) -> Connection:
        """With the caller of this moment. Raises `Unauthenticated`, `Unavailable`."""
        caller = await self.presence.caller()
        return Connection(caller, self.accept_language, self.presence, self.address)


@dataclass(slots=True, eq=False)
class Operations:
    """At most `most` at once, each a task of the socket's `tasks`."""

    schema: FederatedSchema
    wire: Wire
    tasks: asyncio.TaskGroup
    most: int
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, message: Mapping[str, Any], asker: Asker) -> None:
        """Run the operation of a `subscribe`. Raises `Closing`."""
        id, payload = _read(message)
        if id in self._running:
            raise Closing(4409, f"Subscriber for {id} already exists")
        if len(self._running) >= self.most:
            said = f"At most {self.most} operations run on one socket at once."
            self.tasks.create_task(self.wire.send(refusal(id, "LIMIT_EXCEEDED", said)))
            return
        task = self._running[id] = self.tasks.create_task(self._run(id, payload, asker))
        task.add_done_callback(lambda done: self._forget(id, done))

    def end(self, id: Any) -> None:
        """The client wants no more of it."""
        task = self._running.pop(id, None) if isinstance(id, str) else None
        if task is not None:
            task.cancel()

    def _forget(self, id: str, task: asyncio.Task[None] | None) -> None:
        if self._running.get(id) is task:
            del self._running[id]

    async def _run(self, id: str, payload: dict[str, Any], asker: Asker) -> None:
        """From the document to the last message. Raises `Closing`."""
        try:
            last = await self._answers(id, payload, asker)
        except (Closing, WebSocketDisconnect):
            raise
        except Unauthenticated as error:
            raise Closing(4403, str(error)) from error
        except Unavailable as error:
            last = refusal(id, "UNAVAILABLE", str(error))
        except MissingQueryError:
            last = refusal(id, "BAD_REQUEST", "There is no document.")
        except Exception:  # a fault of ours: the log says which, the client only that
            logger.exception("operation failed")
            last = refusal(id, "INTERNAL_SERVER_ERROR", "Internal error.")
        # The id is free before the client hears that it is.
        self._forget(id, asyncio.current_task())
        await self.wire.send(last)

    async def _answers(self, id: str, payload: dict[str, Any], asker: Asker) -> dict[str, Any]:
        """Send every answer; the message that comes after them."""
        opened = await self.schema.open(
            payload.get("query"),
            operation_name=payload.get("operationName"),
            variables=payload.get("variables"),
            extensions=payload.get("extensions"),
            connection=await asker.connection(),
            in_parts=asker.spec is not None,
        )
        writer = writer_of(asker.spec)
        async with aclosing(opened.frames) as frames:
            async for frame in frames:
                if isinstance(frame, PreExecutionError):
                    return {"type": "error", "id": id, "payload": payload_of(frame)["errors"]}
                await self._next(id, writer.payload(frame))
        await self._next(id, writer.last())
        return {"type": "complete", "id": id}

    async def _next(self, id: str, payload: Payload | None) -> None:
        if payload is not None:
            await self.wire.send({"type": "next", "id": id, "payload": payload})


def _read(message: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    id, payload = message.get("id"), message.get("payload")
    if not isinstance(id, str) or not 1 <= len(id) <= _LONGEST_ID:
        raise Closing(4400, f"An id is 1 to {_LONGEST_ID} characters")
    try:
        check_operation(payload)
    except Malformed as error:
        raise Closing(4400, str(error)) from error
    operation = dict(payload or {})
    lift(operation)
    return id, operation
