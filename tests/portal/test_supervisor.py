"""Processes under supervision: real ones, whose supervisor is a process too."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.child import Backoff
from portal.ports import free_port
from portal.settings import CODE
from tests.support import supervised
from tests.support.processes import end, wait_for_end

#: Tells its pid and waits to be stopped.
WAITS = "import os, signal; print(os.getpid()); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAITS
CRASHES = "import os; print(os.getpid()); os._exit(3)"
#: Starts a child of its own, which tells its pid, and waits.
PARENT = f"import signal, subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAITS!r}]); \
signal.pause()"
#: Notes when it was asked to end.
FAREWELL = """
import os, signal, sys
def leave(number, frame):
    print("asked")
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print(os.getpid())
signal.pause()
"""
SERVES = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", {port}), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


class Supervisor:
    """The supervising process and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._unheard: list[str] = []

    def hear(self, beginning: str) -> str:
        """The rest of the next line that begins so; what others say meanwhile waits."""
        line = next(filter(None, self._matching(beginning)))
        self._unheard.remove(line)
        return line.removeprefix(beginning)

    def hear_out(self) -> list[str]:
        """Everything not heard yet, until it ends."""
        self._unheard += self._lines()
        return self._unheard

    def _matching(self, beginning: str) -> Iterator[str]:
        yield from (line for line in self._unheard if line.startswith(beginning))
        for line in self._lines():
            self._unheard.append(line)
            yield line if line.startswith(beginning) else ""
        raise AssertionError(f"{beginning!r} was not among {self._unheard}")

    def _lines(self) -> Iterator[str]:
        assert self.process.stdout is not None
        return (line.rstrip("\n") for line in self.process.stdout)


@contextmanager
def supervising(programs: dict[str, str], *more: str) -> Iterator[Supervisor]:
    command = [sys.executable, "-m", supervised.__name__, json.dumps(programs), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CODE) as process:
        try:
            yield Supervisor(process)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_ends_every_process_and_then_the_supervisor(number: signal.Signals) -> None:
    with supervising({"first": WAITS, "second": WAITS}) as supervisor:
        pids = {int(supervisor.hear("first|")), int(supervisor.hear("second|"))}

        supervisor.process.send_signal(number)

        assert supervisor.process.wait(10) == 0
        assert all(wait_for_end(pid, seconds=0) for pid in pids)


def test_a_killed_supervisor_leaves_no_process_not_even_a_stubborn_one() -> None:
    with supervising({"first": WAITS, "second": STUBBORN}) as supervisor:
        pids = {int(supervisor.hear("first|")), int(supervisor.hear("second|"))}

        supervisor.process.kill()

        assert all(wait_for_end(pid) for pid in pids)


def test_a_process_that_ignores_the_request_is_killed() -> None:
    with supervising({"stubborn": STUBBORN}) as supervisor:
        pid = int(supervisor.hear("stubborn|"))

        supervisor.process.terminate()

        assert "stubborn|did not end within 1 s; killed" in supervisor.hear_out()
        assert wait_for_end(pid, seconds=0)


def test_what_a_process_started_ends_with_it() -> None:
    with supervising({"parent": PARENT}) as supervisor:
        grandchild = int(supervisor.hear("parent|"))

        supervisor.process.terminate()

        assert supervisor.process.wait(10) == 0
        assert wait_for_end(grandchild)


def test_a_crashed_process_is_started_again() -> None:
    with supervising({"waits": WAITS}) as supervisor:
        first = int(supervisor.hear("waits|"))
        end(first, signal.SIGKILL)

        why = supervisor.hear("waits|")
        second = int(supervisor.hear("waits|"))

        assert why == "ended with signal 9; starting again in 0.05 s"
        assert second != first


def test_pauses_between_crashes_grow_to_a_limit() -> None:
    with supervising({"crashes": CRASHES}) as supervisor:
        pauses = [_pause(supervisor) for _ in range(4)]

        assert pauses == ["0.05 s", "0.1 s", "0.2 s", "0.2 s"]


def test_readiness_is_told_for_each_and_for_all() -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"

    with supervising({"web": SERVES.format(port=port)}, address) as supervisor:
        supervisor.hear("all ready|")

        assert supervisor.hear("ready|") == "web"


def test_a_process_that_cannot_start_fails_the_whole_and_leaves_nothing() -> None:
    nowhere = f"tcp://127.0.0.1:{free_port()}"

    with supervising({"waits": WAITS, "crashes": CRASHES}, nowhere) as supervisor:
        pid = int(supervisor.hear("waits|"))
        said = supervisor.hear_out()

        assert said[-1] == "failed|crashes does not start; it says why above."
        assert supervisor.process.wait(10) == 1
        assert wait_for_end(pid, seconds=0)


def test_what_asks_ends_before_what_answers() -> None:
    with supervising({"answers": FAREWELL, "asks": FAREWELL}) as supervisor:
        supervisor.hear("answers|")
        supervisor.hear("asks|")

        supervisor.process.terminate()

        said = supervisor.hear_out()
        assert said.index("asks|asked") < said.index("answers|asked")


def test_long_lines_and_broken_bytes_pass() -> None:
    program = "import os; os.write(1, b'x' * 200_000 + b'\\xff\\n'); " + WAITS

    with supervising({"loud": program}) as supervisor:
        text = ""
        while not text.endswith("�"):
            text += supervisor.hear("loud|")

        assert text == "x" * 200_000 + "�"


@pytest.mark.parametrize(
    ("crashes", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (7, 30.0), (5000, 30.0)]
)
def test_the_pause_doubles_up_to_a_limit(crashes: int, seconds: float) -> None:
    assert Backoff().delay(crashes) == seconds


def _pause(supervisor: Supervisor) -> str:
    supervisor.hear("crashes|")
    return supervisor.hear("crashes|").removeprefix("ended with status 3; starting again in ")
