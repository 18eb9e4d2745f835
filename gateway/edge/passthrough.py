"""Sign-in and key set: identity's own routes, reached on the gateway's origin.

Headers pass by name, both ways, so that nothing a client sends can pose as the gateway's word.
"""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.edge.answers import refusal
from gateway.edge.body import BodyTooLarge, read_body
from gateway.edge.client_address import client_address
from gateway.errors import SubgraphError
from gateway.transport.origin import Origin

#: What a client may say to identity.
_INWARD: Final = ("accept", "accept-language", "authorization", "content-type", "user-agent")
#: What identity may say to a client.
_OUTWARD: Final = (
    *("cache-control", "content-type", "location", "referrer-policy", "retry-after"),
    "www-authenticate",
)
#: Other cookies of this origin are none of identity's business.
_COOKIES: Final = ("portal_access", "portal_refresh", "portal_oidc")


#: Identity's word to the gateway alone: this session is not what it was.
_CHANGED_SESSION: Final = "x-portal-changed-session"

#: Told the id of a session whose principal is to be asked for anew.
Forget = Callable[[str], None]


def routes(identity: Origin, *, max_body: int, trusted_hops: int, forget: Forget) -> list[Route]:
    """`/auth/…` and the documents of `/.well-known/` that say how to go on from there."""

    async def forward(request: Request) -> Response:
        if _crosses_sites(request):
            return refusal(403, "CROSS_SITE", "Another site may not sign people in or out.")
        try:
            body = await read_body(request, max_body)
            answer = await identity.send(
                request.method,
                request.scope["path"],
                query=request.scope["query_string"].decode("latin-1"),
                body=body,
                headers=_inward(request, trusted_hops),
            )
        except BodyTooLarge as error:
            return refusal(413, "BODY_TOO_LARGE", str(error))
        except SubgraphError:
            return refusal(503, "UNAVAILABLE", "Signing in is not possible at the moment.")
        if _CHANGED_SESSION in answer.headers:
            # The event comes later than the client's next request.
            forget(answer.headers[_CHANGED_SESSION])
        response = Response(answer.body, answer.status)
        for name in _OUTWARD:
            if name in answer.headers:
                response.headers[name] = answer.headers[name]
        for cookie in answer.headers.getall("set-cookie", ()):
            response.headers.append("set-cookie", cookie)
        return response

    return [
        Route("/auth/{path:path}", forward, methods=["POST"]),
        Route("/auth/oidc/{provider}", forward, methods=["GET"]),
        Route("/auth/oidc/{provider}/callback", forward, methods=["GET"]),
        Route("/.well-known/jwks.json", forward, methods=["GET"]),
        Route("/.well-known/oauth-authorization-server", forward, methods=["GET"]),
    ]


def _inward(request: Request, trusted_hops: int) -> dict[str, str]:
    headers = {name: request.headers[name] for name in _INWARD if name in request.headers}
    cookies = [f"{name}={request.cookies[name]}" for name in _COOKIES if name in request.cookies]
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    address = client_address(request, trusted_hops)
    if address is not None:
        headers["x-portal-client-address"] = address
    return headers


def _crosses_sites(request: Request) -> bool:
    """Browsers say so themselves (Fetch Metadata); other clients carry no ambient credentials."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
        return False
    # A page of another site may send people here, as a provider sends them back to us. It may
    # neither frame us nor fetch from us.
    kind = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return request.method != "GET" or kind != ("navigate", "document")
