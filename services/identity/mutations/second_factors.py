"""The caller's own second factor."""

import strawberry

from kit.step_up import require_step_up
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.identity.context import Info
from services.identity.rights.authority import person
from services.identity.types.security import (
    BeginSecondFactorPayload,
    RecoveryCodesPayload,
    SecondFactorPayload,
)


@strawberry.type
class SecondFactorMutations:
    """Each but `confirmSecondFactor`, which proves something itself, needs a step-up."""

    @refusable(directives=[AUTHENTICATED])
    async def begin_second_factor(self, info: Info) -> BeginSecondFactorPayload:
        """A secret for the caller's application. Until a code of it is confirmed, within 15
        minutes, nothing changes; one that is in use stays in use."""
        caller = person(info.context.principal)
        require_step_up(caller)
        begun = await info.context.second_factors.begin(caller.id)
        return BeginSecondFactorPayload(secret=begun.secret, uri=begun.uri, errors=[])

    @refusable(directives=[AUTHENTICATED])
    async def confirm_second_factor(self, info: Info, code: str) -> RecoveryCodesPayload:
        """From now on signing in asks for it. Ten recovery codes, each good once."""
        caller = person(info.context.principal)
        codes = await info.context.second_factors.confirm(caller.id, caller.session_id, code)
        info.context.loaders.forget()
        return RecoveryCodesPayload(recovery_codes=codes, errors=[])

    @refusable(directives=[AUTHENTICATED])
    async def disable_second_factor(self, info: Info) -> SecondFactorPayload:
        """The password is enough from now on; recovery codes are gone."""
        caller = person(info.context.principal)
        require_step_up(caller)
        await info.context.second_factors.disable(caller.id)
        info.context.loaders.forget()
        return SecondFactorPayload(enabled=False, errors=[])

    @refusable(directives=[AUTHENTICATED])
    async def renew_recovery_codes(self, info: Info) -> RecoveryCodesPayload:
        """Ten new ones; the old ones are good for nothing."""
        caller = person(info.context.principal)
        require_step_up(caller)
        codes = await info.context.second_factors.renew_recovery_codes(caller.id)
        return RecoveryCodesPayload(recovery_codes=codes, errors=[])
