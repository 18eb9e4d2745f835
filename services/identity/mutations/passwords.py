"""The caller's own password."""

import strawberry

from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.identity.authentication.password_rules import LONGEST, PasswordTooLong
from services.identity.authentication.refusals import WrongPassword
from services.identity.context import Info
from services.identity.rights.authority import person
from services.identity.types.security import ChangePasswordPayload


@strawberry.type
class PasswordMutations:
    """Nobody changes another's."""

    @refusable(directives=[AUTHENTICATED])
    async def change_password(
        self, info: Info, current_password: str, new_password: str
    ) -> ChangePasswordPayload:
        """Needs the current one, and ends all other sessions."""
        caller = person(info.context.principal)
        # Argon2 is not to be fed books.
        if len(current_password) > LONGEST:
            raise WrongPassword(path=("currentPassword",))
        if len(new_password) > LONGEST:
            raise PasswordTooLong
        await info.context.password_changes.change(
            caller.id, caller.session_id, current=current_password, new=new_password
        )
        return ChangePasswordPayload(changed=True, errors=[])
