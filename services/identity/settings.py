"""What identity is told from outside (`IDENTITY_…`). Durations are in seconds."""

from datetime import timedelta

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings
from services.identity.authentication.providers import Provider
from services.identity.authentication.throttle import Guarded, Limits
from services.identity.rights.clients import ClientRules

_MINUTE = 60
_DAY = 24 * 60 * _MINUTE


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="IDENTITY_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    #: Hex secret under which signing keys and second factors are sealed; `cursor_key` without it.
    #: Sealed under another one, signing keys are replaced and second factors must be set up anew.
    sealing_key: str | None = Field(default=None, repr=False, min_length=64)

    access_token_lifetime: int = Field(default=5 * _MINUTE, ge=_MINUTE)
    #: How long a session lives without being used, and at the most.
    session_idle_lifetime: int = Field(default=14 * _DAY, ge=_MINUTE)
    session_lifetime: int = Field(default=30 * _DAY, ge=_MINUTE)
    #: The age at which a key that signs access tokens is replaced.
    signing_key_lifetime: int = Field(default=30 * _DAY, ge=60 * _MINUTE)

    #: How long a proof of who it is holds, for what is dear.
    proof_lifetime: int = Field(default=15 * _MINUTE, ge=_MINUTE)

    #: Attempts, where they are to be others than `LIMITS`.
    limits: dict[Guarded, Limits] = Field(default_factory=dict)

    #: Argon2id (RFC 9106, section 4, second recommendation): memory in KiB.
    password_passes: int = Field(default=3, ge=1)
    password_memory: int = Field(default=64 * 1024, ge=8)
    password_lanes: int = Field(default=4, ge=1)
    #: Passwords hashed at the same time: each takes `password_memory`.
    password_workers: int = Field(default=4, ge=1)

    #: Who else may say who somebody is: a JSON list of `Provider`.
    providers: tuple[Provider, ...] = Field(default=(), repr=False)

    #: Machine clients that an account may have at once, how long each may live at the most, and
    #: how long a secret is good that was replaced.
    api_clients: int = Field(default=20, ge=1)
    api_client_lifetime: int = Field(default=366 * _DAY, ge=_DAY, le=366 * _DAY)
    api_client_grace: int = Field(default=_DAY, ge=0, le=30 * _DAY)

    #: Whom mails come from.
    mail_sender: str = "portal@localhost"
    mail_sender_name: str = "Customer portal"

    @field_validator("providers")
    @classmethod
    def _names_and_issuers_differ(cls, providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
        names = {provider.name for provider in providers}
        issuers = {provider.issuer for provider in providers}
        if not len(names) == len(issuers) == len(providers):
            raise ValueError("Each provider has a name and an issuer of its own.")
        return providers

    @property
    def client_rules(self) -> ClientRules:
        """What holds for machine clients."""
        return ClientRules(
            most=self.api_clients,
            longest=timedelta(seconds=self.api_client_lifetime),
            grace=timedelta(seconds=self.api_client_grace),
        )

    @property
    def sealing_secret(self) -> bytes:
        """`sealing_key` as bytes."""
        return bytes.fromhex(self.sealing_key or self.cursor_key)

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers may send our cookies over HTTPS only."""
        return self.public_url.startswith("https://")
