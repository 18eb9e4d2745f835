"""A request runs wholly on one version of the supergraph, whatever it consists of."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.versions import Versions


@dataclass(frozen=True, slots=True)
class OneVersion:
    """All operations of an HTTP request, a batch for instance, meet the same version.

    A connection that lives longer than its operations is left alone: each of them pins its own.
    """

    app: ASGIApp
    versions: Versions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pin the version, answer, let go."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.versions.pinned():
            await self.app(scope, receive, send)
