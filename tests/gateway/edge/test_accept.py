"""What a client accepts, as it says it."""

import pytest
from starlette.datastructures import Headers

from gateway.edge.accept import Accepted, DeferSpec
from gateway.edge.answers import GRAPHQL_RESPONSE, JSON

OLD, NEW = DeferSpec.DEFER_2022, DeferSpec.INCREMENTAL
APOLLO = "application/graphql-response+json,application/json;q=0.9"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, Accepted(JSON, False, False, None, None)),
        ("*/*", Accepted(JSON, False, False, None, None)),
        ("text/event-stream", Accepted(None, True, False, None, None)),
        ("TEXT/Event-Stream ; charset=utf-8", Accepted(None, True, False, None, None)),
        ("text/event-stream;deferSpec=20220824", Accepted(None, True, False, None, OLD)),
        ("text/event-stream;incrementalSpec=v0.2", Accepted(None, True, False, None, NEW)),
        (f'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,{APOLLO}',
         Accepted(GRAPHQL_RESPONSE, False, True, None, None)),
        (f"multipart/mixed;deferSpec=20220824,{APOLLO}",
         Accepted(GRAPHQL_RESPONSE, False, False, OLD, None)),
        (f'multipart/mixed; incrementalSpec="v0.2",{APOLLO}',
         Accepted(GRAPHQL_RESPONSE, False, False, NEW, None)),
        ("multipart/mixed;deferSpec=20300101", Accepted(None, False, False, None, None)),
        ("application/json, text/event-stream, multipart/mixed",
         Accepted(JSON, True, False, OLD, None)),
        ("image/png", Accepted(None, False, False, None, None)),
        (";;,=,", Accepted(None, False, False, None, None)),
    ],
)  # fmt: skip
def test_each_form_is_found(accept: str | None, expected: Accepted) -> None:
    headers = Headers({"accept": accept} if accept is not None else {})

    assert Accepted.of(headers) == expected


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("application/json", False),
        ("*/*", False),
        ("text/event-stream", True),
        ("multipart/mixed", True),
        ("multipart/mixed;subscriptionSpec=1.0", True),
    ],
)
def test_several_pieces_must_be_asked_for(accept: str, streams: bool) -> None:
    assert Accepted.of(Headers({"accept": accept})).streams is streams
