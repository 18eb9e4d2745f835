"""`create_app`: a service's Starlette application, the same in each."""

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from kit import telemetry
from kit.database import Database
from kit.lifespan import Background, lifespan
from kit.settings import ServiceSettings
from kit.signing import Verifier
from kit.subgraph import health
from kit.subgraph.endpoint import Endpoint, MakeContext
from kit.subgraph.schema import Subgraph
from kit.subgraph.signed import Gate


def create_app(
    name: str,
    schema: Subgraph,
    settings: ServiceSettings,
    *,
    database: Database,
    make_context: MakeContext,
    background: Sequence[Background] = (),
    checks: Mapping[str, health.Check] | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The service called `name`: `/graphql`, health, metrics and its own `routes`."""
    telemetry.configure(name, settings.log_level)
    gate = Gate(Verifier(settings.keyring, audience=name), settings.max_body)
    endpoint = Endpoint(schema, gate=gate, make_context=make_context)
    return Starlette(
        routes=[
            Route("/graphql", endpoint),
            *health.routes({"database": database.check, **(checks or {})}),
            *routes,
        ],
        lifespan=lifespan(background, database.close),
    )
