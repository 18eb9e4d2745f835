"""Signing in with a provider: the authorization code flow with PKCE.

OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9207.
"""

import base64
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]  # it has no types
    prepare_grant_uri,
)
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # it has no types
    create_s256_code_challenge,
)

from kit.database import Database
from services.identity.authentication.oidc import flow as flows
from services.identity.authentication.oidc.asking import Asking
from services.identity.authentication.oidc.discovery import Metadata, Publications
from services.identity.authentication.oidc.errors import (
    InvalidAssertion,
    NotStartedHere,
    ProviderRefused,
    UnknownProvider,
)
from services.identity.authentication.oidc.flow import Flow
from services.identity.authentication.oidc.id_tokens import Asserted, asserted_by
from services.identity.authentication.oidc.links import linked_user, person_of
from services.identity.authentication.providers import Provider
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import Visit
from services.identity.authentication.sign_in import SignIn, Tokens
from services.identity.authentication.throttle import Guarded
from services.identity.models import User

logger = logging.getLogger(__name__)

_SCOPE: Final = "openid email"
#: Characters of a provider's words that are logged.
_LONGEST_REASON: Final = 100


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it keeps meanwhile."""

    location: str
    kept: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brings back: what it kept, and the parameters of the provider's answer."""

    kept: str | None
    parameters: Mapping[str, str]
    visit: Visit


@dataclass(frozen=True, slots=True)
class Finished:
    """The session's tokens, and where the person wanted to go."""

    tokens: Tokens
    return_to: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A provider with what it publishes."""

    provider: Provider
    publications: Publications


class ProviderSignIn:
    """Sign-in with the providers of the settings."""

    def __init__(
        self,
        providers: Iterable[Provider],
        *,
        database: Database,
        people: SignIn,
        sealer: Sealer,
        public_url: str,
        asking: Asking,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._known = {
            provider.name: _Known(provider, Publications(provider, asking))
            for provider in providers
        }
        self._database, self._people, self._sealer = database, people, sealer
        self._public_url, self._asking, self._now = public_url, asking, now

    async def begin(self, name: str, return_to: str, *, fresh: bool = False) -> Begun:
        """To the provider; `fresh` asks for a proof of now, not of last week.

        Raises `UnknownProvider`, `ProviderUnavailable`, `InvalidReturn`.
        """
        known = self._of(name)
        flow = flows.begin(return_to, self._now())
        metadata = await known.publications.metadata.get()
        lifetimes = self._people.lifetimes
        age = lifetimes.proof if fresh else lifetimes.most
        location: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            known.provider.client_id,
            "code",
            self._callback(name),
            _SCOPE,
            flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
            # Asked for always: it makes the provider say when the person proved who they are.
            max_age=str(int(age.total_seconds())),
            prompt="login" if fresh else None,
        )
        return Begun(location, flow.seal(self._sealer, name))

    async def finish(self, name: str, returned: Returned) -> Finished:
        """Back from the provider: a session of the person that it vouches for.

        Raises `ProviderError`, `TooManyAttempts`, and `BadCredentials` when the person is
        suspended.
        """
        known, now = self._of(name), self._now()
        parameters = returned.parameters
        flow = flows.resume(returned.kept, parameters.get("state"), self._sealer, name, now)
        # Each answer costs the provider a question: nobody makes us ask without end.
        await self._people.throttle.admit(Guarded.PROVIDER, address=returned.visit.address)
        metadata = await known.publications.metadata.get()
        code = _code(known.provider, metadata, parameters)
        tokens = await self._redeem(known, metadata, code, flow)
        asserted = await asserted_by(known.provider, known.publications, flow, tokens, now)
        asserted = await self._with_email(known.provider, metadata, asserted, tokens)
        return Finished(
            await self._session(known.provider, asserted, returned.visit), flow.return_to
        )

    async def _redeem(
        self, known: _Known, metadata: Metadata, code: str, flow: Flow
    ) -> Mapping[str, Any]:
        """The token response (RFC 6749, section 4.1.3). Raises `InvalidAssertion`."""
        provider = known.provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback(provider.name),
            "code_verifier": flow.verifier,
        }
        secret, headers = provider.client_secret.get_secret_value(), {}
        if metadata.authentication == "client_secret_basic":
            headers["authorization"] = _basic(provider.client_id, secret)
        else:
            form.update({"client_id": provider.client_id, "client_secret": secret})
        answered = await self._asking.post(metadata.token_endpoint, form, headers=headers)
        if answered.status != 200:
            reason = str(answered.document.get("error"))[:_LONGEST_REASON]
            logger.warning("code refused", extra={"provider": provider.name, "reason": reason})
            raise InvalidAssertion
        return answered.document

    async def _with_email(
        self,
        provider: Provider,
        metadata: Metadata,
        asserted: Asserted,
        tokens: Mapping[str, Any],
    ) -> Asserted:
        """With the address from the UserInfo endpoint, where the ID token has none and it is
        needed: what the ID token says is never overruled (Core, section 5.3.4)."""
        access_token, endpoint = tokens.get("access_token"), metadata.userinfo_endpoint
        if asserted.email is not None or endpoint is None or not isinstance(access_token, str):
            return asserted
        async with self._database.system() as session:
            if await linked_user(session, provider, asserted.subject) is not None:
                return asserted
        answered = await self._asking.get(endpoint, bearer=access_token)
        said = answered.document
        if answered.status != 200 or said.get("sub") != asserted.subject:
            raise InvalidAssertion
        email = said.get("email")
        return replace(
            asserted,
            email=email if isinstance(email, str) else None,
            email_verified=said.get("email_verified") is True,
        )

    async def _session(self, provider: Provider, asserted: Asserted, visit: Visit) -> Tokens:
        now = self._now()
        async with self._database.system() as session:
            user = await person_of(session, provider, asserted, visit, now)
            proven_until = self._proven_until(user, asserted, now)
            prolonged = await self._people.begin(
                session, user.id, visit, proven=proven_until is not None
            )
            prolonged.session.proven_until = proven_until
        return await self._people.tokens_of(prolonged)

    def _proven_until(self, user: User, asserted: Asserted, now: datetime) -> datetime | None:
        """A sign-in at the provider counts from when it was made, and for people who have a second
        factor only if it was made with one."""
        if asserted.proved_at is None or (user.mfa_enabled and not asserted.second_factor):
            return None
        until = min(asserted.proved_at, now) + self._people.lifetimes.proof
        return until if until > now else None

    def _of(self, name: str) -> _Known:
        known = self._known.get(name)
        if known is None:
            raise UnknownProvider
        return known

    def _callback(self, name: str) -> str:
        return f"{self._public_url}/auth/oidc/{name}/callback"


def _code(provider: Provider, metadata: Metadata, parameters: Mapping[str, str]) -> str:
    """The code, if this provider answered (RFC 9207, section 2.4), and said yes."""
    issuer = parameters.get("iss")
    if issuer != provider.issuer and (issuer is not None or metadata.names_issuer):
        raise NotStartedHere
    if "error" in parameters:
        raise ProviderRefused
    if "code" not in parameters:
        raise InvalidAssertion
    return parameters["code"]


def _basic(id: str, secret: str) -> str:
    # Both are form-encoded before they are joined: RFC 6749, section 2.3.1.
    pair = f"{quote_plus(id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
