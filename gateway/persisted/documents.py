"""What a request asks to run: the document it sends, or the one it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.errors import (
    DocumentIdMismatch,
    DocumentMissing,
    DocumentNotFound,
    DocumentNotTrusted,
    RegistrationOff,
)
from gateway.persisted.names import hash_of, is_hash, named
from gateway.persisted.registered import RegisteredDocuments
from gateway.persisted.trusted import TrustedDocuments


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may do: register documents, and run others than the trusted ones."""

    registers: bool
    untrusted: bool


@dataclass(frozen=True, slots=True)
class PersistedDocuments:
    """Trusted documents come first; `registered` is None where nobody may register any."""

    trusted: TrustedDocuments
    registered: RegisteredDocuments | None = None

    async def text(
        self, query: str | None, extensions: Mapping[str, Any] | None, allowance: Allowance
    ) -> str:
        """The document to run.

        Raises `BadDocumentId`, `DocumentMissing`, `DocumentNotFound`, `DocumentIdMismatch`,
        `DocumentNotTrusted`, `RegistrationOff`.
        """
        id = named(extensions)
        if id is None:
            return self._sent(query, allowance)
        trusted = self.trusted.find(id)
        if trusted is not None:
            if query and query != trusted:
                raise DocumentIdMismatch
            return trusted
        if query:
            return await self._sent_with_hash(query, id, allowance)
        return await self._registered(id, allowance)

    def _sent(self, query: str | None, allowance: Allowance) -> str:
        if not query:
            raise DocumentMissing
        if not allowance.untrusted and query not in self.trusted:
            raise DocumentNotTrusted
        return query

    async def _sent_with_hash(self, query: str, id: str, allowance: Allowance) -> str:
        text = self._sent(query, allowance)
        if hash_of(text) != id:
            raise DocumentIdMismatch
        if self.registered is not None and allowance.registers:
            await self.registered.register(id, text)
        return text

    async def _registered(self, id: str, allowance: Allowance) -> str:
        if not allowance.untrusted:
            raise DocumentNotTrusted
        if not is_hash(id):
            raise DocumentNotFound
        if self.registered is None:
            raise RegistrationOff
        text = await self.registered.find(id)
        if text is None:
            raise DocumentNotFound
        return text
