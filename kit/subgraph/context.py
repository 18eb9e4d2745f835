"""What a resolver knows about its request."""

from dataclasses import dataclass

from kit.database import Database
from kit.messages import Catalogues, Message
from kit.pagination import Paginator
from kit.principal import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Caller, language and database. A service's own context adds its loaders."""

    principal: Principal
    locale: str
    database: Database
    paginator: Paginator
    catalogues: Catalogues

    def translate(self, message: Message) -> str:
        """The message in the caller's language."""
        return self.catalogues.translate(message, self.locale)
