"""Licensing's mutations. A refusal is data in the payload's `errors`."""

from dataclasses import field
from functools import partial

import strawberry

from kit.contract import Capability
from kit.idempotency import once
from kit.ids import from_global
from kit.subgraph.refusal import UserError, refusable
from kit.subgraph.rules import any_of
from services.licensing.assigning import Holder, assign_key
from services.licensing.context import Info
from services.licensing.inputs import AssignKeyInput
from services.licensing.types import key
from services.licensing.types.key import ProductKey


@strawberry.type
class ProductKeyPayload:
    """The key as it is now, or why it is not."""

    product_key: ProductKey | None = None
    errors: list[UserError] = field(default_factory=list)


@strawberry.type
class Mutation:
    """Each is one transaction."""

    @refusable(directives=[any_of(Capability.KEY_MANAGE_ALL, Capability.KEY_MANAGE_GROUP)])
    async def assign_key(self, info: Info, input: AssignKeyInput) -> ProductKeyPayload:
        """Give a key to somebody, who is told only when they get access to the portal."""
        principal = info.context.principal
        holder = Holder.read(input.first_name, input.last_name, input.email)
        async with info.context.database.session(principal) as session:
            act = partial(
                assign_key,
                session,
                principal,
                from_global(key.PREFIX, input.key_id),
                holder,
                expected_version=input.expected_version,
                grant_portal_access=input.grant_portal_access,
            )
            id = await once(
                session,
                principal,
                operation="assignKey",
                key=input.idempotency_key,
                parameters=input.parameters,
                act=act,
            )
        row = await info.context.loaders.key.load(id)
        return ProductKeyPayload(product_key=ProductKey.of(row) if row is not None else None)
