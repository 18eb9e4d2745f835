"""HTTP to providers: one connection per question, nothing followed, nothing large read."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from services.identity.authentication.oidc.errors import ProviderUnavailable

#: Seconds for each question, and bytes of each answer.
_PATIENCE: Final = 4.0
_MOST: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answered:
    """What the provider said: a JSON object, whatever the status."""

    status: int
    document: Mapping[str, Any]


class Asking:
    """Asks providers. Settings of the environment (proxies, `.netrc`) do not count."""

    def __init__(self) -> None:
        self._tls = ssl.create_default_context()

    async def get(self, url: str, *, bearer: str | None = None) -> Answered:
        """Raises `ProviderUnavailable`."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer is not None else {}
        return await self._ask(httpx.Request("GET", url, headers=_accepting(headers)))

    async def post(
        self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str]
    ) -> Answered:
        """A form. Raises `ProviderUnavailable`."""
        request = httpx.Request("POST", url, data=dict(form), headers=_accepting(headers))
        return await self._ask(request)

    async def _ask(self, request: httpx.Request) -> Answered:
        client = httpx.AsyncClient(
            verify=self._tls, timeout=_PATIENCE, follow_redirects=False, trust_env=False
        )
        try:
            async with asyncio.timeout(_PATIENCE), client:
                response = await client.send(request, stream=True)
                body = await _read(response)
                await response.aclose()
            document = orjson.loads(body)
        except (httpx.HTTPError, orjson.JSONDecodeError, TimeoutError) as error:
            raise ProviderUnavailable from error
        if response.status_code >= 500 or not isinstance(document, dict):
            raise ProviderUnavailable
        return Answered(response.status_code, document)


async def _read(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST:
            raise ProviderUnavailable
    return body


def _accepting(headers: Mapping[str, str]) -> dict[str, str]:
    return {"accept": "application/json", **headers}
