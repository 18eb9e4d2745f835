"""Identity's composition root: settings to application."""

from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route

from kit.database import Database
from kit.messages import Catalogues, negotiate
from kit.notices.tokens import MailedTokens
from kit.objects import Objects
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.relay import relay
from kit.signed_urls import SignedUrls
from kit.signing import Verifier
from kit.subgraph import app as subgraph
from kit.subgraph.downloads import Downloads
from kit.subgraph.endpoint import MakeContext
from kit.subgraph.signed import Gate
from services.identity.announcing import Announcer
from services.identity.answers import Cookies
from services.identity.arrivals import Arrivals
from services.identity.authentication.clients import ClientSignIn
from services.identity.authentication.oidc.opening import open_providers
from services.identity.authentication.opening import Authentication, open_authentication
from services.identity.client_endpoints import ClientEndpoints
from services.identity.context import Context
from services.identity.credential_endpoints import CredentialEndpoints
from services.identity.endpoints import Endpoints
from services.identity.exports.files import authorizers
from services.identity.exports.running import audit_exports, user_exports
from services.identity.housekeeping import Housekeeping
from services.identity.invitation_endpoints import InvitationEndpoints
from services.identity.loaders import Loaders
from services.identity.notices.opening import open_mailing
from services.identity.provider_endpoints import ProviderEndpoints
from services.identity.schema import schema
from services.identity.settings import Settings

NAME = "identity"
_HERE: Final = Path(__file__).parent


def create_app(settings: Settings | None = None) -> Starlette:
    """The service; without `settings`, as the environment says."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    authentication = open_authentication(settings, database)
    catalogues, objects = Catalogues(_HERE), Objects.open(settings.files_url)
    mailing = open_mailing(NAME, settings, database, catalogues)
    return subgraph.create_app(
        NAME,
        schema,
        settings,
        database=database,
        make_context=_contexts(settings, database, authentication),
        background=[
            Housekeeping(database).run,
            authentication.throttle.run,
            partial(relay, NAME, database, settings.redis_url),
            mailing.run,
            Announcer(NAME, database, settings.redis_url).run,
            user_exports(database, objects, catalogues).run,
            audit_exports(database, objects, catalogues).run,
        ],
        routes=_routes(settings, database, authentication, objects),
    )


def _contexts(
    settings: Settings, database: Database, authentication: Authentication
) -> MakeContext:
    paginator = Paginator(Cursors(settings.cursor_secret))
    catalogues = Catalogues(_HERE)
    mailed_tokens = MailedTokens(settings.sealing_secret, NAME)
    files = SignedUrls(settings.public_url, settings.file_keys)

    def context(principal: Principal, accept_language: str | None) -> Context:
        return Context(
            principal=principal,
            locale=negotiate(principal.locale, accept_language),
            database=database,
            paginator=paginator,
            catalogues=catalogues,
            loaders=Loaders(database, paginator, principal),
            files=files,
            mailed_tokens=mailed_tokens,
            throttle=authentication.throttle,
            client_rules=settings.client_rules,
            password_changes=authentication.password_changes,
            second_factors=authentication.second_factors,
        )

    return context


def _routes(
    settings: Settings, database: Database, authentication: Authentication, objects: Objects
) -> list[Route]:
    """Beside `/graphql`."""
    gate = Gate(Verifier(settings.keyring, audience=NAME), settings.max_body)
    cookies, tokens = Cookies(settings.secure_cookies), authentication.tokens
    people = Endpoints(gate, database, authentication.people, authentication.keys, cookies)
    credentials = CredentialEndpoints(
        gate, tokens, authentication.proofs, authentication.password_changes, cookies
    )
    clients = ClientEndpoints(gate, ClientSignIn(database, tokens, authentication.throttle))
    arrivals = Arrivals(
        database, authentication.passwords, authentication.people, authentication.throttle
    )
    invitations = InvitationEndpoints(gate, arrivals, cookies)
    providers = ProviderEndpoints(gate, open_providers(settings, database, authentication), cookies)
    files = SignedUrls(settings.public_url, settings.file_keys)
    return [
        *people.routes(),
        *credentials.routes(),
        *clients.routes(),
        *providers.routes(),
        *invitations.routes(),
        *Downloads(NAME, gate, files, objects, authorizers(database)).routes(),
    ]
