"""Other parties' sign-in, as the operator sets it up: who they are, and for whom they may speak."""

from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from kit.emails import email_key

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

#: Signatures that only the holder of a private key can make (RFC 7518, section 3.1): neither
#: `none`, nor HMAC under what everybody can read.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class Provider(BaseModel):
    """One OpenID Connect provider. Immutable; the secret never prints."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    #: Its name in our routes.
    name: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")
    #: As its tokens write it, to the letter.
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    #: The domains of the e-mail addresses that it may speak for; never those of their subdomains.
    domains: frozenset[str] = Field(min_length=1)
    algorithms: tuple[Algorithm, ...] = ("RS256", "PS256", "ES256")
    #: Whether its `amr` tells of second factors (RFC 8176), and which `acr` do.
    asserts_second_factor: bool = False
    second_factor_acr: frozenset[str] = frozenset()

    @field_validator("issuer")
    @classmethod
    def _is_issuer(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.query or parts.fragment or not is_safe(issuer):
            raise ValueError("An issuer is an HTTPS URL without query and fragment.")
        return issuer

    @field_validator("domains")
    @classmethod
    def _are_domains(cls, domains: frozenset[str]) -> frozenset[str]:
        if not all(domain and "@" not in domain for domain in domains):
            raise ValueError("A domain is what follows the @ of an e-mail address.")
        return frozenset(map(email_key, domains))

    @model_validator(mode="after")
    def _signs_somehow(self) -> Self:
        if not self.algorithms:
            raise ValueError("A provider signs by at least one algorithm.")
        return self

    def speaks_for(self, email: str) -> bool:
        """Whether it may say who has this address."""
        _, at, domain = email_key(email).rpartition("@")
        return bool(at) and domain in self.domains


def is_safe(url: str) -> bool:
    """Whether nobody between can read along: HTTPS, or this very machine."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
