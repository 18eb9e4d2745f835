"""What forms of answers a client accepts (GraphQL over HTTP, 6; RFC 9110, 12.5.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from starlette.datastructures import Headers

from gateway.edge import answers

EVENT_STREAM: Final = "text/event-stream"
MULTIPART: Final = "multipart/mixed"


class DeferSpec(StrEnum):
    """How parts that are delivered later are written."""

    #: https://github.com/graphql/graphql-spec/tree/48cf7263a71a683fab03d45d309fd42d8d9a6659
    DEFER_2022 = "20220824"
    #: https://specs.apollo.dev/incremental/v0.2/
    INCREMENTAL = "v0.2"


@dataclass(frozen=True, slots=True)
class Accepted:
    """`single` is the media type of one answer; None where only streams are accepted.

    `deferred` says how a multipart answer tells what comes later, `deferred_events` how events do.
    """

    single: str | None
    events: bool
    multipart_events: bool
    deferred: DeferSpec | None
    deferred_events: DeferSpec | None

    @property
    def streams(self) -> bool:
        """Whether any answer may come in several pieces."""
        return self.events or self.multipart_events or self.deferred is not None

    @classmethod
    def of(cls, headers: Headers) -> "Accepted":
        """From a request's headers; without the header anything is accepted."""
        ranges = list(_ranges(headers.get("accept") or "*/*"))
        events = [each for each in ranges if each.type == EVENT_STREAM]
        multipart = [each for each in ranges if each.type == MULTIPART]
        return cls(
            single=answers.media_type(headers),
            events=bool(events),
            multipart_events=any("subscriptionspec" in each.parameters for each in multipart),
            deferred=next(filter(None, map(_of_multipart, multipart)), None),
            deferred_events=next(filter(None, map(_spec, events)), None),
        )


class _Range(NamedTuple):
    type: str
    parameters: Mapping[str, str]


def _ranges(accept: str) -> Iterator[_Range]:
    for entry in accept.split(","):
        type, *parameters = (part.strip() for part in entry.split(";"))
        pairs = (part.partition("=") for part in parameters)
        yield _Range(
            type.lower(),
            {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs},
        )


def _spec(range: _Range) -> DeferSpec | None:
    if range.parameters.get("deferspec") == DeferSpec.DEFER_2022:
        return DeferSpec.DEFER_2022
    if range.parameters.get("incrementalspec") == DeferSpec.INCREMENTAL:
        return DeferSpec.INCREMENTAL
    return None


def _of_multipart(range: _Range) -> DeferSpec | None:
    """Clients that name no specification are from before there were two."""
    is_named = any(name.endswith("spec") for name in range.parameters)
    return _spec(range) if is_named else DeferSpec.DEFER_2022
