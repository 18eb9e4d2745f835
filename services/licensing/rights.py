"""Who may change a key. Row rules have said already who sees it."""

from kit.contract import Capability
from kit.principal import Principal
from services.licensing.models import ProductKey


def manages(principal: Principal, key: ProductKey, *, manages_group: bool) -> bool:
    """Whether the caller assigns and edits the key: all of the account's, or those of a group."""
    if principal.holds(Capability.KEY_MANAGE_ALL, key.account_id):
        return True
    return manages_group and principal.holds(Capability.KEY_MANAGE_GROUP, key.account_id)
