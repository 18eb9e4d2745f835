"""Licensing's composition root: settings to application."""

from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from kit.database import Database
from kit.messages import Catalogues, negotiate
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.relay import relay
from kit.subgraph import app as subgraph
from kit.subgraph.endpoint import MakeContext
from services.licensing.context import Context
from services.licensing.loaders import Loaders
from services.licensing.members import Members
from services.licensing.schema import schema
from services.licensing.settings import Settings

NAME = "licensing"


def create_app(settings: Settings | None = None) -> Starlette:
    """The service; without `settings`, as the environment says."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    return subgraph.create_app(
        NAME,
        schema,
        settings,
        database=database,
        make_context=_contexts(settings, database),
        background=[
            partial(relay, NAME, database, settings.redis_url),
            Members(database, settings.redis_url).run,
        ],
    )


def _contexts(settings: Settings, database: Database) -> MakeContext:
    paginator = Paginator(Cursors(settings.cursor_secret))
    catalogues = Catalogues(Path(__file__).parent)
    vault = settings.vault

    def context(principal: Principal, accept_language: str | None) -> Context:
        return Context(
            principal=principal,
            locale=negotiate(principal.locale, accept_language),
            database=database,
            paginator=paginator,
            catalogues=catalogues,
            loaders=Loaders(database, paginator, principal),
            vault=vault,
        )

    return context
