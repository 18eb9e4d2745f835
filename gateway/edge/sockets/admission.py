"""Who may open a socket, and for how long."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Never

from starlette.websockets import WebSocket

from gateway.authentication.callers import KnowsCallers
from gateway.authentication.credentials import (
    ACCESS_COOKIE,
    Credentials,
    MalformedCredentials,
    bearer,
)
from gateway.authentication.presence import Presence, Unauthenticated, Unavailable
from gateway.edge.origins import Origins
from gateway.edge.sockets.messages import Closing

#: Seconds until a caller is looked for again while nobody can tell.
_RETRY: Final = 1.0


async def admitted(
    callers: KnowsCallers, origins: Origins, websocket: WebSocket, payload: Mapping[str, Any]
) -> Presence:
    """The caller, by the first message's payload. Raises `Closing`."""
    try:
        presence = await callers.presence(_credentials(origins, websocket, payload))
        await presence.caller()
    except (Unauthenticated, MalformedCredentials) as error:
        raise Closing(4403, str(error)) from error
    except Unavailable as error:
        raise Closing(1013, str(error)) from error
    return presence


async def watch(presence: Presence) -> Never:
    """Raises `Closing` within a moment of when the caller may stay no longer."""
    with presence.changes() as changed:
        while True:
            changed.clear()
            left = presence.seconds_left
            try:
                await presence.caller()
            except Unauthenticated as error:
                raise Closing(4403, str(error)) from error
            except Unavailable:
                left = _RETRY
            with suppress(TimeoutError):
                async with asyncio.timeout(None if left is None else max(0.0, left)):
                    await changed.wait()


def _credentials(
    origins: Origins, websocket: WebSocket, payload: Mapping[str, Any]
) -> Credentials | None:
    """Browsers cannot set headers here: a token is in the payload, or in the cookie, for which
    the page's origin must vouch."""
    given = {name.lower(): value for name, value in payload.items()}.get("authorization")
    if given is not None:
        return bearer(given)
    cookie = websocket.cookies.get(ACCESS_COOKIE)
    if not cookie:
        return None
    if not origins.vouch(websocket.headers):
        raise MalformedCredentials("A cookie counts for pages of this origin only.")
    return Credentials(cookie, ambient=True)
