"""Sign-in with a provider: the two places that a browser is sent to."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.subgraph.signed import Gate
from services.identity.answers import Cookies
from services.identity.authentication.errors import AuthenticationError
from services.identity.authentication.oidc.errors import NotStartedHere
from services.identity.authentication.oidc.flow import LIFETIME
from services.identity.authentication.oidc.sign_in import ProviderSignIn, Returned
from services.identity.requests import visit_of
from services.identity.routes import error_answer, get

#: Addresses with a code or a state in them are told to nobody, and kept nowhere.
_DISCREET: Final = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class ProviderEndpoints:
    """Whoever comes here is a browser on its way."""

    gate: Gate
    providers: ProviderSignIn
    cookies: Cookies

    def routes(self) -> list[Route]:
        """Both of them."""
        return [
            get("/auth/oidc/{provider}", self.begin),
            get("/auth/oidc/{provider}/callback", self.finish),
        ]

    async def begin(self, request: Request) -> Response:
        """To the provider. `return_to` is where the person wants to go afterwards, and
        `fresh=true` asks for a proof of now, as step-up does."""
        await self.gate.body(request)
        begun = await self.providers.begin(
            request.path_params["provider"],
            request.query_params.get("return_to", "/"),
            fresh=request.query_params.get("fresh") == "true",
        )
        seconds = int(LIFETIME.total_seconds())
        return self.cookies.keep_flow(_redirect(begun.location), begun.kept, seconds)

    async def finish(self, request: Request) -> Response:
        """Back from the provider: signed in by cookies, as with a password."""
        await self.gate.body(request)
        returned = Returned(
            kept=self.cookies.flow(request),
            parameters=request.query_params,
            visit=visit_of(request),
        )
        try:
            finished = await self.providers.finish(request.path_params["provider"], returned)
        except NotStartedHere:
            raise  # somebody else's answer must not end what this browser began
        except AuthenticationError as error:
            return self.cookies.forget_flow(error_answer(error))
        response = self.cookies.attach(_redirect(finished.return_to), finished.tokens)
        return self.cookies.forget_flow(response)


def _redirect(location: str) -> Response:
    # 303: the browser goes on with GET, whatever brought it here (RFC 9110, section 15.4.4).
    return Response(status_code=303, headers={**_DISCREET, "location": location})
