"""What clients pass in."""

import strawberry

from kit.ids import from_global, new_id
from services.identity.models import AccountKind, AccountStatus
from services.identity.repository import AccountQuery


@strawberry.input
class AccountFilter:
    """Accounts that match all that is given."""

    status: AccountStatus | None = None
    kind: AccountKind | None = None
    partner_id: strawberry.ID | None = None


def account_query(search: str | None, filter: AccountFilter | None) -> AccountQuery:
    """The filter as the repository takes it."""
    if filter is None:
        return AccountQuery(search)
    partner_id = None
    if filter.partner_id is not None:
        # An id that names nothing finds nothing, as does one that the caller may not see.
        partner_id = from_global("acc", filter.partner_id) or new_id()
    return AccountQuery(search, filter.status, filter.kind, partner_id)
