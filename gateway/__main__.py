"""`python -m gateway`: a gateway over any subgraphs, without authentication."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import uvicorn
from pydantic import ValidationError
from uvicorn.loops.auto import auto_loop_factory

from gateway.errors import GatewayError
from gateway.settings import EngineSettings, Profile
from gateway.standalone import open_app
from gateway.supergraph.source.choice import NoSource, choose_source
from gateway.supergraph.source.members import InvalidMember, parse_member
from gateway.supergraph.source.source import Source
from kit import telemetry

_NAME: Final = "gateway"

_EPILOG: Final = """\
GraphQL is at /graphql, health at /health/ready and /health/supergraph, metrics at /metrics.
A changed supergraph is taken into use without losing a request; a broken one is refused and
the last good one stays. Nobody is authenticated: fields with @authenticated, @requiresScopes
or @policy are closed to everybody.

What has no option is read from the environment: GATEWAY_SUPERGRAPH, GATEWAY_SUBGRAPHS,
GATEWAY_SUPERGRAPH_CACHE, GATEWAY_POLL, GATEWAY_SUBGRAPH_URLS and GATEWAY_OVERRIDE_LABELS (JSON),
GATEWAY_PROFILE, GATEWAY_LOG_LEVEL, GATEWAY_REQUEST_TIMEOUT, GATEWAY_SUBGRAPH_TIMEOUT,
GATEWAY_PLAN_BUDGET, GATEWAY_MAX_DEPTH and the other limits.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal; the exit status. Wrong arguments are status 2, a bad start is 1."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        settings = EngineSettings(**_told(options))
        source = choose_source(settings, options.subgraph or ())
    except ValidationError as error:
        parser.error("; ".join(_in_words(dict(found)) for found in error.errors()))
    except (NoSource, InvalidMember) as error:
        parser.error(str(error))
    telemetry.configure(_NAME, settings.log_level)
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            return runner.run(_serve(settings, source, options.host, options.port))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def _serve(settings: EngineSettings, source: Source, host: str, port: int) -> int:
    try:
        app = await open_app(settings, source)
    except GatewayError as error:
        print(f"{source.name}: {error}", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=settings.max_body,
    )
    server = uvicorn.Server(config)
    await server.serve()
    return 0 if server.started else 1


def _told(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says, which goes before what the environment says."""
    told: dict[str, Any] = {}
    if options.supergraph or options.subgraph or options.subgraphs:
        told |= {"supergraph": options.supergraph, "subgraphs": options.subgraphs}
    if options.cache is not None:
        told["supergraph_cache"] = options.cache
    if options.poll is not None:
        told["poll"] = options.poll
    if options.open_only:
        told["open_only"] = True
    if options.development:
        told["profile"] = Profile.DEVELOPMENT
    return told


def _in_words(found: dict[str, Any]) -> str:
    return f"{'.'.join(map(str, found['loc']))}: {found['msg']}"


def _member(text: str) -> object:
    try:
        return parse_member(text)
    except InvalidMember as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{port} is no port")
    return port


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description="A GraphQL federation gateway over any subgraphs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sources = parser.add_mutually_exclusive_group()
    sources.add_argument(
        "--supergraph", metavar="FILE|URL", help="a composed schema, looked at for changes"
    )
    sources.add_argument(
        "--subgraph",
        metavar="NAME=URL",
        type=_member,
        action="append",
        help="a subgraph that tells its own schema; again for each one: they are composed here",
    )
    sources.add_argument(
        "--subgraphs",
        metavar="FILE",
        type=Path,
        help="a TOML or JSON file that names the subgraphs to compose",
    )
    parser.add_argument(
        "--cache",
        metavar="FILE",
        type=Path,
        help="where the supergraph in use is kept, for a start while its source is away",
    )
    parser.add_argument(
        "--poll",
        metavar="SECONDS",
        type=float,
        help="between two looks for a change (1 at files, 10 over the network)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=_port, default=4000, help="to listen on (%(default)s; 0: a free one)"
    )
    parser.add_argument(
        "--open-only", action="store_true", help="serve what authorization rules leave open"
    )
    parser.add_argument("--development", action="store_true", help="IDE and introspection")
    return parser


if __name__ == "__main__":
    sys.exit(main())
