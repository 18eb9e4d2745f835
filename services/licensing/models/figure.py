"""Product keys as statistics read them: the same rows under another rule.

Who counts keys need not see any of them. `ProductKey`'s rule would hide all, so statistics read
the bare table and say `countable` themselves.
"""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, or_, true

from kit.contract import Capability
from kit.database import among
from kit.principal import Principal
from services.licensing.models.group import managed_groups
from services.licensing.models.key import KeyState, ProductKey, has_appeared

KEYS: Final = ProductKey.__table__.c


def countable(principal: Principal) -> ColumnElement[bool]:
    """Keys in accounts with AGGREGATE_READ; managers of key groups count their groups only."""
    counted: ColumnElement[bool] = true()
    if Capability.AGGREGATE_READ not in principal.everywhere:
        limited = set(_limited_to_groups(principal))
        whole = set(principal.accounts_with(Capability.AGGREGATE_READ)) - limited
        counted = or_(
            among(KEYS.account_id, whole),
            and_(among(KEYS.account_id, limited), KEYS.group_id.in_(managed_groups(principal)))
            if limited
            else false(),
        )
    return and_(counted, has_appeared(KEYS.account_id, KEYS.visible_from, principal))


def state_on(today: date) -> ColumnElement[str]:
    """`ProductKey.state_on` in SQL."""
    return case(
        (KEYS.revoked_at.is_not(None), KeyState.REVOKED.value),
        (KEYS.suspended_at.is_not(None), KeyState.SUSPENDED.value),
        (KEYS.expires_on < today, KeyState.EXPIRED.value),
        (KEYS.starts_on > today, KeyState.PENDING.value),
        else_=KeyState.ACTIVE.value,
    )


def _limited_to_groups(principal: Principal) -> list[UUID]:
    return [
        account
        for account, held in principal.accounts.items()
        if {Capability.AGGREGATE_READ, Capability.KEY_READ_GROUP} <= held
        and Capability.KEY_READ_ALL not in held
    ]
