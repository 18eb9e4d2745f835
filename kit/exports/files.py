"""Rows become a file, in any of the formats, without holding up the event loop."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from kit.contract import ExportFormat
from kit.exports.cells import Row
from kit.exports.csv_file import CsvFile
from kit.exports.xls_file import XlsFile
from kit.exports.xlsx_file import XlsxFile

_AT_ONCE: Final = 500

CONTENT_TYPES: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.XLS: "application/vnd.ms-excel",
}

T = TypeVar("T")


class File(Protocol):
    """A file that rows are appended to. Its methods block."""

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows. Raises `ExportRefused`."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """What a file consists of. Rows are as long as `columns`."""

    title: str
    columns: Sequence[str]
    rows: AsyncIterable[Row]


async def write_file(path: Path, table: Table, format: ExportFormat, locale: str) -> int:
    """Write the table to `path`; the number of its rows, the header not counted.

    Raises `ExportRefused` and whatever the rows raise.
    """
    count = 0
    file = await asyncio.to_thread(_open, path, table.title, format, locale)
    try:
        await asyncio.to_thread(file.write, [table.columns])
        async for rows in _batches(table.rows):
            await asyncio.to_thread(file.write, rows)
            count += len(rows)
    finally:
        await asyncio.to_thread(file.close)
    return count


def _open(path: Path, title: str, format: ExportFormat, locale: str) -> File:
    match format:
        case ExportFormat.CSV:
            return CsvFile(path, locale=locale)
        case ExportFormat.XLSX:
            return XlsxFile(path, title=title)
        case ExportFormat.XLS:
            return XlsFile(path, title=title)


async def _batches(items: AsyncIterable[T]) -> AsyncIterator[list[T]]:
    batch: list[T] = []
    async for item in items:
        batch.append(item)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
