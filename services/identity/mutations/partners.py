"""Letting partners act in an account, and ending that."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

import strawberry
from sqlalchemy import select

from kit.columns import plain
from kit.contract import Capability
from kit.errors import NotFound
from kit.idempotency import once
from kit.ids import from_global
from kit.step_up import require_step_up
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Context, Info
from services.identity.inputs.partners import (
    EndPartnerRelationInput,
    RelatePartnerInput,
    last_day,
    terms,
)
from services.identity.rights import partners
from services.identity.rights.authority import account_of, authorized
from services.identity.types.partner import PREFIX, PartnerRelation, PartnerRelationPayload

_MANAGERS: Final = any_of(Capability.MEMBER_MANAGE)


@strawberry.type
class PartnerMutations:
    """Whoever manages an account's members decides which partners act in it."""

    @refusable(directives=[_MANAGERS])
    async def relate_partner(self, info: Info, input: RelatePartnerInput) -> PartnerRelationPayload:
        """Let a partner's people act in the account. The same key gives the same relation."""
        context = info.context
        require_step_up(context.principal)
        agreed = terms(input)
        async with context.database.system() as session:
            account, act = await authorized(
                session,
                context.principal,
                from_global("acc", input.account_id),
                Capability.MEMBER_MANAGE,
                path=("accountId",),
            )

            async def relate() -> UUID:
                number = plain(input.partner_number).strip()
                partner_id = await session.scalar(
                    select(models.Account.id).where(models.Account.number == number)
                )
                made = await partners.relate_partner(
                    session, account.id, partner_id, agreed, act=act
                )
                return made.id

            id = await once(
                session,
                context.principal,
                operation="relatePartner",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=relate,
            )
            row = await session.get_one(models.PartnerRelation, id)
        return _related(context, row)

    @refusable(directives=[_MANAGERS])
    async def end_partner_relation(
        self, info: Info, input: EndPartnerRelationInput
    ) -> PartnerRelationPayload:
        """Set the last day on which the partner's people may act, or end it at once."""
        context = info.context
        require_step_up(context.principal)
        relation_id = from_global(PREFIX, input.relation_id)
        async with context.database.system() as session:
            account_id = await account_of(session, models.PartnerRelation.id, relation_id)
            _, act = await authorized(
                session,
                context.principal,
                account_id,
                Capability.MEMBER_MANAGE,
                path=("relationId",),
            )
            if relation_id is None:
                raise NotFound(path=("relationId",))
            row = await partners.end_relation(
                session,
                relation_id,
                until=last_day(input),
                expected_version=input.expected_version,
                act=act,
            )
        return _related(context, row)


def _related(context: Context, row: models.PartnerRelation) -> PartnerRelationPayload:
    context.loaders.forget()
    return PartnerRelationPayload(relation=PartnerRelation.of(row))
