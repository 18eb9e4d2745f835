"""What licensing's resolvers know about their request."""

from dataclasses import dataclass
from uuid import UUID

import strawberry

from kit.contract import PrincipalKind
from kit.subgraph.context import RequestContext
from services.licensing.key_vault import KeyVault
from services.licensing.loaders import Loaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """The caller, what was read for them so far, and the secrets of product keys."""

    loaders: Loaders
    vault: KeyVault

    def reaches(self, account_id: UUID) -> bool:
        """Whether the caller belongs to the account in some way, or to the vendor's staff."""
        staff = self.principal.kind is PrincipalKind.STAFF
        return account_id in self.principal.accounts or (staff and bool(self.principal.everywhere))


Info = strawberry.Info[Context, None]
