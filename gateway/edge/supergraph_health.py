"""`/health/supergraph`: which version answers, and why not a newer one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.rollout import Failure, Rollout


def route(rollout: Rollout) -> Route:
    """An old version that answers is no reason to take the gateway out: the status is 200."""

    async def supergraph(request: Request) -> Response:
        version = rollout.versions.current
        return JSONResponse(
            {
                "source": rollout.source.name,
                "version": version.digest if version is not None else None,
                "since": version.since.isoformat() if version is not None else None,
                "failure": _told(rollout.failure),
            }
        )

    return Route("/health/supergraph", supergraph)


def _told(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {
        "code": failure.code,
        "reason": failure.reason,
        "since": failure.since.isoformat(),
    }
