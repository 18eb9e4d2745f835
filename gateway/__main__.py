"""`python -m gateway --supergraph FILE --port N`: a gateway over any subgraphs."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import uvicorn

from gateway.errors import InvalidSupergraph
from gateway.standalone import create_app
from gateway.supergraph.reader import read_supergraph


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        supergraph = read_supergraph(options.supergraph.read_text(encoding="utf-8"))
    except (InvalidSupergraph, OSError) as error:
        print(f"{options.supergraph}: {error}", file=sys.stderr)
        return 1
    uvicorn.run(
        partial(create_app, supergraph, development=options.development),
        factory=True,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway", description="A federation gateway over a supergraph file."
    )
    parser.add_argument("--supergraph", type=Path, required=True, help="the composed schema")
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--development", action="store_true", help="IDE and introspection")
    return parser


if __name__ == "__main__":
    sys.exit(main())
