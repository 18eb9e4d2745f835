"""What a request asks to run: the document it sends, or the one it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.authentication.principals import Caller
from gateway.errors import (
    DocumentIdMismatch,
    DocumentMissing,
    DocumentNotFound,
    DocumentNotTrusted,
    RegistrationOff,
)
from gateway.persisted.names import hash_of, is_hash, named
from gateway.persisted.registered import RegisteredDocuments
from gateway.persisted.rights import DocumentRights, Registrants
from gateway.persisted.trusted import TrustedDocuments


@dataclass(frozen=True, slots=True)
class PersistedDocuments:
    """Trusted documents, and those that clients registered."""

    trusted: TrustedDocuments
    registered: RegisteredDocuments
    rights: DocumentRights

    async def text(
        self, query: str | None, extensions: Mapping[str, Any] | None, caller: Caller | None
    ) -> str:
        """The document to run.

        Raises `BadDocumentId`, `DocumentMissing`, `DocumentNotFound`, `DocumentIdMismatch`,
        `DocumentNotTrusted`, `RegistrationOff`.
        """
        id = named(extensions)
        if id is None:
            return self._sent(query, caller)
        trusted = self.trusted.find(id)
        if trusted is not None:
            if query and query != trusted:
                raise DocumentIdMismatch
            return trusted
        if query:
            return await self._sent_with_hash(query, id, caller)
        return await self._registered(id, caller)

    def _sent(self, query: str | None, caller: Caller | None) -> str:
        if not query:
            raise DocumentMissing
        if query not in self.trusted and not self.rights.runs_untrusted(caller):
            raise DocumentNotTrusted
        return query

    async def _sent_with_hash(self, query: str, id: str, caller: Caller | None) -> str:
        text = self._sent(query, caller)
        if hash_of(text) != id:
            raise DocumentIdMismatch
        if self.rights.registers(caller):
            await self.registered.register(id, text)
        return text

    async def _registered(self, id: str, caller: Caller | None) -> str:
        if not self.rights.runs_untrusted(caller):
            raise DocumentNotTrusted
        if not is_hash(id):
            raise DocumentNotFound
        if self.rights.registrants is Registrants.NOBODY:
            raise RegistrationOff
        text = await self.registered.find(id)
        if text is None:
            raise DocumentNotFound
        return text
