"""Why people are refused who change how they sign in.

RateLimited     too many attempts for this account
WrongCode       the code is not of the second factor, or too old
WrongPassword   the current password is another
"""

from kit.contract import ErrorCode
from kit.errors import DomainError, Invalid
from kit.messages import N_


class RateLimited(DomainError):
    """Wait so many seconds; the right answer is refused as well."""

    code = ErrorCode.RATE_LIMITED
    sentence = N_("Too many attempts: try again in {seconds} seconds.")

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)


class WrongCode(Invalid):
    """Not a code of this moment."""

    sentence = N_("This code is wrong, or it has run out.")


class WrongPassword(Invalid):
    """Not the password of today."""

    sentence = N_("The current password is wrong.")
