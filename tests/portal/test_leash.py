"""Commands that end with whoever started them."""

import os
import signal
import subprocess
import sys

from portal.leash import leashed, watch
from portal.settings import CODE
from tests.support.processes import wait_for_end

#: Starts a leashed process, tells its pid, and waits to be killed.
OWNER = """
import subprocess, sys
from portal.leash import leashed
child = subprocess.Popen(leashed(["/bin/cat"]), stdin=subprocess.PIPE)
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_leashed_command_ends_with_its_killed_owner() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CODE
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())

        owner.kill()

        assert wait_for_end(pid)


def test_a_leashed_command_keeps_pid_input_and_status() -> None:
    command = ["/bin/sh", "-c", "read code; echo $$; exit $code"]

    with subprocess.Popen(
        leashed(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        output, _ = process.communicate("7\n")

    assert int(output) == process.pid
    assert process.returncode == 7


def test_a_command_whose_owner_is_gone_already_does_not_start() -> None:
    line = leashed(["/bin/echo", "started"])
    line[line.index("--parent") + 1] = "1"

    done = subprocess.run(line, capture_output=True, check=False)

    assert done.stdout == b""
    assert done.returncode == 1


def test_a_missing_command_fails_with_a_status() -> None:
    done = subprocess.run(leashed(["/bin/nowhere"]), capture_output=True, check=False)

    assert done.returncode == 1
    assert b"FileNotFoundError" in done.stderr


def test_the_watcher_ends_the_child_of_a_parent_that_is_gone() -> None:
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as child:
        watcher = watch(gone.pid, child.pid, signal.SIGTERM)

        assert child.wait(10) == -signal.SIGTERM
    os.waitpid(watcher, 0)
