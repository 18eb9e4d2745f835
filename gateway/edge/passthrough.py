"""Sign-in and key set: identity's own routes, reached on the gateway's origin.

Headers pass by name, both ways, so that nothing a client sends can pose as the gateway's word.
"""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.edge.answers import refusal
from gateway.edge.body import BodyTooLarge, read_body
from gateway.errors import SubgraphError
from gateway.transport.origin import Origin

#: What a client may say to identity.
_INWARD: Final = ("accept", "accept-language", "authorization", "content-type", "user-agent")
#: What identity may say to a client.
_OUTWARD: Final = ("cache-control", "content-type", "retry-after", "www-authenticate")
#: Other cookies of this origin are none of identity's business.
_COOKIES: Final = ("portal_access", "portal_refresh")


def routes(identity: Origin, *, max_body: int) -> list[Route]:
    """`/auth/…` and `/.well-known/jwks.json`."""

    async def forward(request: Request) -> Response:
        if _crosses_sites(request.headers):
            return refusal(403, "CROSS_SITE", "Another site may not sign people in or out.")
        try:
            body = await read_body(request, max_body)
            answer = await identity.send(
                request.method,
                request.scope["path"],
                body=body,
                headers=_inward(request),
            )
        except BodyTooLarge as error:
            return refusal(413, "BODY_TOO_LARGE", str(error))
        except SubgraphError:
            return refusal(503, "UNAVAILABLE", "Signing in is not possible at the moment.")
        response = Response(answer.body, answer.status)
        for name in _OUTWARD:
            if name in answer.headers:
                response.headers[name] = answer.headers[name]
        for cookie in answer.headers.getall("set-cookie", ()):
            response.headers.append("set-cookie", cookie)
        return response

    return [
        Route("/auth/{path:path}", forward, methods=["POST"]),
        Route("/.well-known/jwks.json", forward, methods=["GET"]),
    ]


def _inward(request: Request) -> dict[str, str]:
    headers = {name: request.headers[name] for name in _INWARD if name in request.headers}
    cookies = [f"{name}={request.cookies[name]}" for name in _COOKIES if name in request.cookies]
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    if request.client is not None:
        headers["x-portal-client-address"] = request.client.host
    return headers


def _crosses_sites(headers: Headers) -> bool:
    """Browsers say so themselves (Fetch Metadata); other clients carry no ambient credentials."""
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
