"""Step-up: what is dear asks for a person who proved lately that it is them.

Signing in is such a proof, with the second factor where the person has one; `POST /auth/step-up`
renews it for the session. Identity says until when it holds (`Principal.proven_until`), so that
its setting is the only one.
"""

from datetime import UTC, datetime

from kit.contract import ErrorCode
from kit.errors import DomainError
from kit.messages import N_
from kit.principal import Principal


class StepUpRequired(DomainError):
    """The session has not proved its person lately; after `POST /auth/step-up`, ask again."""

    code = ErrorCode.STEP_UP_REQUIRED
    sentence = N_("Please confirm that it is you, then try again.")


def require_step_up(principal: Principal, now: datetime | None = None) -> None:
    """Raises `StepUpRequired` unless the caller's proof still holds. Machines have none."""
    until = principal.proven_until
    if until is None or until <= (now or datetime.now(UTC)):
        raise StepUpRequired
