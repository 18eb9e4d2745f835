"""Exports in the background, as clients see them."""

from datetime import datetime

import strawberry

from kit.contract import ExportFormat, JobState
from kit.exports.errors import ExportFailure
from kit.subgraph.node import Node
from kit.subgraph.scalars import URL


@strawberry.interface
class ExportJob(Node):
    """An export in the background; `url` is signed, short-lived and bound to the caller."""

    format: ExportFormat
    state: JobState
    row_count: int | None
    url: URL | None
    expires_at: datetime | None
    failure: ExportFailure | None = None
