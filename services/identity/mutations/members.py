"""Changing what members may do, and whether they are members."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound
from kit.ids import from_global, to_global
from kit.step_up import require_step_up
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Context, Info
from services.identity.inputs.members import UpdateMembershipInput
from services.identity.rights import members
from services.identity.rights.act import Act
from services.identity.rights.authority import account_of, authorized
from services.identity.types.membership import (
    PREFIX,
    Membership,
    MembershipPayload,
    RemoveMembersPayload,
)

_MANAGERS: Final = any_of(Capability.MEMBER_MANAGE)
_MOST_AT_ONCE: Final = 1000

#: What is done to one member.
Change = Callable[[AsyncSession, UUID, Act], Awaitable[models.Membership]]


@strawberry.type
class MemberMutations:
    """Managing members takes a proof of who it is, not long ago."""

    @refusable(directives=[_MANAGERS])
    async def update_membership(
        self, info: Info, input: UpdateMembershipInput
    ) -> MembershipPayload:
        """Give a member another role, or give or take the Case Administrator add-on."""

        async def change(session: AsyncSession, id: UUID, act: Act) -> models.Membership:
            row = await session.get_one(models.Membership, id)
            add_on = input.case_administrator
            return await members.change_role(
                session,
                id,
                role=input.role or row.role,
                case_administrator=row.case_administrator if add_on is None else add_on,
                expected_version=input.expected_version,
                act=act,
            )

        return await _changed(info.context, input.membership_id, change, "membershipId")

    @refusable(directives=[_MANAGERS])
    async def suspend_member(self, info: Info, id: strawberry.ID) -> MembershipPayload:
        """Take a member's rights in the account for a time."""

        async def suspend(session: AsyncSession, id: UUID, act: Act) -> models.Membership:
            return await members.suspend_member(session, id, act=act)

        return await _changed(info.context, id, suspend, "id")

    @refusable(directives=[_MANAGERS])
    async def restore_member(self, info: Info, id: strawberry.ID) -> MembershipPayload:
        """Give a suspended member their rights back."""

        async def restore(session: AsyncSession, id: UUID, act: Act) -> models.Membership:
            return await members.restore_member(session, id, act=act)

        return await _changed(info.context, id, restore, "id")

    @refusable(directives=[_MANAGERS])
    async def remove_members(
        self, info: Info, account_id: strawberry.ID, membership_ids: list[strawberry.ID]
    ) -> RemoveMembersPayload:
        """Remove members for good, all of them or none. What they did stays under their name."""
        context = info.context
        require_step_up(context.principal)
        wanted = [from_global(PREFIX, id) for id in membership_ids[: _MOST_AT_ONCE + 1]]
        async with context.database.system() as session:
            account, act = await authorized(
                session,
                context.principal,
                from_global("acc", account_id),
                Capability.MEMBER_MANAGE,
                path=("accountId",),
            )
            ids = [id for id in wanted if id is not None]
            if not ids or len(ids) != len(wanted) or len(ids) > _MOST_AT_ONCE:
                raise NotFound(path=("membershipIds",))
            rows = await members.remove_members(session, account.id, ids, act=act)
        context.loaders.forget()
        removed = [strawberry.ID(to_global(PREFIX, row.id)) for row in rows]
        return RemoveMembersPayload(removed_ids=removed)


async def _changed(context: Context, id: str, change: Change, field: str) -> MembershipPayload:
    require_step_up(context.principal)
    membership_id = from_global(PREFIX, id)
    async with context.database.system() as session:
        account_id = await account_of(session, models.Membership.id, membership_id)
        _, act = await authorized(
            session, context.principal, account_id, Capability.MEMBER_MANAGE, path=(field,)
        )
        if membership_id is None:
            raise NotFound(path=(field,))
        row = await change(session, membership_id, act)
    context.loaders.forget()
    return MembershipPayload(membership=Membership.of(row))
