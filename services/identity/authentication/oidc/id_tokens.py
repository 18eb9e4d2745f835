"""ID tokens: what a provider says about a person, once it is proved that the provider says it.

OpenID Connect Core 1.0, sections 3.1.3.7 and 3.1.3.8.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # it has no types
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.identity.authentication.oidc.discovery import Publications
from services.identity.authentication.oidc.errors import InvalidAssertion
from services.identity.authentication.oidc.flow import Flow
from services.identity.authentication.providers import Provider

logger = logging.getLogger(__name__)

#: Seconds that the provider's clock may differ from ours.
_SKEW: Final = 60
_LONGEST_SUBJECT: Final = 255
#: Unlike `fromtimestamp`, adding to it fails alike on every platform.
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asserted:
    """Who somebody is at the provider, and how they proved it there."""

    subject: str
    email: str | None
    email_verified: bool
    #: When the person last proved who they are, if the provider says so.
    proved_at: datetime | None
    second_factor: bool


async def asserted_by(
    provider: Provider,
    publications: Publications,
    flow: Flow,
    tokens: Mapping[str, Any],
    now: datetime,
) -> Asserted:
    """What the ID token of a token response asserts.

    Raises `InvalidAssertion`, `ProviderUnavailable`.
    """
    text = tokens.get("id_token")
    if not isinstance(text, str):
        raise InvalidAssertion
    try:
        token = await _decoded(text, provider, publications)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": flow.nonce,
                "client_id": provider.client_id,
                "access_token": tokens.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=_SKEW)
        return _asserted(claims, provider)
    except (JoseError, ValueError, TypeError, OverflowError) as error:
        logger.warning(
            "id token refused",
            extra={"provider": provider.name, "reason": type(error).__name__},
        )
        raise InvalidAssertion from error


async def _decoded(text: str, provider: Provider, publications: Publications) -> jwt.Token:
    keys = await publications.keys.get()
    try:
        return _verified(text, keys, provider)
    except (InvalidKeyIdError, BadSignatureError):
        # The provider may have changed its keys since they were read.
        return _verified(text, await publications.keys.newer(keys), provider)


def _verified(text: str, keys: KeySet, provider: Provider) -> jwt.Token:
    return jwt.decode(text, keys, algorithms=provider.algorithms)


def _asserted(claims: Mapping[str, Any], provider: Provider) -> Asserted:
    subject, email, proved_at = claims["sub"], claims.get("email"), claims.get("auth_time")
    if not isinstance(subject, str) or not 1 <= len(subject) <= _LONGEST_SUBJECT:
        raise ValueError("a subject that cannot be kept")
    return Asserted(
        subject=subject,
        email=email if isinstance(email, str) else None,
        email_verified=claims.get("email_verified") is True,
        proved_at=_EPOCH + timedelta(seconds=proved_at) if proved_at is not None else None,
        second_factor=_tells_of_second_factor(claims, provider),
    )


def _tells_of_second_factor(claims: Mapping[str, Any], provider: Provider) -> bool:
    by_method = provider.asserts_second_factor and "mfa" in claims.get("amr", ())
    return by_method or claims.get("acr") in provider.second_factor_acr
