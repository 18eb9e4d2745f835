"""Why a request for a token is refused, in the words of RFC 6749, section 5.2.

AuthenticationError
  InvalidRequest          the request cannot be read
  BadCredentials          no such person, wrong password, suspended: they answer alike
  SecondFactorNeeded      the password is right; the code is missing
  SessionOver             the refresh token is unknown, used, expired, or its session has ended
  BadClient               the machine client is unknown, revoked, or its secret is wrong
  UnsupportedGrant        another grant type than client_credentials
  InvalidScope            unknown scopes, or more than the client has
  ForeignToken            the token was issued to another client
  TooManyAttempts         too many attempts for this account, or from this client's address
  BadResetToken           the link of the mail is unknown, used or too old
"""

from typing import ClassVar


class AuthenticationError(Exception):
    """A refusal. `error` is OAuth's word, `code` ours; both are public API."""

    status: ClassVar[int] = 401
    error: ClassVar[str] = "invalid_grant"
    code: ClassVar[str]
    #: RFC 6749 allows ASCII only, so it is English for all: clients have words for the code.
    description: ClassVar[str]

    def __init__(self, description: str | None = None) -> None:
        super().__init__(description or self.description)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer must carry besides."""
        return {}


class InvalidRequest(AuthenticationError):
    """The request cannot be read; the description says why without repeating values."""

    status = 400
    error = "invalid_request"
    code = "INVALID_REQUEST"
    description = "The request cannot be read."


class BadCredentials(AuthenticationError):
    """Says neither whether the address is known nor whether the person is suspended."""

    code = "INVALID_CREDENTIALS"
    description = "The e-mail address or the password is wrong."


class SecondFactorNeeded(AuthenticationError):
    """Ask for the code of the second factor and send it along."""

    code = "SECOND_FACTOR_NEEDED"
    description = "A code of the second factor is needed."


class SessionOver(AuthenticationError):
    """Sign in again."""

    code = "SESSION_OVER"
    description = "The session is over."


class BadClient(AuthenticationError):
    """The client did not authenticate."""

    error = "invalid_client"
    code = "INVALID_CLIENT"
    description = "The client id or the secret is wrong."

    @property
    def headers(self) -> dict[str, str]:
        """RFC 6749, section 5.2."""
        return {"www-authenticate": 'Basic realm="portal", charset="UTF-8"'}


class UnsupportedGrant(AuthenticationError):
    """Only machine clients ask this endpoint."""

    status = 400
    error = "unsupported_grant_type"
    code = "UNSUPPORTED_GRANT_TYPE"
    description = "The grant type must be client_credentials."


class InvalidScope(AuthenticationError):
    """RFC 6749, section 5.2; also when nothing is left of the client's scopes."""

    status = 400
    error = "invalid_scope"
    code = "INVALID_SCOPE"
    description = "The scope is unknown, or more than this client has now."


class ForeignToken(AuthenticationError):
    """RFC 7009, section 2.1: a client revokes its own tokens only."""

    status = 400
    code = "FOREIGN_TOKEN"
    description = "The token was issued to another client."


class TooManyAttempts(AuthenticationError):
    """Wait; the right password is refused as well."""

    status = 429
    error = "temporarily_unavailable"
    code = "RATE_LIMITED"
    description = "Too many attempts: wait and try again."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110, section 10.2.3."""
        return {"retry-after": str(self.retry_after)}


class BadResetToken(AuthenticationError):
    """Ask for another mail."""

    status = 400
    code = "RESET_TOKEN_OVER"
    description = "The link is not valid any more: ask for another one."
