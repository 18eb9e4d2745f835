"""The containers' settings are those that the processes read."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.settings import CODE, SERVICES

PROCESSES = ("gateway", *SERVICES)
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<default>:-[^}]*)?[^}]*\}")

COMPOSE: dict[str, Any] = yaml.safe_load(Path(CODE / "docker-compose.yml").read_text())
EXAMPLE = Path(CODE / ".env.example").read_text()


def environment(process: str) -> dict[str, str]:
    """What the container's process finds, with secrets filled in."""
    given: dict[str, str] = COMPOSE["services"][process]["environment"]
    return {name: VARIABLE.sub(_filled, value) for name, value in given.items()}


def _filled(match: re.Match[str]) -> str:
    if match["default"]:
        return match["default"].removeprefix(":-")
    name = match["name"]
    if said := re.search(rf"^{name}=(.+)$", EXAMPLE, re.MULTILINE):
        return said[1]
    return f"k1:{'ab' * 32}" if name in ("SIGNING_KEYS", "LICENSING_KEY_SECRETS") else "ab" * 32


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_accepts_its_containers_environment(
    process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = process if process == "gateway" else f"services.{process}"
    settings = importlib.import_module(f"{package}.settings").Settings
    given = environment(process)
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    read = settings()

    prefix = f"{process.upper()}_"
    assert {name.removeprefix(prefix).lower() for name in given} <= set(type(read).model_fields)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_waits_for_healthy_servers(process: str) -> None:
    needs = COMPOSE["services"][process]["depends_on"]

    assert {each["condition"] for each in needs.values()} == {"service_healthy"}
    assert "valkey" in needs


def test_every_variable_of_the_composition_is_in_the_example() -> None:
    text = Path(CODE / "docker-compose.yml").read_text()

    named = {match["name"] for match in VARIABLE.finditer(text)}

    assert named == set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))


def test_containers_write_nowhere_but_where_they_must() -> None:
    for process in PROCESSES:
        container = COMPOSE["services"][process]
        assert container["read_only"] is True
        assert container["cap_drop"] == ["ALL"]
        assert [volume.split(":")[1] for volume in container.get("volumes", ())] in ([], ["/files"])
