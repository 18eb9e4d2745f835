"""Partners: whose people may act in whose account."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound
from kit.ids import to_global
from services.identity.errors import InvalidPeriod, NoPartner
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
    session: AsyncSession, account_id: UUID, partner_id: UUID, terms: Terms, *, act: Act
) -> PartnerRelation:
    """Let a partner's people act in a customer's account.

    Raises `NotFound`, `NoPartner`, `InvalidPeriod`.
    """
    if terms.until is not None and terms.until < terms.since:
        raise InvalidPeriod(path=("until",))
    await locked_account(session, account_id)
    partner = await session.get(Account, partner_id)
    if partner is None:
        raise NotFound
    if partner.kind is not AccountKind.PARTNER:
        raise NoPartner
    relation = PartnerRelation(
        account_id=account_id,
        partner_id=partner_id,
        scope=sorted(terms.scope),
        since=terms.since,
        until=terms.until,
    )
    session.add(relation)
    _audit_relation(session, relation, act, "partner.related")
    announce(session, await people_of(session, partner_id))
    return relation


async def end_relation(
    session: AsyncSession, relation_id: UUID, *, until: date, act: Act
) -> PartnerRelation:
    """Set a relation's last day. Raises `NotFound`, `InvalidPeriod`."""
    relation = await session.get(PartnerRelation, relation_id, with_for_update=True)
    if relation is None:
        raise NotFound
    if until < relation.since:
        raise InvalidPeriod(path=("until",))
    relation.until = until
    relation.version += 1
    _audit_relation(session, relation, act, "partner.relation-ended")
    announce(session, await people_of(session, relation.partner_id))
    return relation


def _audit_relation(
    session: AsyncSession, relation: PartnerRelation, act: Act, action: str
) -> None:
    audit(session, relation.account_id, act, action, target=to_global("prel", relation.id))
