"""Databases brought up to date by processes of their own; here by stand-ins."""

import os
from pathlib import Path

import pytest

from portal.errors import PortalError
from portal.migration import migrate

STAND_IN = """
import os, pathlib, sys
name = sys.argv[1]
pathlib.Path(f"{name}.done").write_text(os.environ["WHO"])
if name == "cases":
    sys.exit("column cases.mood does not exist")
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "__init__.py").touch()
    (tmp_path / "kit" / "migrations.py").write_text(STAND_IN)
    return tmp_path


def test_each_service_migrates_in_its_own_environment(code: Path) -> None:
    migrate({"identity": {"WHO": "i"}, "billing": {"WHO": "b"}}, folder=code)

    assert (code / "identity.done").read_text() == "i"
    assert (code / "billing.done").read_text() == "b"


def test_a_failure_is_reported_with_its_reason_once_all_have_ended(code: Path) -> None:
    environment = {"PATH": os.defpath, "WHO": "anyone"}

    with pytest.raises(PortalError, match=r"cases database could not.*\n.*cases\.mood"):
        migrate({"cases": environment, "billing": environment}, folder=code)

    assert (code / "billing.done").exists()
