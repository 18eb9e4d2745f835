"""What the cases service is told from outside (`CASES_…`)."""

from typing import Final

from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings
from kit.signing import Keyring

_KEY_ID: Final = "1"


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="CASES_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @property
    def file_keys(self) -> Keyring:
        """What the URLs of files are signed with: nobody but this service reads them."""
        return Keyring({_KEY_ID: self.cursor_secret})
