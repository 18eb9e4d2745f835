"""Licensing's refusals.

LoginBased        where people sign in, the keys that they would type are refused
KeyExpired        the key's last day is over
KeyUnusable       the vendor has suspended or revoked the key
AlreadyAssigned   a key is assigned to one person at a time
InvalidName       people have names
InvalidEmail      an address has the form of one
"""

from kit.contract import ErrorCode
from kit.errors import DomainError, Invalid
from kit.messages import N_


class LoginBased(DomainError):
    """Creator, Desktop and Prep are activated by signing in here."""

    code = ErrorCode.LBLM_KEY_REFUSED
    sentence = N_(
        "People sign in to activate Creator, Desktop and Prep here: their keys are not assigned."
    )


class KeyExpired(DomainError):
    """The key opens nothing any more."""

    code = ErrorCode.KEY_EXPIRED
    sentence = N_("This key has expired.")


class KeyUnusable(DomainError):
    """The key is suspended or revoked."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This key is suspended or revoked.")


class AlreadyAssigned(DomainError):
    """Taking a key from somebody is an act of its own."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This key is assigned to somebody else: unassign it first.")


class InvalidName(Invalid):
    """A name is empty, or too long."""

    sentence = N_("A name has from 1 to 200 characters.")


class InvalidEmail(Invalid):
    """This is no e-mail address."""

    sentence = N_("This is not an e-mail address.")
