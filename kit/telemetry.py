"""Logs, traces and metrics of one process.

Logs are one JSON object a line. Traces go to the OTLP endpoint that `OTEL_EXPORTER_OTLP_ENDPOINT`
names, and nowhere without it. Spans stand for operations, never for single fields.
"""

import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from prometheus_client import Counter, Histogram

_PLAIN_ATTRIBUTES: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "color_message"}

#: Seconds a GraphQL request took, by kind of operation and outcome: bounded labels only.
REQUESTS: Final = Histogram(
    "graphql_request_duration_seconds",
    "Time to answer a GraphQL request.",
    labelnames=("service", "outcome"),
)
REFUSED_SIGNATURES: Final = Counter(
    "refused_signatures_total", "Requests not signed by the gateway.", labelnames=("service",)
)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, event and the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        fields.update(
            (name, value) for name, value in vars(record).items() if name not in _PLAIN_ATTRIBUTES
        )
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(fields, default=str).decode()


def configure(service: str, log_level: str) -> None:
    """Set up logging and, where an OTLP endpoint is named, tracing. Once, at start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=log_level.upper(), handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        _export_traces(service)


def _export_traces(service: str) -> None:
    # Imported late: it is a tenth of every process's start, and few of them export anything.
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
