"""Which pages may open a WebSocket: browsers let those of any site try (RFC 6455, 10.2)."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers


class Origins:
    """Exact origins; where none is named, that of the request itself."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(map(_origin, allowed))

    def allow(self, headers: Headers) -> bool:
        """Whether the page may, if a page asks: what sends no origin is no browser."""
        origin = headers.get("origin")
        if origin is None:
            return True
        if self._allowed:
            return _origin(origin) in self._allowed
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()

    def vouch(self, headers: Headers) -> bool:
        """Whether cookies may speak for the caller: they come with whatever a page asks."""
        return "origin" in headers and self.allow(headers)


def _origin(url: str) -> str:
    """Scheme, host and port, as browsers write them; the empty text for what is no address."""
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
