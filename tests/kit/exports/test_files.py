"""The three formats: what is put in is read back, nothing runs, and nothing is cut off."""

import csv
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd
from hypothesis import given
from hypothesis import strategies as st

from kit.contract import ExportFormat
from kit.exports.cells import Cell, Row, is_formula
from kit.exports.csv_file import CsvFile
from kit.exports.errors import CellTooLong, ExportRefused, TooManyRows
from kit.exports.files import Table, write_file
from kit.exports.xls_file import XlsFile

SHEETS = [ExportFormat.XLSX, ExportFormat.XLS]
FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "=cmd|'/c calc'!A1", " =1", '"=1', '" "@A1'),
    *("\tplain", "\rplain", "\nplain"),
]


async def rows_of(rows: Iterable[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


async def write(
    path: Path, format: ExportFormat, *rows: Row, locale: str = "en", title: str = "Keys"
) -> int:
    return await write_file(path, Table(title, ["A", "B"], rows_of(rows)), format, locale)


def read_csv(path: Path, delimiter: str = ",") -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))


def open_xlsx(path: Path) -> Any:
    return openpyxl.load_workbook(BytesIO(path.read_bytes())).worksheets[0]


def read_xlsx(path: Path) -> list[list[Any]]:
    sheet = open_xlsx(path)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def read_xls(path: Path) -> list[list[Any]]:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    return [sheet.row_values(number) for number in range(sheet.nrows)]


READERS: dict[ExportFormat, Callable[[Path], list[list[Any]]]] = {
    ExportFormat.CSV: read_csv,
    ExportFormat.XLSX: read_xlsx,
    ExportFormat.XLS: read_xls,
}


@pytest.mark.parametrize("format", ExportFormat)
async def test_what_is_written_is_read_back(tmp_path: Path, format: ExportFormat) -> None:
    path = tmp_path / "file"

    count = await write(path, format, ["é ☃ 😀", 'a;b,"c"\nd'], ["plain", "😀 after"])

    assert count == 2
    assert READERS[format](path) == [["A", "B"], ["é ☃ 😀", 'a;b,"c"\nd'], ["plain", "😀 after"]]


@pytest.mark.parametrize("format", ExportFormat)
async def test_a_list_without_rows_has_its_header(tmp_path: Path, format: ExportFormat) -> None:
    assert await write(tmp_path / "file", format) == 0
    assert READERS[format](tmp_path / "file") == [["A", "B"]]


