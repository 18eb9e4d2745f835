"""Asking people to join an account, and joining."""

from dataclasses import asdict
from datetime import UTC, datetime
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
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.identity import models
from services.identity.authentication.refusals import RateLimited
from services.identity.authentication.throttle import Guarded
from services.identity.context import Context, Info
from services.identity.inputs.members import InviteUserInput, new_invitation
from services.identity.rights import invitations, joining
from services.identity.rights.authority import account_of, authorized, current_principal, person
from services.identity.types.membership import (
    INVITATION_PREFIX,
    Invitation,
    InviteUserPayload,
    Membership,
    MembershipPayload,
)

_MANAGERS: Final = any_of(Capability.MEMBER_MANAGE)


@strawberry.type
class InvitationMutations:
    """Managing members takes a proof of who it is, not long ago."""

    @refusable(directives=[_MANAGERS])
    async def invite_user(self, info: Info, input: InviteUserInput) -> InviteUserPayload:
        """Ask somebody by mail to join the account. The same key gives the same invitation."""
        context = info.context
        require_step_up(context.principal)
        new, account_id = new_invitation(input), from_global("acc", input.account_id)
        async with context.database.system() as session:
            account, act = await authorized(
                session,
                context.principal,
                account_id,
                Capability.MEMBER_MANAGE,
                path=("accountId",),
            )

            async def invite() -> UUID:
                made = await invitations.invite(
                    session, account, new, tokens=context.mailed_tokens, act=act
                )
                return made.id

            id = await once(
                session,
                context.principal,
                operation="inviteUser",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=invite,
            )
            row = await session.get_one(models.Invitation, id)
        return _invited(context, row)

    @refusable(directives=[_MANAGERS])
    async def resend_invitation(self, info: Info, id: strawberry.ID) -> InviteUserPayload:
        """Another mail with another token: the earlier one works no more."""
        context = info.context
        require_step_up(context.principal)
        async with context.database.system() as session:
            invitation_id = _id_of(id)
            account_id = await account_of(session, models.Invitation.id, invitation_id)
            _, act = await authorized(
                session, context.principal, account_id, Capability.MEMBER_MANAGE, path=("id",)
            )
            row = await invitations.send_again(
                session, invitation_id, tokens=context.mailed_tokens, act=act
            )
        return _invited(context, row)

    @refusable(directives=[_MANAGERS])
    async def revoke_invitation(self, info: Info, id: strawberry.ID) -> InviteUserPayload:
        """The token in the mail works no more."""
        context = info.context
        require_step_up(context.principal)
        async with context.database.system() as session:
            invitation_id = _id_of(id)
            account_id = await account_of(session, models.Invitation.id, invitation_id)
            _, act = await authorized(
                session, context.principal, account_id, Capability.MEMBER_MANAGE, path=("id",)
            )
            row = await invitations.revoke(session, invitation_id, act=act)
        return _invited(context, row)

    @refusable(directives=[AUTHENTICATED])
    async def accept_invitation(self, info: Info, token: str) -> MembershipPayload:
        """Join the account that the token in a mail to the caller's address is for."""
        context = info.context
        caller = person(context.principal)
        if seconds := await context.throttle.wait(Guarded.INVITATION, account=str(caller.id)):
            raise RateLimited(seconds)
        now = datetime.now(UTC)
        async with context.database.system() as session:
            await current_principal(session, caller)
            user = await session.get_one(models.User, caller.id)
            offer = await joining.offered(session, token, now)
            row = await joining.accept(session, offer, user, now)
            seen_as = await current_principal(session, caller)
        context.loaders.forget(seen_as)  # who has just become one sees the account
        return MembershipPayload(membership=Membership.of(row))


def _id_of(id: str) -> UUID:
    found = from_global(INVITATION_PREFIX, id)
    if found is None:
        raise NotFound(path=("id",))
    return found


def _invited(context: Context, row: models.Invitation) -> InviteUserPayload:
    context.loaders.forget()
    return InviteUserPayload(invitation=Invitation.of(row))
