"""What the gateway is told from outside, read once from the environment (`GATEWAY_…`)."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.signing import Keyring

_OWN_SUPERGRAPH: Final = Path(__file__).with_name("supergraph.graphql")


class Profile(StrEnum):
    """How much the gateway shows of itself."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="GATEWAY_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    supergraph: Path = _OWN_SUPERGRAPH
    #: Overrides the addresses that the supergraph names, by subgraph.
    subgraph_urls: dict[str, str] = Field(default_factory=dict)
    redis_url: str = Field(repr=False)
    #: `id:hexsecret,…`; the first signs.
    signing_keys: str = Field(repr=False)
    #: Where sign-in, key set and principals are.
    identity_url: str
    #: The origin that clients use; the issuer of access tokens.
    public_url: str = "http://127.0.0.1:4000"
    profile: Profile = Profile.PRODUCTION
    log_level: str = "INFO"

    #: Seconds for a whole request, and for one request to a subgraph.
    request_timeout: float = Field(default=30.0, gt=0)
    subgraph_timeout: float = Field(default=10.0, gt=0)

    #: Bytes of one request, before anything of it is parsed.
    max_body: int = Field(default=1024 * 1024, ge=1024)
    #: Bytes of one subgraph's answer.
    max_answer: int = Field(default=16 * 1024 * 1024, ge=1024)
    max_tokens: int = Field(default=10_000, ge=1)
    max_depth: int = Field(default=20, ge=1)
    max_aliases: int = Field(default=100, ge=0)
    max_root_fields: int = Field(default=50, ge=1)
    #: Fields after every fragment is spread.
    max_fields: int = Field(default=5_000, ge=1)
    max_batch: int = Field(default=10, ge=1)
    #: Documents kept parsed and validated, and plans kept.
    document_cache: int = Field(default=1_000, ge=1)
    plan_cache: int = Field(default=2_000, ge=1)

    @field_validator("signing_keys")
    @classmethod
    def _keyring_parses(cls, text: str) -> str:
        Keyring.parse(text)
        return text

    @property
    def keyring(self) -> Keyring:
        """The keys under which requests to the services are signed."""
        return Keyring.parse(self.signing_keys)

    @property
    def in_development(self) -> bool:
        """Whether the IDE, introspection and full error detail are on."""
        return self.profile is Profile.DEVELOPMENT
