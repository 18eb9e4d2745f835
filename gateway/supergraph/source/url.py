"""A supergraph behind an address, asked for again only when it has changed (RFC 9110, 13.1.2)."""

from typing import Final

from aiohttp import ClientError, ClientResponse, ClientTimeout
from yarl import URL

from gateway.errors import InvalidSupergraph
from gateway.supergraph.source.source import Pace, SupergraphUnavailable
from gateway.transport.http import open_session

_CHUNK: Final = 64 * 1024


class UrlSource:
    """A `Source`. `timeout` in seconds and `max_size` in bytes are for one look.

    Credentials in the address are sent by Basic authentication. Redirects are not followed: who
    serves the supergraph decides what runs here.
    """

    def __init__(self, url: str, *, interval: float, timeout: float, max_size: int) -> None:
        self._url = URL(url)
        self.name = str(self._url.with_user(None).with_query(None))
        self.pace = Pace(interval, backs_off=True)
        self._timeout = ClientTimeout(total=timeout)
        self._max_size = max_size
        self._tag: str | None = None

    async def read(self) -> str | None:
        """The text, unless the server says that it has not changed."""
        headers = {"accept": "*/*"}
        if self._tag is not None:
            headers["if-none-match"] = self._tag
        try:
            # A connection for each look: it is not kept between them, and the name may move.
            async with (
                open_session() as session,
                session.get(
                    self._url, headers=headers, timeout=self._timeout, allow_redirects=False
                ) as response,
            ):
                return await self._text(response)
        except TimeoutError as error:
            raise SupergraphUnavailable("no answer in time") from error
        except (ClientError, OSError) as error:
            raise SupergraphUnavailable(type(error).__name__) from error

    async def _text(self, response: ClientResponse) -> str | None:
        if response.status == 304 and self._tag is not None:
            return None
        if response.status != 200:
            raise SupergraphUnavailable(f"status {response.status}")
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._max_size:
                raise SupergraphUnavailable(f"more than {self._max_size} bytes")
        self._tag = response.headers.get("etag")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidSupergraph(f"The answer is not UTF-8: {error.reason}.") from error
