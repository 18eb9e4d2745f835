"""What the console says once everything runs: where, as whom, and what to try first."""

import json
from pathlib import Path
from typing import Final

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portal import demo
from portal.ports import HOST
from portal.topology import Topology

#: An answer that needs all four services.
FIRST_QUERY: Final = (
    '{ me { user { name } } account(number: "A100000") { name '
    "cases(view: ACTIVE_SUPPORT, first: 1) { totalCount nodes { subject status } } "
    "productKeys(view: EXPIRING, first: 1) { totalCount nodes { maskedKey product } } "
    "balances { amount currency } } }"
)


def print_banner(console: Console, topology: Topology) -> None:
    """Print the whole message. The commands are never broken, so that they can be copied."""
    where_and_who = Group(_addresses(topology), Text(), _users())
    console.print(Panel(where_and_who, title="The portal is ready", expand=False))
    console.print(Text("A first query, in another terminal:", style="bold"))
    for command in first_query(topology.public_url):
        console.print(Text(command), soft_wrap=True)
    console.print(Text("Ctrl-C stops everything and keeps the data.", style="dim"))


def first_query(public_url: str) -> tuple[str, str]:
    """Two shell commands: sign in, and ask `FIRST_QUERY`."""
    person = json.dumps({"email": demo.USERS[0].email, "password": demo.PASSWORD})
    question = json.dumps({"query": FIRST_QUERY})
    token_of = "import json, sys; print(json.load(sys.stdin)['accessToken'])"
    return (
        f"TOKEN=$(curl -s {public_url}/auth/sign-in -H 'content-type: application/json' "
        f"-d '{person}' | python3 -c \"{token_of}\")",
        f"curl -s {public_url}/graphql -H 'content-type: application/json' "
        f"-H \"authorization: Bearer $TOKEN\" -d '{question}'",
    )


def _addresses(topology: Topology) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("GraphQL, with an IDE", f"{topology.public_url}/graphql")
    for name in topology.ports.services:
        table.add_row(name, topology.ports.service_origin(name))
    for name, server in topology.servers.embedded.items():
        table.add_row(name, f"{HOST}:{server.port}")
    if not topology.settings.mail_url:
        table.add_row("mail that was sent", _shown(topology.home.mail))
    return table


def _users() -> Group:
    table = Table.grid(padding=(0, 2))
    for user in (*demo.USERS, demo.CAREFUL):
        table.add_row(Text(user.email, no_wrap=True), Text(user.role, no_wrap=True), user.shows)
    return Group(
        Text(f"Sign in, always with the password {demo.PASSWORD}:"),
        table,
        Text(f"Codes are of the secret {demo.SECOND_FACTOR}."),
    )


def _shown(path: Path) -> str:
    return f"{path.relative_to(Path.cwd())}/" if path.is_relative_to(Path.cwd()) else f"{path}/"
