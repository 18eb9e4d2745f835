"""What licensing is told from outside (`LICENSING_…`)."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings
from services.licensing.key_vault import KeyVault


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="LICENSING_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    #: `id:hexsecret,…` of 32 bytes each: product keys are sealed under the first, opened by all.
    key_secrets: str = Field(repr=False)
    #: Hex secret of 32 bytes by which product keys are found. With another, none is found.
    key_hash_secret: str = Field(repr=False)

    @model_validator(mode="after")
    def _vault_opens(self) -> Self:
        KeyVault.parse(self.key_secrets, self.key_hash_secret)
        return self

    @property
    def vault(self) -> KeyVault:
        """The secrets of product keys."""
        return KeyVault.parse(self.key_secrets, self.key_hash_secret)
