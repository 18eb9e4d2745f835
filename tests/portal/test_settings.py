"""What the operator may choose."""

import pytest

from portal.errors import PortalError
from portal.settings import Settings, read_settings


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "5000")

    assert read_settings(port=6000).port == 6000
    assert read_settings(port=None).port == 5000


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+asyncpg"])
def test_a_database_of_ones_own_is_known_by_its_service(scheme: str) -> None:
    settings = Settings(cases_database_url=f"{scheme}://elsewhere/cases")

    assert settings.database_urls == {"cases": "postgresql://elsewhere/cases"}


def test_a_wrong_value_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "sesame")

    with pytest.raises(PortalError, match=r"PORTAL_PORT: .*valid integer") as raised:
        read_settings()

    assert "sesame" not in str(raised.value)


def test_passwords_do_not_print() -> None:
    settings = Settings(redis_url="redis://:sesame@elsewhere")

    assert "sesame" not in repr(settings)
