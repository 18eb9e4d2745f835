"""Identity's refusals.

LastAdministrator   an active account keeps at least one
RoleTooHigh         nobody grants more than they hold
WrongRole           partner roles exist in partners' accounts only
WrongState          the thing is no longer, or not yet, what this acts on
NoPartner           a relation is with a partner's account
InvalidPeriod       a relation cannot end before it began
LongerPeriod        who ends a relation does not prolong it
PastDay             what is agreed today begins and ends today at the earliest
AlreadyRelated      one relation with a partner at a time
InvalidScope        a relation grants something, and only what partners can use
MemberAbove         nobody manages a member who holds more than they do
AlreadyMember       the person belongs to the account
AlreadyInvited      there is an invitation that can be accepted, or sent again
InvitationOver      the token is wrong, used, revoked or too old: they answer alike
OtherRecipient      the invitation is for another address
TooManyInvitations  strangers' mailboxes are not to be filled from here
NoGroups            the role manages no key groups
InvalidName         a person's name
InvalidEmail        an e-mail address
InvalidText         any other text
InvalidCountry      ISO 3166-1 does not know the country
InvalidVatNumber    the number does not have its country's shape
NotAMember          a billing contact is an active member
OwnRequest          nobody approves what they asked for
UnknownLocale       the portal does not speak this language
AlwaysSent          some mails cannot be switched off
KnownPerson         whoever has signed in here before does so to accept
PersonRequired      a machine client cannot do what only people do
NotForMachines      scopes that no machine client can hold
InvalidExpiry       a machine client lives for a limited time
TooManyClients      an account has a limited number of machine clients
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


class EmptyPeriod(Invalid):
    """It ends before it begins, or at that very moment."""

    sentence = N_("This period ends before it begins.")


class InvalidPeriod(Invalid):
    """The last day is before the first."""

    sentence = N_("A relation cannot end before it began.")


class LongerPeriod(Invalid):
    """More time is another agreement, which takes the right to make one."""

    sentence = N_("The last day can only be brought forward.")


class PastDay(Invalid):
    """A day before today."""

    sentence = N_("This day is over.")


class AlreadyRelated(Invalid):
    """There is a relation with the same partner in the same time."""

    sentence = N_("This partner already has a relation with the account in this time.")


class InvalidScope(Invalid):
    """Nothing at all, or something that partners cannot use."""

    sentence = N_("This scope is empty or holds what partners cannot do.")


class MemberAbove(Forbidden):
    """The member holds rights that the one who would change them does not."""

    sentence = N_("This member holds rights that you do not hold yourself.")


class AlreadyMember(DomainError):
    """The person belongs to the account; their role is what it was."""

    code = ErrorCode.ALREADY_MEMBER
    sentence = N_("This person is already a member of the account.")


class AlreadyInvited(DomainError):
    """A pending invitation for the same address."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This person has already been invited: send the invitation again, or revoke it.")


class InvitationOver(DomainError):
    """Says not whether there ever was such an invitation."""

    code = ErrorCode.NOT_FOUND
    sentence = N_("This invitation is not valid any more.")


class OtherRecipient(Forbidden):
    """Only the holder of the invited address may accept."""

    sentence = N_("This invitation is for another e-mail address: sign in with that one.")


class TooManyInvitations(DomainError):
    """Wait before sending more."""

    code = ErrorCode.RATE_LIMITED
    sentence = N_("Too many invitations were sent lately: wait and try again.")


class NoGroups(Invalid):
    """Key groups for somebody who could not manage them."""

    sentence = N_("This role manages no key groups.")


class InvalidName(Invalid):
    """Empty, too long, or with characters that names do not have."""

    sentence = N_("This is not a name.")


class InvalidEmail(Invalid):
    """No e-mail address."""

    sentence = N_("This is not an e-mail address.")


class InvalidText(Invalid):
    """Empty, too long, or with control characters."""

    sentence = N_("This text is empty, too long, or has characters that cannot be shown.")


class InvalidCountry(Invalid):
    """No country of ISO 3166-1 alpha-2."""

    sentence = N_("This is not the two-letter code of a country.")


class InvalidVatNumber(Invalid):
    """Not the shape of the country's VAT numbers."""

    sentence = N_("This is not a VAT number.")


class NotAMember(Invalid):
    """The person is no active member of the account."""

    sentence = N_("This person is not an active member of the account.")


class OwnRequest(Forbidden):
    """Whoever asked does not approve, and nobody approves twice."""

    sentence = N_("Others have to approve: you asked for this or have approved it already.")


class UnknownLocale(Invalid):
    """Another language than those of the portal."""

    sentence = N_("The portal does not speak this language.")


class AlwaysSent(Invalid):
    """A kind of mail that everybody gets."""

    sentence = N_("Mails about security cannot be switched off.")


class PersonRequired(Forbidden):
    """A machine client has no profile and joins no account."""

    sentence = N_("Only a person can do this.")


class NotForMachines(Invalid):
    """Nothing at all, or something that only people can hold."""

    sentence = N_("This scope is empty or holds what only people can do.")


class InvalidExpiry(Invalid):
    """In the past, or too far away."""

    sentence = N_("This must end in the future, within {days} days.")


class TooManyClients(DomainError):
    """Revoke one first."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("An account has at most {most} API clients: revoke one first.")


class KnownPerson(DomainError):
    """The invited address belongs to somebody: they sign in and accept."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("There is a person with this e-mail address: sign in, then accept.")
