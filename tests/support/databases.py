"""Databases for tests: each service's is migrated once, then cloned for whoever needs one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from portal.embedded.postgres import PostgresServer

_EXTENSIONS = ("pg_trgm", "unaccent", "citext", "btree_gin", "btree_gist")

#: Brings an empty database up to date: `migrate(service, url)`.
Migrate = Callable[[str, str], None]


@dataclass(slots=True)
class Databases:
    """Hands out databases of one server, fresh ones each time."""

    server: PostgresServer
    migrate: Migrate
    _templates: set[str] = field(default_factory=set)
    _numbers: "count[int]" = field(default_factory=count)

    def empty(self) -> str:
        """The URL of a database that holds nothing but the extensions."""
        return self._create(f"test_{next(self._numbers)}", "template0")

    def of(self, service: str) -> str:
        """The URL of a database with the service's tables, empty."""
        template = f"template_{service}"
        if template not in self._templates:
            self.migrate(service, self._create(template, "template0"))
            self._templates.add(template)
        return self._create(f"test_{next(self._numbers)}", template)

    def _create(self, name: str, template: str) -> str:
        self.server.run_sql(f"CREATE DATABASE {name} TEMPLATE {template};")
        if template == "template0":
            script = "".join(f"CREATE EXTENSION {each};\n" for each in _EXTENSIONS)
            self.server.run_sql(script, database=name)
        return self.server.superuser_url(name)
