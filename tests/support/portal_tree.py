"""The portal's own code over stand-ins for everything it starts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.settings import CODE, SERVICES

SERVICE = """
import os
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

def create_app():
    print("serving as process", os.getpid(), "and user", os.geteuid())
    return Starlette(routes=[Route("/health/ready", lambda request: PlainTextResponse("yes"))])
"""
MIGRATIONS = "print('migrated')"
SEED = """
import asyncio
import os
import asyncpg

class Scale:
    @staticmethod
    def of(accounts, keys, cases, invoices):
        return accounts

async def load(urls, accounts, progress, environment_of):
    connection = await asyncpg.connect(urls["identity"])
    await connection.execute("CREATE TABLE account (n int)")
    progress("accounts", 0, accounts)
    if os.environ.get("POWER_CUT"):
        os.kill(os.getpid(), 9)
    if os.environ.get("ENDLESS"):
        print("making data without end", flush=True)
        await asyncio.Event().wait()
    await connection.execute("INSERT INTO account SELECT generate_series(1, $1::int)", accounts)
    await connection.close()
"""


class PortalTree:
    """A copy of the portal with services that only say that they are ready."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / ".portal"
        shutil.copytree(CODE / "portal", folder / "portal")
        for name in SERVICES:
            self.write(f"services/{name}/app.py", SERVICE)
        self.write("gateway/app.py", SERVICE)
        self.write("kit/migrations.py", MIGRATIONS)
        shutil.rmtree(folder / "portal" / "seed", ignore_errors=True)
        self.write("portal/seed/__init__.py", SEED)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `python -m portal` with these arguments."""
        return subprocess.Popen(
            [sys.executable, "-m", "portal", *arguments],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run `python -m portal` and return its status and what it said."""
        with self.start(*arguments, **environment) as process:
            output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def write(self, path: str, text: str) -> None:
        """Put a file into the tree."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
