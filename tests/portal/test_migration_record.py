"""Migrations that need not be asked for again."""

from pathlib import Path

import pytest

from portal.migration_record import MigrationRecord


@pytest.fixture
def record(tmp_path: Path) -> MigrationRecord:
    for name in ("cases", "billing"):
        folder = tmp_path / "services" / name / "migrations" / "versions"
        folder.mkdir(parents=True)
        (folder / "0001.py").write_text("first")
    return MigrationRecord(tmp_path / "migrations.json", code=tmp_path)


def test_at_first_everything_is_pending(record: MigrationRecord) -> None:
    assert record.pending(["cases", "billing"]) == ["cases", "billing"]


def test_what_is_noted_is_not_pending(record: MigrationRecord) -> None:
    record.note(["cases"])
    record.note(["billing"])

    assert record.pending(["cases", "billing"]) == []


def test_a_new_revision_is_pending_for_its_service_alone(record: MigrationRecord) -> None:
    record.note(["cases", "billing"])
    versions = record.code / "services" / "cases" / "migrations" / "versions"

    (versions / "0002.py").write_text("second")

    assert record.pending(["cases", "billing"]) == ["cases"]


def test_a_changed_revision_is_pending(record: MigrationRecord) -> None:
    record.note(["cases"])
    versions = record.code / "services" / "cases" / "migrations" / "versions"

    (versions / "0001.py").write_text("first, mended")

    assert record.pending(["cases"]) == ["cases"]


@pytest.mark.parametrize("content", ["", "[]", '{"cases": 1}'])
def test_an_unreadable_record_counts_for_nothing(record: MigrationRecord, content: str) -> None:
    record.path.write_text(content)

    assert record.pending(["cases"]) == ["cases"]


def test_a_forgotten_record_counts_for_nothing(record: MigrationRecord) -> None:
    record.note(["cases"])

    record.forget()

    assert record.pending(["cases"]) == ["cases"]
