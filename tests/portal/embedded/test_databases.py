"""Databases that are closed to each other's roles."""

import asyncpg
import pytest

from portal.embedded.databases import EXTENSIONS, drop_databases, ensure_databases
from portal.embedded.postgres import PostgresServer

NAMES = ("left_one", "right_one")


async def test_a_role_works_in_its_own_database(postgres_server: PostgresServer) -> None:
    urls = ensure_databases(postgres_server, NAMES)

    connection = await asyncpg.connect(urls["left_one"])
    await connection.execute("CREATE TABLE IF NOT EXISTS thing (id int)")
    owner = await connection.fetchval("SELECT tableowner FROM pg_tables WHERE tablename = 'thing'")
    await connection.close()

    assert owner == "left_one"


@pytest.mark.parametrize("database", ["right_one", "postgres", "template1"])
async def test_a_role_cannot_connect_to_another_database(
    postgres_server: PostgresServer, database: str
) -> None:
    urls = ensure_databases(postgres_server, NAMES)
    foreign = urls["left_one"].removesuffix("left_one") + database

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await asyncpg.connect(foreign)


async def test_a_role_has_no_rights_beyond_its_database(postgres_server: PostgresServer) -> None:
    urls = ensure_databases(postgres_server, NAMES)

    connection = await asyncpg.connect(urls["left_one"])
    row = await connection.fetchrow(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
        " FROM pg_roles WHERE rolname = current_user"
    )
    await connection.close()

    assert not any(row.values())


async def test_a_role_cannot_take_another_ones_place(postgres_server: PostgresServer) -> None:
    urls = ensure_databases(postgres_server, NAMES)

    connection = await asyncpg.connect(urls["left_one"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("SET ROLE right_one")
    await connection.close()


async def test_the_wrong_password_is_refused(postgres_server: PostgresServer) -> None:
    ensure_databases(postgres_server, NAMES)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres_server.url("left_one", "left_one", "guessed"))


def test_the_extensions_are_there(postgres_server: PostgresServer) -> None:
    ensure_databases(postgres_server, NAMES)

    installed = postgres_server.run_sql("SELECT extname FROM pg_extension", database="left_one")

    assert set(EXTENSIONS) <= set(installed.split())


def test_asking_again_changes_nothing(postgres_server: PostgresServer) -> None:
    first = ensure_databases(postgres_server, NAMES)

    assert ensure_databases(postgres_server, NAMES) == first


def test_a_dropped_database_comes_back_empty(postgres_server: PostgresServer) -> None:
    ensure_databases(postgres_server, ["brief"])
    postgres_server.run_sql("CREATE TABLE thing (id int)", database="brief")

    drop_databases(postgres_server, ["brief"])
    ensure_databases(postgres_server, ["brief"])

    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.run_sql(tables, database="brief").strip() == "0"


@pytest.mark.parametrize("name", ['x"; DROP', "", "Cases", "1st"])
def test_a_name_that_is_no_identifier_is_refused(
    postgres_server: PostgresServer, name: str
) -> None:
    with pytest.raises(ValueError, match="cannot name a database"):
        ensure_databases(postgres_server, [name])
