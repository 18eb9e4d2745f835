"""A database and a role for each service, closed to each other's."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from portal.embedded.postgres import PostgresServer

EXTENSIONS: Final = ("pg_trgm", "unaccent", "citext", "btree_gin", "btree_gist")

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")

#: Run again at every start: it repairs what an interrupted first run left undone.
_SCRIPT: Final = """
SET client_min_messages = warning;
SELECT 'CREATE ROLE "{name}"'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '{password}';
SELECT 'CREATE DATABASE "{name}" OWNER "{name}"'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE ALL ON DATABASE "{name}", postgres, template1 FROM PUBLIC;
\\connect "{name}"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO "{name}";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
"""


def ensure_databases(server: PostgresServer, names: Sequence[str]) -> Mapping[str, str]:
    """Make a database and an owning role of each name, where missing, and their extensions.

    Returns the address of each, password included. A role can connect to its own database
    only. Passwords are made once, in the server's secrets.
    """
    return {name: _ensure_database(server, name) for name in names}


def drop_databases(server: PostgresServer, names: Sequence[str]) -> None:
    """Drop the databases of these names, with all they hold. The roles stay."""
    for name in names:
        server.run_sql(f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)')


def _ensure_database(server: PostgresServer, name: str) -> str:
    password = server.secrets.secret(f"postgres.{_checked(name)}")
    extensions = "".join(f'CREATE EXTENSION IF NOT EXISTS "{each}";\n' for each in EXTENSIONS)
    server.run_sql(_SCRIPT.format(name=name, password=password) + extensions)
    return server.url(name, name, password)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a database.")
    return name
