"""What the cases service is told from outside (`CASES_…`)."""

from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="CASES_", frozen=True, extra="ignore", hide_input_in_errors=True
    )
