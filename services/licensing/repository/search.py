"""Finding text that people typed."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def contains(wanted: str, *columns: Any) -> ColumnElement[bool]:
    """Rows where one of the columns holds the text, whatever its case; nothing is a wildcard."""
    escaped = wanted.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in columns))
