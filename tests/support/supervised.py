"""A supervisor as a process of its own, over tiny children that tell their pids.

    python -m tests.support.supervised '{"name": "program text", …}' [READY_ADDRESS]

Prints `name|line` for each line of a child, `ready|name`, and `all ready|`.
"""

import asyncio
import json
import os
import sys

from portal.child import Backoff, ChildSpec
from portal.errors import PortalError
from portal.supervisor import Limits, supervise


def main() -> int:
    programs: dict[str, str] = json.loads(sys.argv[1])
    ready = sys.argv[2] if len(sys.argv) > 2 else None
    environment = {"PATH": os.defpath, "PYTHONUNBUFFERED": "1"}
    tiers = [
        [ChildSpec(name, (sys.executable, "-c", program), environment, ready)]
        for name, program in programs.items()
    ]
    running = supervise(
        tiers,
        write=_say,
        limits=Limits(ready=10, stop=1, backoff=Backoff(first=0.05, most=0.2)),
        on_ready=lambda name: _say("ready", name),
        on_all_ready=lambda: _say("all ready", ""),
    )
    try:
        asyncio.run(running)
    except PortalError as error:
        _say("failed", str(error))
        return 1
    return 0


def _say(name: str, text: str) -> None:
    print(f"{name}|{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
