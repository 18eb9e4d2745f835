"""What a provider publishes about itself (OpenID Connect Discovery 1.0) and its keys."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]  # it has no types
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from services.identity.authentication.oidc.asking import Asking
from services.identity.authentication.oidc.errors import ProviderUnavailable
from services.identity.authentication.oidc.remembered import Remembered
from services.identity.authentication.providers import Provider, is_safe

logger = logging.getLogger(__name__)

#: Public keys; a symmetric one in a published set is no secret.
_KEY_TYPES: Final = frozenset({"RSA", "EC"})
_MOST_KEYS: Final = 64


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a provider is asked, and how."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    #: Whether every answer names its issuer (RFC 9207).
    names_issuer: bool
    #: How the client shows its secret: `client_secret_basic` or `client_secret_post`.
    authentication: str


class Publications:
    """One provider's metadata and keys, kept for a while."""

    def __init__(
        self, provider: Provider, asking: Asking, clock: Callable[[], float] = monotonic
    ) -> None:
        self._provider, self._asking = provider, asking
        self.metadata = Remembered(self._read_metadata, clock)
        self.keys = Remembered(self._read_keys, clock)

    async def _read_metadata(self) -> Metadata:
        url = get_well_known_url(self._provider.issuer, external=True)
        answered = await self._asking.get(url)
        try:
            return read_metadata(answered.document, self._provider)
        except (KeyError, TypeError, ValueError) as error:
            logger.warning(
                "provider publishes no usable metadata",
                extra={"provider": self._provider.name, "reason": repr(error)},
            )
            raise ProviderUnavailable from error

    async def _read_keys(self) -> KeySet:
        metadata = await self.metadata.get()
        document = (await self._asking.get(metadata.jwks_uri)).document
        entries = document.get("keys")
        keys = [
            key
            for entry in (entries[:_MOST_KEYS] if isinstance(entries, list) else [])
            if (key := _key(entry)) is not None
        ]
        if not keys:
            logger.warning("provider publishes no keys", extra={"provider": self._provider.name})
            raise ProviderUnavailable
        return KeySet(keys)


def read_metadata(document: Mapping[str, Any], provider: Provider) -> Metadata:
    """What a provider says of itself. Raises `KeyError`, `TypeError`, `ValueError` unless it can
    be believed."""
    if document["issuer"] != provider.issuer:  # Discovery, section 4.3
        raise ValueError("another issuer")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    authentication = next(each for each in (*_METHODS, None) if each is None or each in methods)
    if authentication is None:
        raise ValueError("no way to show the secret")
    userinfo = document.get("userinfo_endpoint")
    return Metadata(
        authorization_endpoint=_endpoint(document["authorization_endpoint"], provider),
        token_endpoint=_endpoint(document["token_endpoint"], provider),
        jwks_uri=_endpoint(document["jwks_uri"], provider),
        userinfo_endpoint=_endpoint(userinfo, provider) if userinfo is not None else None,
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        authentication=authentication,
    )


_METHODS: Final = ("client_secret_basic", "client_secret_post")


def _endpoint(url: Any, provider: Provider) -> str:
    if not isinstance(url, str) or not is_safe(url):
        raise ValueError("an endpoint that others can read along")
    # What listens on this machine is for us to ask, not for a provider elsewhere.
    if not url.startswith("https:") and provider.issuer.startswith("https:"):
        raise ValueError("an endpoint on this machine")
    return url


def _key(entry: Any) -> Key | None:
    if not isinstance(entry, dict) or entry.get("kty") not in _KEY_TYPES:
        return None
    if entry.get("use", "sig") != "sig":
        return None
    try:
        return KeySet.import_key_set({"keys": [entry]}).keys[0]
    except (JoseError, ValueError, TypeError, KeyError):
        return None
