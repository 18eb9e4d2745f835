"""Identity's refusals.

LastAdministrator   an active account keeps at least one
RoleTooHigh         nobody grants more than they hold
WrongRole           partner roles exist in partners' accounts only
WrongState          the thing is no longer, or not yet, what this acts on
NoPartner           a relation is with a partner's account
InvalidPeriod       a relation cannot end before it began
"""

from kit.contract import ErrorCode
from kit.errors import DomainError, Forbidden, Invalid
from kit.messages import N_


class LastAdministrator(DomainError):
    """The change would leave an active account without an administrator."""

    code = ErrorCode.LAST_ADMINISTRATOR
    sentence = N_("An active account keeps at least one administrator.")


class RoleTooHigh(Forbidden):
    """The role holds rights that the one who grants it does not."""

    sentence = N_("You cannot grant rights that you do not hold yourself.")


class WrongRole(Invalid):
    """A partner role in a customer's account."""

    sentence = N_("This role exists in partners’ accounts only.")


class WrongState(DomainError):
    """The thing is removed, ended or revoked."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This is not possible any more.")


class NoPartner(Invalid):
    """The account is a customer's."""

    sentence = N_("This account is not a partner’s.")


class InvalidPeriod(Invalid):
    """The last day is before the first."""

    sentence = N_("A relation cannot end before it began.")
