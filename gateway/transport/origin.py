"""Signed HTTP to one service, outside GraphQL: sign-in, key set, principals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from multidict import CIMultiDictProxy
from yarl import URL

from gateway.errors import SubgraphBadAnswer, SubgraphTimeout, SubgraphUnavailable
from kit.signing import Signer

#: Bytes of one answer.
_MAX_ANSWER: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OriginAnswer:
    """What the service said."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """One service, reached in the gateway's name."""

    name: str
    url: str
    session: ClientSession
    signer: Signer
    #: Seconds.
    timeout: float

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> OriginAnswer:
        """One request. `query` goes as it is. Raises `SubgraphError`; any status is an answer."""
        url, target = URL(self.url.rstrip("/") + path), path
        if query:
            url, target = URL(f"{url}?{query}", encoded=True), f"{path}?{query}"
        signed = self.signer.headers(audience=self.name, method=method, path=target, body=body)
        try:
            async with self.session.request(
                method,
                url,
                data=body,
                headers={**(headers or {}), **signed},
                allow_redirects=False,
                timeout=ClientTimeout(total=self.timeout),
            ) as response:
                content = await response.content.read(_MAX_ANSWER + 1)
                while len(content) <= _MAX_ANSWER and (
                    more := await response.content.read(_MAX_ANSWER)
                ):
                    content += more
                if len(content) > _MAX_ANSWER:
                    raise SubgraphBadAnswer(self.name, "the answer is too long")
                return OriginAnswer(response.status, response.headers, content)
        except TimeoutError as error:
            raise SubgraphTimeout(self.name, "no answer in time") from error
        except ClientError as error:
            raise SubgraphUnavailable(self.name, type(error).__name__) from error
