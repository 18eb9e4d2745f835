"""Embedded servers beside the operator's own."""

from pathlib import Path

import pytest

from portal.embedded.postgres import PostgresServer
from portal.embedded.servers import running_servers
from portal.home import Home, home_at
from portal.settings import SERVICES, Settings

OWN = {f"{name}_database_url": f"postgresql://elsewhere/{name}" for name in SERVICES}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_at(tmp_path / ".portal")
    home.prepare()
    return home


def test_servers_of_ones_own_make_the_embedded_ones_unnecessary(home: Home) -> None:
    settings = Settings.model_validate({**OWN, "redis_url": "redis://elsewhere"})

    with running_servers(settings, home, announce=print) as servers:
        assert servers.embedded == {}
        assert servers.database_urls["cases"] == "postgresql://elsewhere/cases"
        assert servers.redis_url == "redis://elsewhere"

    assert not home.postgres.exists()
    assert not home.valkey.exists()


def test_every_service_gets_a_database_and_all_share_one_valkey(home: Home) -> None:
    with running_servers(Settings(), home, announce=print) as servers:
        assert set(servers.database_urls) == set(SERVICES)
        assert set(servers.embedded) == {"postgres", "valkey"}
        assert servers.redis_url.startswith("redis://")


def test_one_database_of_ones_own_leaves_the_others_embedded(home: Home) -> None:
    settings = Settings(cases_database_url=OWN["cases_database_url"], redis_url="redis://elsewhere")

    with running_servers(settings, home, announce=print) as servers:
        assert servers.database_urls["cases"] == "postgresql://elsewhere/cases"
        assert servers.database_urls["billing"].startswith("postgresql://billing:")


def test_starting_afresh_empties_the_databases(home: Home) -> None:
    settings = Settings(redis_url="redis://elsewhere")
    with running_servers(settings, home, announce=print) as servers:
        _postgres(servers.embedded["postgres"]).run_sql(
            "CREATE TABLE half (n int)", database="cases"
        )

    with running_servers(settings, home, announce=print, afresh=True) as servers:
        tables = _postgres(servers.embedded["postgres"]).run_sql(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'half'", database="cases"
        )

    assert tables.strip() == "0"


def _postgres(server: object) -> PostgresServer:
    assert isinstance(server, PostgresServer)
    return server
