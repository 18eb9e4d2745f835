"""Partners: whose people may act in whose account."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound, VersionConflict
from kit.ids import to_global
from kit.outbox import record
from services.identity import capabilities
from services.identity.errors import (
    AlreadyRelated,
    InvalidPeriod,
    InvalidScope,
    LongerPeriod,
    NoPartner,
    RoleTooHigh,
    WrongState,
)
from services.identity.events import PartnerRelated, PartnerRelationEnded
from services.identity.models import Account, AccountKind, PartnerRelation
from services.identity.rights.accounts import locked_account, people_of
from services.identity.rights.act import Act, announce, audit


@dataclass(frozen=True, slots=True)
class Terms:
    """What the partner's people may do, from the first day to the last, both included."""

    scope: frozenset[Capability]
    since: date
    until: date | None = None


async def relate_partner(
    session: AsyncSession, account_id: UUID, partner_id: UUID | None, terms: Terms, *, act: Act
) -> PartnerRelation:
    """Let a partner's people act in a customer's account.

    Raises `NotFound`, `NoPartner`, `InvalidPeriod`, `InvalidScope`, `RoleTooHigh`,
    `AlreadyRelated`. No partner and no account at all answer alike.
    """
    if terms.until is not None and terms.until < terms.since:
        raise InvalidPeriod(path=("until",))
    account = await locked_account(session, account_id)
    partner = await session.get(Account, partner_id) if partner_id is not None else None
    if partner is None or partner.kind is not AccountKind.PARTNER or partner.id == account.id:
        raise NoPartner(path=("partnerNumber",))
    _require_grantable(terms.scope, act)
    await _require_free(session, account.id, partner.id, terms, act)
    relation = PartnerRelation(
        account_id=account.id,
        partner_id=partner.id,
        scope=sorted(terms.scope),
        since=terms.since,
        until=terms.until,
        created_at=act.at,
    )
    session.add(relation)
    _audit_relation(session, relation, act, "partner.related")
    record(session, _about(PartnerRelated, relation))
    await announce(session, await people_of(session, partner.id))
    return relation


async def end_relation(
    session: AsyncSession,
    relation_id: UUID,
    *,
    until: date | None,
    act: Act,
    expected_version: int | None = None,
) -> PartnerRelation:
    """Bring a relation's last day forward; without one it ends at once.

    Raises `NotFound`, `WrongState`, `VersionConflict`, `InvalidPeriod`, `LongerPeriod`.
    """
    relation = await locked_relation(session, relation_id)
    if relation.ends is not None and relation.ends <= act.at:
        raise WrongState
    if expected_version is not None and relation.version != expected_version:
        raise VersionConflict(relation.version)
    if until is None:
        relation.ended_at = act.at
    elif until < relation.since:
        raise InvalidPeriod(path=("until",))
    elif relation.until is not None and until > relation.until:
        raise LongerPeriod(path=("until",))
    else:
        relation.until = until
    relation.version += 1
    _audit_relation(session, relation, act, "partner.relation-ended")
    record(session, _about(PartnerRelationEnded, relation))
    await announce(session, await people_of(session, relation.partner_id))
    return relation


async def locked_relation(session: AsyncSession, relation_id: UUID) -> PartnerRelation:
    """The relation, behind its customer's lock. Raises `NotFound`."""
    account_id = await session.scalar(
        select(PartnerRelation.account_id).where(PartnerRelation.id == relation_id)
    )
    if account_id is None:
        raise NotFound
    await locked_account(session, account_id)
    return await session.get_one(PartnerRelation, relation_id, populate_existing=True)


def _require_grantable(scope: frozenset[Capability], act: Act) -> None:
    if not scope or not scope <= capabilities.PARTNER_SCOPE:
        raise InvalidScope(path=("scope",))
    if not capabilities.may_grant(act.holds, scope):
        raise RoleTooHigh(path=("scope",))


async def _require_free(
    session: AsyncSession, account_id: UUID, partner_id: UUID, terms: Terms, act: Act
) -> None:
    rows = await session.scalars(
        select(PartnerRelation).where(
            PartnerRelation.account_id == account_id, PartnerRelation.partner_id == partner_id
        )
    )
    for each in rows:
        is_over = each.ends is not None and each.ends <= act.at
        begins_after = terms.until is not None and terms.until < each.since
        begins_before = each.until is not None and each.until < terms.since
        if not (is_over or begins_after or begins_before):
            raise AlreadyRelated(path=("partnerNumber",))


def _audit_relation(
    session: AsyncSession, relation: PartnerRelation, act: Act, action: str
) -> None:
    audit(session, relation.account_id, act, action, target=to_global("prel", relation.id))


def _about(
    fact: type[PartnerRelated | PartnerRelationEnded], relation: PartnerRelation
) -> PartnerRelated | PartnerRelationEnded:
    return fact(
        relation_id=relation.id,
        account_id=relation.account_id,
        partner_id=relation.partner_id,
    )
