"""What the caller may do to a key."""

from datetime import UTC, datetime

import strawberry

from kit.contract import Capability
from services.licensing import models
from services.licensing.context import Info
from services.licensing.rights import manages


@strawberry.type
class KeyPermissions:
    """What the caller may do to a key: for showing buttons, never what protects."""

    reveal: bool
    assign: bool
    edit: bool
    change_owner: bool


async def permissions(info: Info, row: models.ProductKey) -> KeyPermissions:
    """What the caller may do to the key as it is now."""
    principal = info.context.principal
    managed = manages(principal, row, manages_group=await _manages_group(info, row))
    return KeyPermissions(
        reveal=principal.holds(Capability.KEY_REVEAL, row.account_id),
        assign=managed and await _is_assignable(info, row),
        edit=managed,
        change_owner=principal.holds(Capability.KEY_MANAGE_ALL, row.account_id),
    )


async def _manages_group(info: Info, row: models.ProductKey) -> bool:
    if row.group_id is None:
        return False
    if not info.context.principal.holds(Capability.KEY_MANAGE_GROUP, row.account_id):
        return False
    return await info.context.loaders.manages.load(row.group_id)


async def _is_assignable(info: Info, row: models.ProductKey) -> bool:
    loaders = info.context.loaders
    if row.deployment_id is not None:
        login_based = await loaders.login_based_at.load(row.deployment_id)
    else:
        login_based = await loaders.login_based.load(row.account_id)
    return row.why_not_assign(datetime.now(UTC).date(), login_based=login_based) is None
