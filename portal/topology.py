"""Which processes make the portal, on which ports, and what each is told."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.child import ChildSpec
from portal.embedded.servers import Servers
from portal.home import Home
from portal.ports import HOST, free_ports, require_free
from portal.settings import CODE, SERVICES, Settings

#: Settings of the portal and its processes in our own environment are not the children's:
#: no service learns another one's password.
_OWN_PREFIXES: Final = ("PORTAL_", "GATEWAY_", *(f"{name.upper()}_" for name in SERVICES))

#: Longer than the gateway keeps idle connections, which may then never meet a closed one.
_KEEP_ALIVE_SECONDS: Final = 75
#: Bytes of one WebSocket message, before the gateway's own limit is looked at.
_LARGEST_FRAME: Final = 1024 * 1024
_POSTGRES_SCHEMES: Final = ("postgres", "postgresql")


#: Nobody else learns what the vendor's own people work with.
_VIEWS: Final = {"staff": {"kinds": ["STAFF"]}, "external": {"hides": ["internal"]}}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each process listens."""

    gateway: int
    services: Mapping[str, int]
    mail: int
    #: Where answers to mails are taken; nowhere when it is 0.
    answers: int = 0

    def service_origin(self, name: str) -> str:
        """A service's own origin; clients use the gateway's."""
        return f"http://{HOST}:{self.services[name]}"


def choose_ports(settings: Settings) -> Ports:
    """Fixed ports, or free ones when the gateway's is 0. Raises `PortalError` when one is taken."""
    mail, answers, gateway, *services = free_ports(3 + len(SERVICES))
    if settings.port:
        gateway = settings.port
        services = [settings.port + 1 + index for index in range(len(SERVICES))]
    ports = Ports(gateway, dict(zip(SERVICES, services, strict=True)), mail, answers)
    require_free(ports.gateway, purpose="The gateway")
    for name, port in ports.services.items():
        require_free(port, purpose=f"The {name} service")
    return ports


@dataclass(frozen=True, slots=True)
class Topology:
    """The processes of one run."""

    settings: Settings
    home: Home
    servers: Servers
    ports: Ports

    @property
    def public_url(self) -> str:
        """The origin that clients use."""
        return self.settings.public_url or f"http://{HOST}:{self.ports.gateway}"

    @property
    def tiers(self) -> list[list[ChildSpec]]:
        """What answers first, what asks last: they end in the opposite order."""
        mail = [] if self.settings.mail_url else [self._mail_sink()]
        return [mail, [self._service(name) for name in SERVICES], [self._gateway()]]

    def service_environment(self, name: str) -> dict[str, str]:
        """What a service reads (`kit.settings.ServiceSettings`), and nothing of the others."""
        secrets, prefix = self.home.secrets, name.upper()
        told = {
            "DATABASE_URL": _for_asyncpg(self.servers.database_urls[name]),
            "REDIS_URL": self.servers.redis_url,
            "SIGNING_KEYS": self._signing_keys,
            "CURSOR_KEY": secrets.secret(f"{name}.cursor"),
            "FILES_URL": self.settings.files_url or (self.home.files / name).as_uri(),
            "MAIL_URL": self.settings.mail_url or f"smtp://{HOST}:{self.ports.mail}",
            "PUBLIC_URL": self.public_url,
            "LOG_LEVEL": self.settings.log_level,
            **self._own(name),
        }
        return {**_inherited(), **{f"{prefix}_{key}": value for key, value in told.items()}}

    def gateway_environment(self) -> dict[str, str]:
        """What the gateway reads (`gateway.settings.Settings`)."""
        origins = {name: f"{self.ports.service_origin(name)}/graphql" for name in SERVICES}
        told = {
            "SUPERGRAPH": str(CODE / "gateway" / "supergraph.graphql"),
            "SUBGRAPH_URLS": json.dumps(origins),
            "REDIS_URL": self.servers.redis_url,
            "SIGNING_KEYS": self._signing_keys,
            "FILE_ORIGINS": json.dumps(
                {name: self.ports.service_origin(name) for name in SERVICES}
            ),
            "VIEWS": json.dumps(_VIEWS),
            "IDENTITY_URL": self.ports.service_origin("identity"),
            "PUBLIC_URL": self.public_url,
            "PROFILE": "development",
            "LOG_LEVEL": self.settings.log_level,
        }
        return {**_inherited(), **{f"GATEWAY_{key}": value for key, value in told.items()}}

    @property
    def _signing_keys(self) -> str:
        return f"k1:{self.home.secrets.secret('signing.k1')}"

    def _own(self, name: str) -> dict[str, str]:
        """What one service is told besides what all are."""
        secret = self.home.secrets.secret
        match name:
            case "identity":
                return {"PROVIDERS": self.settings.providers}
            case "cases":
                return {"SCANNER_URL": self.settings.scanner_url, **self._correspondence}
            case "licensing":
                return {
                    "KEY_SECRETS": f"k1:{secret('licensing.key.k1')}",
                    "KEY_HASH_SECRET": secret("licensing.key_hash"),
                }
            case _:
                return {}

    @property
    def _correspondence(self) -> dict[str, str]:
        """Who reads and answers mails about cases, where mail is kept as files."""
        if self.settings.mail_url or not self.ports.answers:
            return {}
        desks = {
            "TECHNICAL_SUPPORT": "technical-support@localhost",
            "CUSTOMER_SERVICE": "customer-service@localhost",
            "LICENSING": "licensing@localhost",
        }
        return {
            "DESK_ADDRESSES": json.dumps(desks),
            "REPLY_DOMAIN": "localhost",
            "MAIL_IN_PORT": str(self.ports.answers),
        }

    def _service(self, name: str) -> ChildSpec:
        application = f"services.{name}.app:create_app"
        port = self.ports.services[name]
        return _web_process(name, application, port, self.service_environment(name))

    def _gateway(self) -> ChildSpec:
        environment = self.gateway_environment()
        return _web_process("gateway", "gateway.app:create_app", self.ports.gateway, environment)

    def _mail_sink(self) -> ChildSpec:
        port = str(self.ports.mail)
        command = [sys.executable, "-m", "portal.mail_sink", "--port", port, "--folder"]
        return ChildSpec(
            name="mail",
            command=(*command, str(self.home.mail)),
            environment=_inherited(),
            ready=f"tcp://{HOST}:{port}",
            folder=CODE,
        )


def _web_process(
    name: str, application: str, port: int, environment: Mapping[str, str]
) -> ChildSpec:
    return ChildSpec(
        name=name,
        command=(
            *(sys.executable, "-m", "uvicorn", "--factory", application),
            *("--host", HOST, "--port", str(port), "--no-server-header"),
            *("--ws-max-size", str(_LARGEST_FRAME)),
            "--no-proxy-headers",  # who calls is not for the caller to say
            *("--no-access-log", "--timeout-keep-alive", str(_KEEP_ALIVE_SECONDS)),
            *("--timeout-graceful-shutdown", "8", "--log-level", "warning"),
        ),
        environment=environment,
        ready=f"http://{HOST}:{port}/health/ready",
        folder=CODE,
    )


def _inherited() -> dict[str, str]:
    passed = {name: value for name, value in os.environ.items() if not _is_own(name)}
    return {**passed, "PYTHONUNBUFFERED": "1"}


def _is_own(variable: str) -> bool:
    return variable.startswith(_OWN_PREFIXES)


def _for_asyncpg(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"postgresql+asyncpg{separator}{rest}" if scheme in _POSTGRES_SCHEMES else url
