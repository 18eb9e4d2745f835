"""What identity is told from outside (`IDENTITY_…`). Durations are in seconds."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings

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

    #: Wrong passwords for one e-mail address, known or not, before it has to wait.
    sign_in_attempts: int = Field(default=10, ge=1)
    sign_in_window: int = Field(default=15 * _MINUTE, ge=1)

    #: Argon2id (RFC 9106, section 4, second recommendation): memory in KiB.
    password_passes: int = Field(default=3, ge=1)
    password_memory: int = Field(default=64 * 1024, ge=8)
    password_lanes: int = Field(default=4, ge=1)
    #: Passwords hashed at the same time: each takes `password_memory`.
    password_workers: int = Field(default=4, ge=1)

    @property
    def sealing_secret(self) -> bytes:
        """`sealing_key` as bytes."""
        return bytes.fromhex(self.sealing_key or self.cursor_key)

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers may send our cookies over HTTPS only."""
        return self.public_url.startswith("https://")
