"""The folder of a portal."""

from pathlib import Path

import pytest

from portal.errors import PortalError
from portal.home import home_at


def test_only_its_owner_enters_it(tmp_path: Path) -> None:
    home = home_at(tmp_path / ".portal")

    home.prepare()

    assert home.folder.stat().st_mode & 0o777 == 0o700


def test_deleting_removes_everything_it_made(tmp_path: Path) -> None:
    home = home_at(tmp_path / ".portal")
    home.prepare()
    (home.mail / "one.eml").write_text("")
    home.postgres.mkdir()
    home.secrets.secret("signing")
    home.seeded.touch()

    home.delete()

    assert not home.folder.exists()


def test_deleting_spares_what_it_did_not_make(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    home.prepare()
    (tmp_path / "thesis.txt").write_text("irreplaceable")

    home.delete()

    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_deleting_twice_is_harmless(tmp_path: Path) -> None:
    home = home_at(tmp_path / ".portal")

    home.delete()

    assert not home.folder.exists()


def test_a_file_in_its_place_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".portal").write_text("")

    with pytest.raises(PortalError, match=r"\.portal cannot be used"):
        home_at(tmp_path / ".portal").prepare()
