"""What the operator sees: progress while things are prepared, then the processes' own lines."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

_STYLES: Final = {
    "gateway": "bold cyan",
    "identity": "green",
    "cases": "yellow",
    "licensing": "magenta",
    "billing": "blue",
}
_OTHER_STYLE: Final = "bright_black"
_NAME_WIDTH: Final = 9
_BAR_WIDTH: Final = 16


class Steps:
    """The steps of a preparation, one after the other."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._current: TaskID | None = None
        self._text = ""
        self._ready: list[str] = []

    def begin(self, text: str) -> None:
        """Say what happens now; what happened before is done."""
        self.finish()
        self._text = text
        self._current = self._progress.add_task(text, total=None)
        if self._progress.disable:
            self._progress.console.print(Text(f"{text} …"))

    def report(self, what: str, done: int, total: int) -> None:
        """How far the current step is (a `portal.progress.Report`)."""
        self._update(f"{self._text}: {what} {done:,} of {total:,}", done, total)

    def tick(self, name: str) -> None:
        """One of the things that the current step waits for is there."""
        self._ready.append(name)
        self._update(f"{self._text}: {', '.join(self._ready)}")

    def finish(self) -> None:
        """The current step is done."""
        if self._current is not None:
            self._progress.update(self._current, completed=1, total=1)
            self._current = None

    def end(self) -> None:
        """Nothing more is prepared: leave the terminal to others."""
        self.finish()
        self._progress.stop()

    def _update(self, text: str, done: int = 0, total: int | None = None) -> None:
        if self._current is not None:
            self._progress.update(self._current, description=text, completed=done, total=total)


class PortalConsole:
    """Writes to the terminal; where there is none, plain lines."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    def line(self, name: str, text: str) -> None:
        """One line of a process, after its name in a colour of its own."""
        prefix = Text(f"{name:<{_NAME_WIDTH}} │ ", style=_STYLES.get(name, _OTHER_STYLE))
        self._print(prefix + Text.from_ansi(text))

    def note(self, text: str) -> None:
        """Something the operator asked for has happened."""
        self._print(Text(text))

    def fault(self, text: str) -> None:
        """Why it has not."""
        self._print(Text(text, style="bold red"))

    @contextmanager
    def steps(self) -> Iterator[Steps]:
        """Steps that take time, each with its clock."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=_BAR_WIDTH),
            TimeElapsedColumn(),
        )
        disable = not self.console.is_terminal
        with Progress(*columns, console=self.console, disable=disable) as progress:
            yield Steps(progress)

    def _print(self, text: Text) -> None:
        # A closed terminal must not stop what still has to be ended in an orderly way.
        with suppress(OSError):
            self.console.print(text, soft_wrap=True)
