"""Identity's composition root: settings to application."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from argon2 import PasswordHasher
from starlette.applications import Starlette

from kit.database import Database
from kit.messages import Catalogues, negotiate
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.relay import relay
from kit.signing import Verifier
from kit.subgraph import app as subgraph
from kit.subgraph.endpoint import MakeContext
from kit.subgraph.signed import Gate
from services.identity.answers import Cookies
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.clients import ClientSignIn
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Lifetimes
from services.identity.authentication.sign_in import SignIn
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import Throttle
from services.identity.context import Context
from services.identity.endpoints import Endpoints
from services.identity.housekeeping import Housekeeping
from services.identity.loaders import Loaders
from services.identity.schema import schema
from services.identity.settings import Settings

NAME = "identity"


def create_app(settings: Settings | None = None) -> Starlette:
    """The service; without `settings`, as the environment says."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    window = timedelta(seconds=settings.sign_in_window)
    return subgraph.create_app(
        NAME,
        schema,
        settings,
        database=database,
        make_context=_contexts(settings, database),
        background=[
            Housekeeping(database, window).run,
            partial(relay, NAME, database, settings.redis_url),
        ],
        routes=_endpoints(settings, database).routes(),
    )


def _contexts(settings: Settings, database: Database) -> MakeContext:
    paginator = Paginator(Cursors(settings.cursor_secret))
    catalogues = Catalogues(Path(__file__).parent)

    def context(principal: Principal, accept_language: str | None) -> Context:
        return Context(
            principal=principal,
            locale=negotiate(principal.locale, accept_language),
            database=database,
            paginator=paginator,
            catalogues=catalogues,
            loaders=Loaders(database, paginator, principal),
        )

    return context


def _endpoints(settings: Settings, database: Database) -> Endpoints:
    sealer = Sealer(settings.sealing_secret)
    keys = SigningKeys(database, sealer, lifetime=timedelta(seconds=settings.signing_key_lifetime))
    tokens = AccessTokens(
        keys, settings.public_url, timedelta(seconds=settings.access_token_lifetime)
    )
    return Endpoints(
        gate=Gate(Verifier(settings.keyring, audience=NAME), settings.max_body),
        database=database,
        people=_sign_in(settings, database, sealer, tokens),
        clients=ClientSignIn(database, tokens),
        keys=keys,
        cookies=Cookies(settings.secure_cookies),
    )


def _sign_in(
    settings: Settings, database: Database, sealer: Sealer, tokens: AccessTokens
) -> SignIn:
    hasher = PasswordHasher(
        time_cost=settings.password_passes,
        memory_cost=settings.password_memory,
        parallelism=settings.password_lanes,
    )
    return SignIn(
        database=database,
        passwords=Passwords(hasher, workers=settings.password_workers),
        sealer=sealer,
        throttle=Throttle(settings.sign_in_attempts, timedelta(seconds=settings.sign_in_window)),
        tokens=tokens,
        lifetimes=Lifetimes(
            idle=timedelta(seconds=settings.session_idle_lifetime),
            most=timedelta(seconds=settings.session_lifetime),
        ),
    )
