"""What people do who hold an invitation and cannot sign in yet."""

from dataclasses import asdict, dataclass

from pydantic import Field
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.subgraph.signed import Gate
from services.identity.answers import Cookies, answer
from services.identity.arrivals import Arrival, Arrivals
from services.identity.requests import Body, Delivery, json_body, read, visit_of
from services.identity.routes import post


class InvitationBody(Body):
    """`POST /auth/invitation`."""

    token: str = Field(min_length=1, max_length=128, repr=False)


class AcceptInvitationBody(InvitationBody):
    """`POST /auth/accept-invitation`. Without names, those of the invitation count."""

    first_name: str | None = Field(default=None, max_length=100)
    last_name: str | None = Field(default=None, max_length=100)
    password: str = Field(min_length=1, max_length=1024, repr=False)
    delivery: Delivery = Delivery.TOKEN


@dataclass(frozen=True, slots=True)
class InvitationEndpoints:
    """Each is answered to the gateway alone. Tokens travel in bodies, never in a URL."""

    gate: Gate
    arrivals: Arrivals
    cookies: Cookies

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            post("/auth/invitation", self.invitation),
            post("/auth/accept-invitation", self.accept_invitation),
        ]

    async def invitation(self, request: Request) -> Response:
        """What the page of an invitation shows."""
        body = read(InvitationBody, await json_body(self.gate, request))
        page = await self.arrivals.look(body.token, visit_of(request))
        return answer({to_camel(name): value for name, value in asdict(page).items()})

    async def accept_invitation(self, request: Request) -> Response:
        """A person with a password, who is a member and has a session."""
        body = read(AcceptInvitationBody, await json_body(self.gate, request))
        arrival = Arrival(
            token=body.token,
            password=body.password,
            first_name=body.first_name,
            last_name=body.last_name,
            visit=visit_of(request),
        )
        return self.cookies.deliver(await self.arrivals.arrive(arrival), body.delivery)
