"""A real OpenID Connect provider, in a process of its own."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

_FOLDER: Final = Path(__file__).parents[1] / "oracles"
PUBLIC_URL: Final = "https://portal.example"
#: Every character of it is one that HTTP Basic and forms write differently.
CLIENT_SECRET: Final = "p+w:d %/&="


@dataclass(frozen=True, slots=True)
class RunningProvider:
    """Where it is."""

    issuer: str

    def rotate_keys(self) -> None:
        """From now on it signs with another key, and publishes that one only."""
        httpx.post(f"{self.issuer}/rotate", trust_env=False).raise_for_status()

    def as_setting(self, name: str = "acme", **values: Any) -> dict[str, Any]:
        """The provider as an operator sets it up."""
        return {
            "name": name,
            "issuer": self.issuer,
            "client_id": "portal",
            "client_secret": CLIENT_SECRET,
            "domains": ["acme.example"],
            **values,
        }


@contextmanager
def running_provider(
    people: Mapping[str, Mapping[str, Any]], *, in_id_token: bool = True
) -> Iterator[RunningProvider]:
    """A provider that knows these people by name. Their address is in the ID token, or only at
    the UserInfo endpoint."""
    client = {
        "client_id": "portal",
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{PUBLIC_URL}/auth/oidc/{name}/callback" for name in ("acme", "other")],
    }
    setup = {"clients": [client], "people": people, "inIdToken": in_id_token}
    with subprocess.Popen(
        ["node", "provider.mjs", json.dumps(setup)],
        cwd=_FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield RunningProvider(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()
