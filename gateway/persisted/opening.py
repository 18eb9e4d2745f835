"""The documents of one gateway, as its settings say."""

from redis.asyncio import Redis

from gateway.persisted.documents import PersistedDocuments
from gateway.persisted.registered import RegisteredDocuments
from gateway.persisted.rights import DocumentRights
from gateway.persisted.trusted import TrustedDocuments
from gateway.settings import EngineSettings


def open_documents(settings: EngineSettings, redis_url: str | None = None) -> PersistedDocuments:
    """With the trusted documents read. Registered ones are shared where there is a Redis.

    Raises `InvalidManifest`.
    """
    trusted = TrustedDocuments(settings.trusted_documents)
    trusted.load()
    registered = RegisteredDocuments(
        Redis.from_url(redis_url) if redis_url is not None else None,
        size=settings.registered_documents,
        longest=settings.max_registered,
        lifetime=settings.registered_lifetime,
    )
    rights = DocumentRights(settings.registrants, trusted_only=settings.trusted_only)
    return PersistedDocuments(trusted, registered, rights)
