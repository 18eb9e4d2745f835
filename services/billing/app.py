"""Billing's composition root: settings to application."""

from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from kit.database import Database
from kit.messages import Catalogues, negotiate
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.relay import relay
from kit.signed_urls import SignedUrls
from kit.subgraph import app as subgraph
from kit.subgraph.endpoint import MakeContext
from services.billing.collection.collector import Collector
from services.billing.context import Context
from services.billing.issuing import Issuer
from services.billing.loaders import Loaders
from services.billing.providers.sandbox import Sandbox
from services.billing.schema import schema
from services.billing.settings import Settings

NAME = "billing"


def create_app(settings: Settings | None = None) -> Starlette:
    """The service; without `settings`, as the environment says."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    collector = Collector(database, Sandbox())
    return subgraph.create_app(
        NAME,
        schema,
        settings,
        database=database,
        make_context=_contexts(settings, database, collector),
        background=[
            collector.run,
            Issuer(database).run,
            partial(relay, NAME, database, settings.redis_url),
        ],
    )


def _contexts(settings: Settings, database: Database, collector: Collector) -> MakeContext:
    paginator = Paginator(Cursors(settings.cursor_secret))
    catalogues = Catalogues(Path(__file__).parent)
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
            collector=collector,
        )

    return context
