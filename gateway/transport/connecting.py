"""The ways to subgraphs over the network, as the settings say."""

from collections.abc import Iterable

from gateway.settings import EngineSettings
from gateway.subscriptions.sharing import SharedStreams
from gateway.supergraph.model import Subgraph
from gateway.transport.http import HttpTransport
from gateway.transport.request import Connections, Send, Subscribe
from gateway.transport.sessions import Lease
from gateway.transport.sse import SseTransport
from gateway.transport.websocket import WebSocketTransport
from kit.signing import Signer


def connect(
    subgraphs: Iterable[Subgraph], settings: EngineSettings, signer: Signer | None, lease: Lease
) -> Connections:
    """Requests over HTTP; streams over HTTP too, or over WebSockets where one is named.

    Raises `ValueError` for an address that is none.
    """
    urls = {each.name: settings.subgraph_urls.get(each.name, each.url) for each in subgraphs}
    requests: dict[str, Send] = {
        name: HttpTransport(
            name,
            url,
            lease.to(url),
            signer,
            timeout=settings.subgraph_timeout,
            max_answer=settings.max_answer,
        )
        for name, url in urls.items()
    }
    streams: dict[str, Subscribe] = {
        name: SharedStreams(
            _stream(name, url, settings, signer, lease), buffer=settings.max_waiting_events
        )
        for name, url in urls.items()
    }
    return Connections(requests, streams)


def _stream(
    name: str, url: str, settings: EngineSettings, signer: Signer | None, lease: Lease
) -> Subscribe:
    socket = settings.subgraph_websockets.get(name)
    transport = SseTransport if socket is None else WebSocketTransport
    address = url if socket is None else socket
    return transport(
        name,
        address,
        lease.to(address, streams=True),
        signer,
        timeout=settings.subgraph_timeout,
        silence=settings.subgraph_silence,
        max_event=settings.max_event,
    )
