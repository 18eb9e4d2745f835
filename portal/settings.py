"""What the operator may choose, read once from the environment (`PORTAL_…`)."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.errors import PortalError

SERVICES: Final = ("identity", "cases", "licensing", "billing")
#: Where the code is: children start here, and `compose` reads and writes here.
CODE: Final = Path(__file__).resolve().parent.parent

#: `postgresql+asyncpg://`: SQLAlchemy's way to name a driver.
_DRIVER: Final = re.compile(r"\+[a-z0-9_]+://")
_PORT = Field(default=0, ge=0, le=65535)


class Settings(BaseSettings):
    """Immutable; addresses hold passwords and never print. A port of 0 means a free one."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    #: Where everything that must outlive a run is kept.
    home: Path = Path(".portal")
    #: The gateway's port; the services take the four after it, or free ones when it is 0.
    port: int = Field(default=4000, ge=0, le=65531)
    postgres_port: int = _PORT
    valkey_port: int = _PORT
    #: Servers of your own. The embedded ones start only for what is not set.
    identity_database_url: str | None = Field(default=None, repr=False)
    cases_database_url: str | None = Field(default=None, repr=False)
    licensing_database_url: str | None = Field(default=None, repr=False)
    billing_database_url: str | None = Field(default=None, repr=False)
    redis_url: str | None = Field(default=None, repr=False)
    #: An SMTP server of your own; otherwise mail is kept as files.
    mail_url: str | None = Field(default=None, repr=False)
    #: An object store of your own (`s3://…`); otherwise a folder.
    files_url: str | None = Field(default=None, repr=False)
    #: Looks into uploaded files: `clamd://host[:port]`; by default it knows a test file only.
    scanner_url: str = "signature:"
    #: The origin that clients use, when it is not the gateway's port of this machine.
    public_url: str | None = None
    #: OpenID Connect providers that people may sign in with, as identity reads them.
    providers: str = Field(default="[]", repr=False)
    log_level: str = "INFO"
    #: How many accounts the demonstration data have; its people need four.
    accounts: int = Field(default=12, ge=4)
    #: Seconds to wait for a process to become ready, and for one to end when asked to.
    ready_timeout: float = Field(default=60.0, gt=0)
    stop_timeout: float = Field(default=10.0, gt=0)

    @property
    def database_urls(self) -> Mapping[str, str]:
        """The databases of the operator's own, by service, in the form every client knows."""
        chosen = {name: getattr(self, f"{name}_database_url") for name in SERVICES}
        return {name: _DRIVER.sub("://", url) for name, url in chosen.items() if url is not None}

    def on_free_ports(self) -> Self:
        """The same for work that serves nobody: no port of the portal's is needed."""
        return self.model_copy(update={"port": 0})


def read_settings(**chosen: object) -> Settings:
    """The settings, with those chosen on the command line. Raises `PortalError`."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        faults = "; ".join(
            f"PORTAL_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
            for each in error.errors()
        )
        raise PortalError(f"The settings are not valid. {faults}.") from error
