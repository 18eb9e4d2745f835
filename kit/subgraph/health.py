"""Liveness, readiness with reasons, and metrics."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

logger = logging.getLogger(__name__)

#: Proves that one thing the process needs answers; raises when it does not.
Check = Callable[[], Awaitable[object]]

_PATIENCE: Final = 2.0


def routes(checks: Mapping[str, Check]) -> list[Route]:
    """`/health/live`, `/health/ready` and `/metrics`."""

    async def live(request: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(request: Request) -> Response:
        answers = await asyncio.gather(*(_answers(name, check) for name, check in checks.items()))
        reasons = {
            name: "does not answer" for name, ok in zip(checks, answers, strict=True) if not ok
        }
        return JSONResponse(
            {"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200
        )

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
    ]


async def _answers(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await check()
    except Exception:  # whatever is wrong with it, it does not answer
        logger.warning("not ready", extra={"needs": name}, exc_info=True)
        return False
    return True
