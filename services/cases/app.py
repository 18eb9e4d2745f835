"""The composition root of cases: settings to application."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from kit.broadcast import Broadcast
from kit.database import Database
from kit.ids import from_global
from kit.lifespan import Background
from kit.messages import Catalogues, negotiate
from kit.objects import Objects
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.relay import relay
from kit.signed_urls import SignedUrls
from kit.signing import Verifier
from kit.subgraph import app as subgraph
from kit.subgraph.downloads import Downloads, StoredFile
from kit.subgraph.endpoint import MakeContext
from kit.subgraph.signed import Gate
from services.cases.closing import Closer
from services.cases.context import Context
from services.cases.loaders import Loaders
from services.cases.mail_in.listener import MailListener
from services.cases.mail_in.reception import Reception
from services.cases.models import CaseFile, FileState
from services.cases.notices.opening import open_mailing, reply_addresses
from services.cases.people import PeopleFollower
from services.cases.schema import schema
from services.cases.settings import Settings
from services.cases.types.file import KIND, PREFIX
from services.cases.uploads.addresses import UploadUrls
from services.cases.uploads.endpoint import TusEndpoint
from services.cases.uploads.inspecting import Inspector
from services.cases.uploads.receiving import Receiver
from services.cases.uploads.scanners import scanner_at
from services.cases.uploads.store import UploadStore
from services.cases.uploads.sweeping import Sweeper
from services.cases.watching import Watching

NAME = "cases"
_HERE: Final = Path(__file__).parent


def create_app(settings: Settings | None = None) -> Starlette:
    """The service; without `settings`, as the environment says."""
    settings = settings or Settings()  # type: ignore[call-arg]  # the environment has the rest
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    broadcast = Broadcast(NAME, settings.redis_url)
    objects = Objects.open(settings.files_url)
    store = UploadStore(database, objects, settings.upload_limits.patience)
    return subgraph.create_app(
        NAME,
        schema,
        settings,
        database=database,
        make_context=_contexts(settings, database, Watching(database, broadcast)),
        background=[
            partial(relay, NAME, database, settings.redis_url),
            broadcast.run,
            Inspector(database, objects, store, scanner_at(settings.scanner_url)).run,
            Sweeper(store, objects).run,
            Closer(database, timedelta(seconds=settings.close_after)).run,
            PeopleFollower(database, settings.redis_url).run,
            open_mailing(NAME, settings, database, Catalogues(_HERE)).run,
            *_mail_in(settings, database, store),
        ],
        routes=[
            *_uploads(settings, database, store).routes(),
            *_downloads(settings, database, objects).routes(),
        ],
    )


def _mail_in(settings: Settings, database: Database, store: UploadStore) -> list[Background]:
    """What takes answers by mail, where they are taken."""
    addresses = reply_addresses(NAME, settings)
    if addresses is None or settings.mail_in_port is None:
        return []
    reception = Reception(database, store, addresses, settings.upload_limits)
    listener = MailListener(
        reception, settings.mail_in_host, settings.mail_in_port, settings.max_mail
    )
    return [listener.run]


def _uploads(settings: Settings, database: Database, store: UploadStore) -> TusEndpoint:
    return TusEndpoint(
        gate=_gate(settings),
        database=database,
        store=store,
        receiver=Receiver(database, store),
        urls=UploadUrls(settings.public_url),
        limits=settings.upload_limits,
    )


def _downloads(settings: Settings, database: Database, objects: Objects) -> Downloads:
    async def attachment(principal: Principal, id: str) -> StoredFile | None:
        uuid = from_global(PREFIX, id)
        async with database.session(principal) as session:
            file = await session.get(CaseFile, uuid) if uuid is not None else None
        if file is None or file.state is not FileState.READY or file.object_key is None:
            return None
        return StoredFile(file.object_key, file.name, file.content_type)

    return Downloads(
        service=NAME,
        gate=_gate(settings),
        urls=SignedUrls(settings.public_url, settings.file_keys),
        objects=objects,
        authorizers={KIND: attachment},
    )


def _gate(settings: Settings) -> Gate:
    return Gate(Verifier(settings.keyring, audience=NAME), settings.max_body)


def _contexts(settings: Settings, database: Database, watching: Watching) -> MakeContext:
    paginator = Paginator(Cursors(settings.cursor_secret))
    catalogues = Catalogues(_HERE)
    signed_urls = SignedUrls(settings.public_url, settings.file_keys)
    upload_urls = UploadUrls(settings.public_url)

    def context(principal: Principal, accept_language: str | None) -> Context:
        return Context(
            principal=principal,
            locale=negotiate(principal.locale, accept_language),
            database=database,
            paginator=paginator,
            catalogues=catalogues,
            loaders=Loaders(database, paginator, principal),
            signed_urls=signed_urls,
            upload_urls=upload_urls,
            upload_limits=settings.upload_limits,
            watching=watching,
        )

    return context
