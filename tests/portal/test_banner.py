"""What the console says once everything runs."""

import io
import json
import shlex
from pathlib import Path

import pytest
from graphql import parse
from rich.console import Console

from portal import demo
from portal.banner import FIRST_QUERY, first_query, print_banner
from portal.embedded.servers import Servers
from portal.home import home_at
from portal.settings import SERVICES, Settings
from portal.topology import Ports, Topology


@pytest.fixture
def text(tmp_path: Path) -> str:
    ports = Ports(4000, {name: 4001 + place for place, name in enumerate(SERVICES)}, 2525)
    topology = Topology(Settings(port=4000), home_at(tmp_path), Servers({}, "", {}), ports)
    output = io.StringIO()

    print_banner(Console(file=output, width=80), topology)

    return output.getvalue()


def test_it_names_every_address(text: str) -> None:
    assert "http://127.0.0.1:4000/graphql" in text
    assert all(f"http://127.0.0.1:{4001 + place}" in text for place in range(4))


@pytest.mark.parametrize("user", [*demo.USERS, demo.CAREFUL], ids=lambda user: user.email)
def test_it_names_a_person_for_each_role(text: str, user: demo.DemoUser) -> None:
    line = next(line for line in text.splitlines() if user.email in line)

    assert user.role in line
    assert user.shows in line


def test_it_tells_the_password_and_what_codes_are_made_of(text: str) -> None:
    assert demo.PASSWORD in text
    assert demo.SECOND_FACTOR in text


def test_its_commands_stand_unbroken_also_on_a_narrow_terminal(text: str) -> None:
    lines = text.splitlines()

    assert all(command in lines for command in first_query("http://127.0.0.1:4000"))


def test_its_query_is_graphql_inside_json_inside_a_shell_command() -> None:
    _, command = first_query("http://127.0.0.1:4000")

    body = shlex.split(command)[-1]

    assert json.loads(body) == {"query": FIRST_QUERY}
    assert parse(FIRST_QUERY).definitions