@pytest.mark.parametrize("text", FORMULAS)
async def test_csv_disarms_what_a_spreadsheet_would_run(tmp_path: Path, text: str) -> None:
    await write(tmp_path / "file", ExportFormat.CSV, [text, -1])

    assert read_csv(tmp_path / "file")[1] == [f"'{text}", "-1"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Smith;=1+1", "Smith;'=1+1"),
        ("Smith,@SUM(A1)", "Smith,'@SUM(A1)"),
        ("Smith\n-1", "Smith\n'-1"),
        ('a;b";"=1', 'a;b";"\'=1'),
        ("\t=1", "'\t'=1"),
        ("up; down, and 3 - 1 = 2", "up; down, and 3 - 1 = 2"),
    ],
)
async def test_csv_disarms_what_would_begin_a_cell_of_its_own_with_other_separators(
    tmp_path: Path, text: str, written: str
) -> None:
    await write(tmp_path / "file", ExportFormat.CSV, [text, "end"])

    assert read_csv(tmp_path / "file")[1] == [written, "end"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@given(st.text(st.sampled_from("ab1;,\t\r\n\"' =+-@＝"), min_size=1, max_size=12))
def test_no_cell_is_a_formula_whatever_the_file_is_split_at(
    tmp_path_factory: pytest.TempPathFactory, separator: str, text: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "file"
    file = CsvFile(path, locale="en")
    file.write([[text, "end"]])
    file.close()

    written = path.read_bytes().decode("utf-8-sig")
    cells = [cell for line in written.splitlines() for cell in line.split(separator)]

    assert [cell for cell in cells if cell.lstrip('" ')[:1] in set("=+-@＝")] == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_in_csv_begins_like_a_formula(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "file"
    file = CsvFile(path, locale="en")
    file.write([[text, "end"]])
    file.close()

    ((written, _),) = read_csv(path)

    assert not is_formula(written)
    assert written.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", FORMULAS)
async def test_sheets_keep_such_text_as_text(tmp_path: Path, text: str) -> None:
    for format in SHEETS:
        await write(tmp_path / format, format, [text, "plain"])

    new = open_xlsx(tmp_path / "XLSX")["A2"]
    old = xlrd.open_workbook(tmp_path / "XLS").sheet_by_index(0).cell(1, 0)
    assert (new.data_type, new.quotePrefix) == ("s", True)
    assert (old.ctype, old.value) == (xlrd.XL_CELL_TEXT, text)


async def test_french_csv_is_what_french_spreadsheets_expect(tmp_path: Path) -> None:
    await write(
        tmp_path / "file", ExportFormat.CSV, [Decimal("1234.50"), date(2026, 11, 2)], locale="fr"
    )

    assert (tmp_path / "file").read_bytes() == b"\xef\xbb\xbfA;B\r\n1234,50;2026-11-02\r\n"


CELLS: list[tuple[Cell, str]] = [
    (None, ""),
    (0, "0"),
    (12_345_678_901, "12345678901"),
    (Decimal("10.00"), "10.00"),
    (Decimal("1E+3"), "1000"),
    (date(2026, 11, 2), "2026-11-02"),
    (datetime(2026, 11, 2, 1, 2, 3, 4, timezone(timedelta(hours=2))), "2026-11-01 23:02:03"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
async def test_csv_writes_plain_numbers_and_iso_dates(
    tmp_path: Path, cell: Cell, text: str
) -> None:
    await write(tmp_path / "file", ExportFormat.CSV, [cell, "end"])

    assert read_csv(tmp_path / "file")[1] == [text, "end"]


async def test_sheets_hold_numbers_and_dates(tmp_path: Path) -> None:
    row: Row = [Decimal("10.50"), date(2026, 11, 2), datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)]
    for format in SHEETS:
        await write(tmp_path / format, format, row)

    cells = open_xlsx(tmp_path / "XLSX")[2]
    book = xlrd.open_workbook(tmp_path / "XLS", formatting_info=True)
    old = book.sheet_by_index(0).row(1)

    assert [cell.value for cell in cells] == [
        10.5,
        datetime(2026, 11, 2),
        datetime(2026, 11, 2, 1, 2, 3),
    ]
    assert cells[0].number_format == "0.00"
    assert old[0].value == 10.5
    assert [xlrd.xldate_as_datetime(cell.value, book.datemode) for cell in old[1:]] == [
        datetime(2026, 11, 2),
        datetime(2026, 11, 2, 1, 2, 3),
    ]


@pytest.mark.parametrize("format", SHEETS)
@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1234_5678_9012_3456, "1234567890123456"),
        (Decimal("0.1234567890123456"), "0.1234567890123456"),
        (date(1789, 7, 14), "1789-07-14"),
    ],
)
async def test_what_a_sheet_cannot_hold_exactly_is_text(
    tmp_path: Path, format: ExportFormat, cell: Cell, text: str
) -> None:
    await write(tmp_path / "file", format, [cell, "end"])

    assert READERS[format](tmp_path / "file")[1] == [text, "end"]


async def test_xls_holds_65_536_rows_and_refuses_the_next(tmp_path: Path) -> None:
    rows: list[Row] = [["row", number] for number in range(65_535)]

    assert await write(tmp_path / "file", ExportFormat.XLS, *rows) == 65_535

    assert read_xls(tmp_path / "file")[-1] == ["row", 65_534]
    with pytest.raises(TooManyRows) as refusal:
        await write(tmp_path / "file", ExportFormat.XLS, *rows, ["one", "more"])
    assert (refusal.value.code, refusal.value.reason) == ("INVALID", "TOO_MANY_ROWS")


@pytest.mark.parametrize("format", SHEETS)
@pytest.mark.parametrize("character", ["é", "☃"])
async def test_a_cell_holds_what_it_can_and_refuses_more(
    tmp_path: Path, format: ExportFormat, character: str
) -> None:
    longest = character * 32_767

    await write(tmp_path / "file", format, [longest, "end"])

    assert READERS[format](tmp_path / "file")[1] == [longest, "end"]
    with pytest.raises(CellTooLong):
        await write(tmp_path / "file", format, [longest + character, "end"])


@pytest.mark.parametrize("format", SHEETS)
async def test_a_cell_is_measured_as_spreadsheets_count(
    tmp_path: Path, format: ExportFormat
) -> None:
    with pytest.raises(CellTooLong):
        await write(tmp_path / "file", format, ["😀" * 16_384, "end"])


async def test_csv_has_no_such_limits(tmp_path: Path) -> None:
    rows: list[Row] = [["x", number] for number in range(1_100_000)]

    assert await write(tmp_path / "file", ExportFormat.CSV, *rows, ["x" * 100_000, 1]) == 1_100_001


@pytest.mark.parametrize("format", SHEETS)
@pytest.mark.parametrize("title", ["", "[]:*?/\\'", "Clés : état/été [1]", "x" * 40])
async def test_any_title_makes_a_sheet(tmp_path: Path, format: ExportFormat, title: str) -> None:
    await write(tmp_path / "file", format, ["a", "b"], title=title)

    assert READERS[format](tmp_path / "file")[1] == ["a", "b"]


async def test_rows_that_fail_fail_the_file(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[Row]:
        yield ["a", "b"]
        raise LookupError

    with pytest.raises(LookupError):
        await write_file(
            tmp_path / "file", Table("Keys", ["A", "B"], broken()), ExportFormat.XLSX, "en"
        )


async def test_memory_does_not_grow_with_an_xlsx_file(tmp_path: Path) -> None:
    async def peak(count: int) -> int:
        async def rows() -> AsyncIterator[Row]:
            for number in range(count):
                yield [f"row {number}", number]

        tracemalloc.start()
        table = Table("Keys", ["A", "B"], rows())
        await write_file(tmp_path / "file", table, ExportFormat.XLSX, "en")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small, large = await peak(3_000), await peak(30_000)

    assert large < 2 * small


def test_a_refusal_names_what_to_change() -> None:
    refusal: ExportRefused = TooManyRows(ExportFormat.XLS, 65_535)

    assert refusal.path == ("format",)
    assert "65535" in str(refusal)


def test_xls_packs_its_rows_as_it_goes(tmp_path: Path) -> None:
    file = XlsFile(tmp_path / "file", title="Keys")
    file.write([["row", number] for number in range(2_500)])

    file.close()

    assert read_xls(tmp_path / "file")[1_234] == ["row", 1_234]
