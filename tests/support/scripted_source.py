"""A source of supergraphs that follows a script."""

from collections import deque
from typing import Final

from gateway.supergraph.source.source import Pace


class ScriptedSource:
    """Gives these texts, or raises these errors, one at each look; then nothing changes."""

    name: Final = "script"
    pace: Final = Pace(0.01, backs_off=False)

    def __init__(self, *script: str | Exception) -> None:
        self._script = deque(script)

    def then(self, step: str | Exception) -> None:
        """At the next look, or after what is still to come."""
        self._script.append(step)

    async def read(self) -> str | None:
        """The next step."""
        step = self._script.popleft() if self._script else None
        if isinstance(step, Exception):
            raise step
        return step
