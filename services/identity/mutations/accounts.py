"""Changing what an account says of itself, and giving it an administrator back."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

import strawberry

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
from services.identity.inputs.accounts import (
    RestoreAdministratorInput,
    UpdateAccountInput,
    account_changes,
    candidate,
    reason,
)
from services.identity.rights import restorations
from services.identity.rights.accounts import edit_account
from services.identity.rights.authority import account_of, authorized
from services.identity.types.account import Account, AccountPayload
from services.identity.types.restoration import (
    PREFIX,
    RESTORERS,
    AdministratorRestoration,
    AdministratorRestorationPayload,
)

_EDITORS: Final = any_of(Capability.ACCOUNT_EDIT)


@strawberry.type
class AccountMutations:
    """Of the customer's own people, and of staff."""

    @refusable(directives=[_EDITORS])
    async def update_account(self, info: Info, input: UpdateAccountInput) -> AccountPayload:
        """Change addresses and billing contact, who is an active member."""
        context = info.context
        changes = account_changes(input)
        async with context.database.system() as session:
            account, act = await authorized(
                session,
                context.principal,
                from_global("acc", input.account_id),
                Capability.ACCOUNT_EDIT,
                path=("accountId",),
            )
            row = await edit_account(
                session, account, changes, expected_version=input.expected_version, act=act
            )
        context.loaders.forget()
        return AccountPayload(account=Account.of(row))

    @refusable(directives=[RESTORERS])
    async def request_administrator_restoration(
        self, info: Info, input: RestoreAdministratorInput
    ) -> AdministratorRestorationPayload:
        """Ask that somebody administers an account that lost its administrator. Two others
        approve; every member hears of it. The same key gives the same request."""
        context = info.context
        require_step_up(context.principal)
        wanted, why = candidate(input), reason(input)
        async with context.database.system() as session:
            account, act = await authorized(
                session,
                context.principal,
                from_global("acc", input.account_id),
                Capability.STAFF_ACCOUNT,
                path=("accountId",),
            )

            async def request() -> UUID:
                made = await restorations.request_restoration(
                    session, account, wanted, why, act=act
                )
                return made.id

            id = await once(
                session,
                context.principal,
                operation="requestAdministratorRestoration",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=request,
            )
            row = await session.get_one(models.AdministratorRestoration, id)
        return _restoration(context, row)

    @refusable(directives=[RESTORERS])
    async def approve_administrator_restoration(
        self, info: Info, id: strawberry.ID
    ) -> AdministratorRestorationPayload:
        """Agree to what a colleague asked for. With the second approval it is done."""
        context = info.context
        require_step_up(context.principal)
        restoration_id = from_global(PREFIX, id)
        async with context.database.system() as session:
            account_id = await account_of(
                session, models.AdministratorRestoration.id, restoration_id
            )
            _, act = await authorized(
                session, context.principal, account_id, Capability.STAFF_ACCOUNT, path=("id",)
            )
            if restoration_id is None:
                raise NotFound(path=("id",))
            row = await restorations.approve_restoration(
                session, restoration_id, tokens=context.mailed_tokens, act=act
            )
        return _restoration(context, row)


def _restoration(
    context: Context, row: models.AdministratorRestoration
) -> AdministratorRestorationPayload:
    context.loaders.forget()
    return AdministratorRestorationPayload(restoration=AdministratorRestoration.of(row))
