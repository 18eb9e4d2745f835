"""What is answered to people who change how they sign in."""

import strawberry

from kit.subgraph.refusal import UserError


@strawberry.type
class SessionPayload:
    """`revoked` is also true of a session that was over before."""

    errors: list[UserError]
    revoked: bool = False


@strawberry.type
class RevokeOtherSessionsPayload:
    """How many were ended."""

    errors: list[UserError]
    revoked_count: int = 0


@strawberry.type
class ChangePasswordPayload:
    """All other sessions of the person are over when it is `changed`."""

    errors: list[UserError]
    changed: bool = False


@strawberry.type
class BeginSecondFactorPayload:
    """The secret, once: `uri` holds it too, for a QR code that is drawn in the browser."""

    errors: list[UserError]
    secret: str | None = None
    uri: str | None = None


@strawberry.type
class RecoveryCodesPayload:
    """The codes, once: they are not kept in a form that could be shown again."""

    errors: list[UserError]
    recovery_codes: list[str] | None = None


@strawberry.type
class SecondFactorPayload:
    """Whether the second factor is asked for from now on."""

    errors: list[UserError]
    enabled: bool | None = None
