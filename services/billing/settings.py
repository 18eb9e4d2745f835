"""What billing is told from outside (`BILLING_…`). Durations are in seconds."""

from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="BILLING_", frozen=True, extra="ignore", hide_input_in_errors=True
    )
