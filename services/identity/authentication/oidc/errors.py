"""Why a sign-in with a provider is refused, in the words of RFC 6749 where it has some.

ProviderError
  UnknownProvider        there is no provider of this name
  ProviderUnavailable    the provider does not answer, or not as it should
  InvalidReturn          people are sent back to paths of the portal only
  NotStartedHere         this browser did not begin this sign-in, or did so too long ago
  ProviderRefused        the provider, or the person there, said no
  InvalidAssertion       what the provider sent proves nothing
  EmailNotVerified       the provider does not vouch for the person's address
  DomainNotAllowed       the provider may not speak for this address
  NotInvited             nobody here has this address
  LinkedToAnother        who has this address signs in as another subject
"""

from services.identity.authentication.errors import AuthenticationError


class ProviderError(AuthenticationError):
    """A refusal on the way through a provider."""


class UnknownProvider(ProviderError):
    """Names are the operator's."""

    status = 404
    error = "invalid_request"
    code = "UNKNOWN_PROVIDER"
    description = "There is no such provider."


class ProviderUnavailable(ProviderError):
    """Try again, or sign in another way. What is wrong is in the log."""

    status = 503
    error = "temporarily_unavailable"
    code = "PROVIDER_UNAVAILABLE"
    description = "The provider cannot be asked at the moment."


class InvalidReturn(ProviderError):
    """An open redirect would lend our name to others."""

    status = 400
    error = "invalid_request"
    code = "INVALID_RETURN"
    description = "The place to return to must be a path of this portal."


class NotStartedHere(ProviderError):
    """RFC 9700, section 4.7: somebody else's answer would sign this browser in as them."""

    status = 400
    error = "invalid_request"
    code = "NOT_STARTED_HERE"
    description = "This browser did not begin this sign-in, or too long ago: begin again."


class ProviderRefused(ProviderError):
    """Its own words are not repeated: they come through the browser."""

    status = 403
    error = "access_denied"
    code = "PROVIDER_REFUSED"
    description = "The provider refused."


class InvalidAssertion(ProviderError):
    """Says not what is wrong with it; the log does."""

    code = "INVALID_ASSERTION"
    description = "The provider's answer proves nothing."


class EmailNotVerified(ProviderError):
    """Anybody can type any address into a profile."""

    status = 403
    error = "access_denied"
    code = "EMAIL_NOT_VERIFIED"
    description = "The provider does not vouch for this e-mail address."


class DomainNotAllowed(ProviderError):
    """One party's provider says nothing about another party's people."""

    status = 403
    error = "access_denied"
    code = "DOMAIN_NOT_ALLOWED"
    description = "The provider does not speak for this e-mail address."


class NotInvited(ProviderError):
    """People are invited; a provider makes none."""

    status = 403
    error = "access_denied"
    code = "NOT_INVITED"
    description = "Nobody is known here by this e-mail address: an invitation is needed."


class LinkedToAnother(ProviderError):
    """An address that changes hands at the provider does not change hands here."""

    status = 403
    error = "access_denied"
    code = "LINKED_TO_ANOTHER"
    description = "This e-mail address belongs to somebody who signs in as another subject."
