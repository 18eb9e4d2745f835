"""The portal's command line: `python -m portal --help`."""

import argparse
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console

from portal.commands.access import access
from portal.commands.compose import compose
from portal.commands.down import down
from portal.commands.lint import lint
from portal.commands.migrate import migrate
from portal.commands.plan import plan
from portal.commands.reset import reset
from portal.commands.schema import schema
from portal.commands.seed import seed
from portal.commands.up import up
from portal.console import PortalConsole
from portal.errors import PortalError
from portal.seeding import Amounts
from portal.settings import Settings, read_settings

_Command = Callable[[Settings, PortalConsole, argparse.Namespace], None]

_COMMANDS: Final[Mapping[str, _Command]] = {
    "up": lambda settings, console, _: up(settings, console),
    "down": lambda settings, console, _: down(settings, console),
    "reset": lambda settings, console, options: reset(settings, console, confirmed=options.yes),
    "migrate": lambda settings, console, _: migrate(settings, console),
    "seed": lambda settings, console, options: seed(settings, console, _amounts(settings, options)),
    "schema": lambda _, console, options: schema(console, check=options.check),
    "compose": lambda _, console, options: compose(console, check=options.check),
    "lint": lambda _, console, options: lint(console, options.file, strict=options.strict),
    "plan": lambda _, console, options: plan(
        console, options.file, name=options.name, stages=options.stages
    ),
    "access": lambda settings, console, options: access(settings, console, options),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    chosen = {name: getattr(options, name, None) for name in ("port", "accounts")}
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _leave)
    # A shell that starts something in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _COMMANDS[options.command](read_settings(**chosen), PortalConsole(), options)
    except PortalError as error:
        return _failed(str(error))
    except OSError as error:  # a full disk, a folder of somebody else's
        return _failed(f"{error.filename or 'The portal'}: {error.strerror}.")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _failed(reason: str) -> int:
    PortalConsole(Console(stderr=True, highlight=False)).fault(reason)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m portal", description="The whole portal on one machine."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything, until Ctrl-C")
    up.add_argument("--port", type=int, help="the gateway's port; 0: free ports for all")
    up.add_argument("--accounts", type=int, help="how many accounts the first start makes up")
    commands.add_parser("down", help="stop what `up` started")
    reset = commands.add_parser("reset", help="stop, and delete all data")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("migrate", help="bring the databases up to date")
    seed = commands.add_parser("seed", help="fill empty databases with demonstration data")
    for thing in ("accounts", "keys", "cases", "invoices"):
        seed.add_argument(f"--{thing}", type=int, help=f"how many {thing} to make up")
    schema = commands.add_parser("schema", help="print each service's schema into its file")
    compose = commands.add_parser("compose", help="compose the committed schemas")
    for each in (schema, compose):
        each.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    lint = commands.add_parser("lint", help="print what denied fields take with them")
    lint.add_argument("file", type=Path, nargs="?", help="a supergraph; by default the portal's")
    lint.add_argument("--strict", action="store_true", help="fail when there is anything")
    plan = commands.add_parser("plan", help="print which requests an operation costs")
    plan.add_argument("file", type=Path, help="a GraphQL document")
    plan.add_argument("--name", help="which operation of the document")
    plan.add_argument("--stages", action="store_true", help="show how the plan comes to be")
    _add_access(commands.add_parser("access", help="explain which fields somebody may see"))
    return parser


def _add_access(access: argparse.ArgumentParser) -> None:
    caller = access.add_mutually_exclusive_group()
    caller.add_argument("--as", dest="who", help="an e-mail address, or a machine client's id")
    caller.add_argument("--scopes", help="a list with commas, instead of somebody's")
    access.add_argument("--operation", type=Path, help="a GraphQL document")
    access.add_argument("--name", help="which operation of the document")
    about = access.add_subparsers(dest="about", metavar="[matrix | diff OLD NEW]")
    matrix = about.add_parser("matrix", help="write who sees which field")
    matrix.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    diff = about.add_parser("diff", help="fail when rules got weaker")
    for name in ("old", "new"):
        diff.add_argument(name, type=Path, help=f"the {name} supergraph")


def _amounts(settings: Settings, options: argparse.Namespace) -> Amounts:
    return Amounts(settings.accounts, options.keys, options.cases, options.invoices)


def _leave(number: int, frame: object) -> NoReturn:
    """End in an orderly way before there is an event loop to do so."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
