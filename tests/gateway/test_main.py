"""`python -m gateway` as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.request import Request, urlopen

import orjson
import pytest

from gateway.__main__ import main
from portal.settings import CODE
from tests.support.versions import replace_file, supergraph

NOBODY = "http://127.0.0.1:9"
SDL = supergraph(NOBODY, "v0")


@dataclass(frozen=True)
class Running:
    """A gateway, and what it says."""

    port: int
    lines: IO[str]

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next event of this name. Blocks until it is said, or until the process has ended."""
        for line in self.lines:
            said: dict[str, Any] = orjson.loads(line)
            if event in said["event"]:
                return said
        raise AssertionError(f"the gateway ended without {event!r}")

    def ask(self, query: str) -> Any:
        return self._get("/graphql", orjson.dumps({"query": query}))

    def health(self) -> Any:
        return self._get("/health/supergraph")

    def _get(self, path: str, body: bytes | None = None) -> Any:
        headers = {"content-type": "application/json"}
        request = Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers)
        with urlopen(request, timeout=10) as response:
            return orjson.loads(response.read())


def environment(**told: str) -> Mapping[str, str]:
    """Without what the tests' own environment may say to a gateway."""
    inherited = {name: text for name, text in os.environ.items() if "GATEWAY_" not in name}
    return {**inherited, **told}


@contextmanager
def running(port: int, *arguments: str, **told: str) -> Iterator[Running]:
    """A gateway that answers."""
    command = [sys.executable, "-m", "gateway", "--port", str(port), *arguments]
    with subprocess.Popen(
        command, cwd=CODE, env=environment(**told), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        gateway = Running(port, process.stderr)
        try:
            gateway.wait_for("Uvicorn running")
            yield gateway
        finally:
            process.terminate()
            process.stderr.read()


def ended(*arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
    """A gateway that does not start."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=CODE,
        env=environment(**told),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_serves_a_supergraph_file(tmp_path: Path, unused_tcp_port: int) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text(SDL)

    with running(unused_tcp_port, "--supergraph", str(file)) as gateway:
        answer = gateway.ask("{ __typename }")

    assert answer == {"data": {"__typename": "Query"}}


def test_a_changed_file_is_taken_and_a_broken_one_is_not(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text(SDL)

    with running(unused_tcp_port, "--supergraph", str(file), "--poll", "0.01") as gateway:
        first = gateway.health()
        replace_file(file, f"{SDL}\n# two")
        taken = gateway.wait_for("supergraph in use")
        replace_file(file, "broken")
        refused = gateway.wait_for("supergraph refused")
        last = gateway.health()

    assert first["version"] != taken["version"] == last["version"]
    assert last["failure"]["reason"] == refused["reason"]


def test_the_environment_says_what_the_command_line_does_not(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text(SDL)

    told = {"GATEWAY_SUPERGRAPH": str(file), "GATEWAY_MAX_ROOT_FIELDS": "1"}
    with running(unused_tcp_port, **told) as gateway:
        answer = gateway.ask("{ a: __typename b: __typename }")

    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_the_command_line_goes_before_the_environment(tmp_path: Path) -> None:
    missing = tmp_path / "missing.graphql"

    result = ended("--supergraph", str(missing), GATEWAY_SUBGRAPHS="subgraphs.toml")

    assert result.returncode == 1
    assert f"{missing}: No such file" in result.stderr


def test_a_cached_supergraph_starts_it_without_its_subgraphs(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    cache = tmp_path / "kept.graphql"
    cache.write_text(SDL)
    subgraphs = ("--subgraph", f"a={NOBODY}", "--subgraph", f"b={NOBODY}")

    with running(unused_tcp_port, *subgraphs, "--cache", str(cache)) as gateway:
        answer, health = gateway.ask("{ __typename }"), gateway.health()

    assert answer == {"data": {"__typename": "Query"}}
    assert health["failure"]["code"] == "SUPERGRAPH_UNAVAILABLE"


def test_subgraphs_that_are_away_are_named_and_nothing_starts() -> None:
    result = ended("--subgraph", f"a={NOBODY}", "--subgraph", f"b={NOBODY}")

    assert result.returncode == 1
    assert "a: This service cannot be reached" in result.stderr
    assert "b: This service cannot be reached" in result.stderr
    assert "Traceback" not in result.stderr


def test_schemas_that_do_not_compose_are_refused_with_their_codes(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("type Query { a: Int }")
    (tmp_path / "b.graphql").write_text("type Query { a: String }")
    file = tmp_path / "subgraphs.toml"
    file.write_text(
        f'[subgraphs.a]\nurl = "{NOBODY}"\nschema = "a.graphql"\n'
        f'[subgraphs.b]\nurl = "{NOBODY}"\nschema = "b.graphql"\n'
    )

    result = ended("--subgraphs", str(file))

    assert result.returncode == 1
    assert "FIELD_TYPE_MISMATCH" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("text", ["type Query { x: Int }", "type"])
def test_a_file_that_is_no_supergraph_is_refused_with_its_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text(text)

    result = ended("--supergraph", str(file))

    assert result.returncode == 1
    assert "supergraph" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "--supergraph, --subgraph, --subgraphs"),
        (["--supergraph", "x", "--subgraph", f"a={NOBODY}"], "not allowed with"),
        (["--subgraph", "a"], "'a' is not name=URL"),
        (["--subgraph", f"a={NOBODY}", "--subgraph", f"a={NOBODY}"], "more than once: a"),
        (["--supergraph", "x", "--port", "70000"], "70000 is no port"),
        (["--supergraph", "x", "--port", "x"], "invalid"),
        (["--supergraph", "x", "--poll", "0"], "poll: Input should be greater than 0"),
        (["--nonsense"], "unrecognized"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        main(arguments)

    assert exit.value.code == 2
    assert reason in capsys.readouterr().err


def test_a_wrong_environment_says_which_of_it() -> None:
    result = ended("--supergraph", "x", GATEWAY_MAX_DEPTH="deep")

    assert result.returncode == 2
    assert "max_depth" in result.stderr
    assert "Traceback" not in result.stderr
