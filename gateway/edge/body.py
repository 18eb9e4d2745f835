"""Reading a request's body within a limit."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The body goes over the limit. Its text is safe to show."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"A request has at most {limit} bytes.")


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises `BodyTooLarge` as soon as it is."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(limit)
        chunks.append(chunk)
    return b"".join(chunks)
