"""Giving keys to people."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.emails import email_key
from kit.errors import Forbidden, NotFound, VersionConflict
from kit.outbox import record
from kit.principal import Principal
from services.licensing.errors import AlreadyAssigned, InvalidEmail, InvalidName
from services.licensing.events import KeyAssigned
from services.licensing.models import Assignment, Deployment, KeyGroupManager, ProductKey
from services.licensing.rights import manages

#: One @ with something on both sides and no spaces: whether mail arrives, only mail can tell.
_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
_LONGEST_EMAIL: Final = 254
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may have no access to the portal."""

    first_name: str
    last_name: str
    email: str

    @classmethod
    def read(cls, first_name: str, last_name: str, email: str) -> "Holder":
        """As it was typed. Raises `InvalidName` and `InvalidEmail`."""
        return cls(_name(first_name, "firstName"), _name(last_name, "lastName"), _email(email))

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def email_key(self) -> str:
        """The address as it is compared."""
        return email_key(self.email)


async def assign_key(
    session: AsyncSession,
    principal: Principal,
    key_id: UUID | None,
    holder: Holder,
    *,
    expected_version: int,
    grant_portal_access: bool,
) -> UUID:
    """Give the key to `holder`, or access to the portal to whoever has it. Returns the key's id.

    Installations of whoever had it stay activated. Raises `NotFound`, `Forbidden`,
    `VersionConflict`, `LoginBased`, `KeyExpired`, `KeyUnusable`, `AlreadyAssigned`.
    """
    key = await _locked_key(session, key_id)
    await _require_manager(session, principal, key)
    if key.version != expected_version:
        raise VersionConflict(key.version)
    today = datetime.now(UTC).date()
    refusal = key.why_not_assign(today, login_based=await _is_login_based(session, key))
    if refusal is not None:
        raise refusal
    if key.assigned_email is None:
        assignment = _assigned(key, holder, by=principal.id)
        assignment.user_id = key.assignee_id = await _known_person(session, key, holder)
        assignment.portal_access = grant_portal_access
        session.add(assignment)
    elif email_key(key.assigned_email) != holder.email_key:
        raise AlreadyAssigned
    elif not grant_portal_access or not await _grant_access(session, key):
        return key.id
    key.version += 1
    record(session, _event(key, holder, by=principal.id, grant_portal_access=grant_portal_access))
    return key.id


def _assigned(key: ProductKey, holder: Holder, *, by: UUID) -> Assignment:
    assignment = Assignment(
        account_id=key.account_id,
        key_id=key.id,
        first_name=holder.first_name,
        last_name=holder.last_name,
        email=holder.email,
        email_key=holder.email_key,
        assigned_by_id=by,
    )
    key.assigned_at = assignment.assigned_at
    key.assigned_name, key.assigned_email = holder.name, holder.email
    return assignment


async def _grant_access(session: AsyncSession, key: ProductKey) -> bool:
    """Let whoever has the key into the portal; False when they have been let in already."""
    current = select(Assignment).where(Assignment.key_id == key.id, Assignment.ended_at.is_(None))
    assignment = (await session.scalars(current)).one()
    granted = not assignment.portal_access
    assignment.portal_access = True
    return granted


def _event(key: ProductKey, holder: Holder, *, by: UUID, grant_portal_access: bool) -> KeyAssigned:
    return KeyAssigned(
        key_id=key.id,
        account_id=key.account_id,
        masked_key=key.masked,
        first_name=holder.first_name,
        last_name=holder.last_name,
        email=holder.email,
        grant_portal_access=grant_portal_access,
        assigned_by_id=by,
    )


async def _locked_key(session: AsyncSession, key_id: UUID | None) -> ProductKey:
    key: ProductKey | None = None
    if key_id is not None:
        wanted = select(ProductKey).where(ProductKey.id == key_id).with_for_update()
        key = (await session.scalars(wanted)).one_or_none()
    if key is None:
        raise NotFound(path=("keyId",))
    return key


async def _require_manager(session: AsyncSession, principal: Principal, key: ProductKey) -> None:
    in_group = False
    if principal.holds(Capability.KEY_MANAGE_GROUP, key.account_id):
        managed = select(KeyGroupManager.group_id).where(
            KeyGroupManager.group_id == key.group_id, KeyGroupManager.user_id == principal.id
        )
        in_group = (await session.scalars(managed)).first() is not None
    if not manages(principal, key, manages_group=in_group):
        raise Forbidden(path=("keyId",))


async def _is_login_based(session: AsyncSession, key: ProductKey) -> bool:
    """Whether people sign in where the key is used; without a place, wherever it could be used.

    Locked: a deployment changes over before this assignment or after it, not in between. The
    bare table: whoever manages keys need not read deployments.
    """
    table = Deployment.__table__.c
    rows = await session.execute(
        select(table.id, table.login_based)
        .where(table.account_id == key.account_id)
        .with_for_update(read=True)
    )
    login_based: dict[UUID, bool] = dict(rows.all())
    if key.deployment_id is not None:
        return login_based[key.deployment_id]
    return bool(login_based) and all(login_based.values())


async def _known_person(session: AsyncSession, key: ProductKey, holder: Holder) -> UUID | None:
    """Who holds this address, if an earlier assignment in the account tells."""
    earlier = (
        select(Assignment.user_id)
        .where(Assignment.account_id == key.account_id, Assignment.email_key == holder.email_key)
        .where(Assignment.user_id.is_not(None))
        .order_by(Assignment.assigned_at.desc())
        .limit(1)
    )
    return (await session.scalars(earlier)).first()


def _name(typed: str, field: str) -> str:
    name = typed.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or _has_control_characters(name):
        raise InvalidName(path=(field,))
    return name


def _email(typed: str) -> str:
    email = typed.strip()
    valid = len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email)
    if not valid or _has_control_characters(email):
        raise InvalidEmail(path=("email",))
    return email


def _has_control_characters(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)
