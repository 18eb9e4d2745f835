"""Secrets made once and kept."""

from pathlib import Path

import pytest

from portal.errors import PortalError
from portal.secret_file import SecretFile


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = SecretFile(tmp_path / "secrets.json").secret("signing")

    again = SecretFile(tmp_path / "secrets.json").secret("signing")

    assert again == first
    assert len(bytes.fromhex(first)) == 32


def test_each_name_has_a_secret_of_its_own(tmp_path: Path) -> None:
    file = SecretFile(tmp_path / "secrets.json")

    assert file.secret("one") != file.secret("two")


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    file = SecretFile(tmp_path / "secrets.json")

    file.secret("signing")

    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("content", ["{", "[]", '{"signing": 1}'])
def test_a_damaged_file_is_never_replaced_by_new_secrets(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)

    with pytest.raises(PortalError, match=r"secrets\.json"):
        SecretFile(path).secret("signing")

    assert path.read_text() == content
