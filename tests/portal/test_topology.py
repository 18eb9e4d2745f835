"""Which processes there are, and what each is told."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kit.settings import ServiceSettings
from portal.embedded.servers import Servers
from portal.errors import PortalError
from portal.home import home_at
from portal.settings import SERVICES, Settings
from portal.topology import Ports, Topology, choose_ports


@pytest.fixture
def topology(tmp_path: Path) -> Topology:
    settings = Settings(port=0)
    urls = {name: f"postgresql://{name}:secret-of-{name}@127.0.0.1/{name}" for name in SERVICES}
    servers = Servers(urls, "redis://:sesame@127.0.0.1:6379/0", {})
    ports = Ports(4000, {name: 4001 + place for place, name in enumerate(SERVICES)}, 2525)
    return Topology(settings, home_at(tmp_path), servers, ports)


def test_the_gateway_starts_last_so_that_it_ends_first(topology: Topology) -> None:
    names = [[spec.name for spec in tier] for tier in topology.tiers]

    assert names == [["mail"], [*SERVICES], ["gateway"]]


def test_a_mail_server_of_ones_own_replaces_the_local_one(topology: Topology) -> None:
    own = Topology(
        Settings(mail_url="smtp://elsewhere"), topology.home, topology.servers, topology.ports
    )

    assert own.tiers[0] == []
    assert own.service_environment("cases")["CASES_MAIL_URL"] == "smtp://elsewhere"


def test_mails_that_are_kept_as_files_can_be_answered_on_this_machine(topology: Topology) -> None:
    ports = replace(topology.ports, answers=2526)
    local = Topology(topology.settings, topology.home, topology.servers, ports)

    told = local.service_environment("cases")

    assert (told["CASES_REPLY_DOMAIN"], told["CASES_MAIL_IN_PORT"]) == ("localhost", "2526")
    assert "CASES_MAIL_IN_PORT" not in topology.service_environment("cases")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_told_no_other_ones_password(
    topology: Topology, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in SERVICES:
        monkeypatch.setenv(f"PORTAL_{each.upper()}_DATABASE_URL", f"secret-of-{each}")
        monkeypatch.setenv(f"{each.upper()}_DATABASE_URL", f"secret-of-{each}")

    told = " ".join(topology.service_environment(name).values())

    assert [each for each in SERVICES if f"secret-of-{each}" in told] == [name]


def test_the_gateway_is_told_no_database(topology: Topology) -> None:
    assert "secret-of" not in " ".join(topology.gateway_environment().values())


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_read_what_it_is_told(
    topology: Topology, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in topology.service_environment(name).items():
        monkeypatch.setenv(variable, value)

    settings = ServiceSettings(_env_prefix=f"{name.upper()}_")  # type: ignore[call-arg]

    assert settings.database_url.startswith("postgresql+asyncpg://")
    assert len(settings.cursor_secret) == 32
    assert settings.public_url == "http://127.0.0.1:4000"


def test_gateway_and_services_share_the_signing_keys(topology: Topology) -> None:
    gateway = topology.gateway_environment()["GATEWAY_SIGNING_KEYS"]

    assert topology.service_environment("billing")["BILLING_SIGNING_KEYS"] == gateway


def test_the_gateway_knows_where_each_service_is(topology: Topology) -> None:
    urls = json.loads(topology.gateway_environment()["GATEWAY_SUBGRAPH_URLS"])

    assert urls["licensing"] == "http://127.0.0.1:4003/graphql"
    assert set(urls) == set(SERVICES)


def test_services_take_the_ports_after_the_gateways() -> None:
    start = 20_000 + os.getpid() % 10_000  # below the range that free ports come from

    ports = choose_ports(Settings(port=start))

    assert ports.gateway == start
    assert ports.services == {name: start + 1 + place for place, name in enumerate(SERVICES)}


def test_port_zero_finds_free_ports_for_all() -> None:
    ports = choose_ports(Settings(port=0))

    assert len({ports.gateway, ports.mail, *ports.services.values()}) == 6


def test_a_taken_port_is_known_before_anything_starts(
    taken_port: int,
) -> None:
    with pytest.raises(PortalError, match=f"The gateway cannot use port {taken_port}"):
        choose_ports(Settings(port=taken_port))
