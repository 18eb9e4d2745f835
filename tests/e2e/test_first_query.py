"""What a newcomer tries first."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.banner import FIRST_QUERY
from portal.settings import CODE
from tests.support.running_portal import Client

pytestmark = pytest.mark.e2e


async def test_the_first_query_joins_all_four_services(client: Client) -> None:
    answer = await (await client.signed_in("administrator")).ask(FIRST_QUERY)

    assert "errors" not in answer
    assert None not in leaves(answer["data"])


def test_the_readme_asks_what_the_banner_asks() -> None:
    readme = Path(CODE / "README.md").read_text(encoding="utf-8")

    assert json.dumps({"query": FIRST_QUERY}) in readme


def leaves(value: Any) -> list[Any]:
    match value:
        case dict():
            return [leaf for each in value.values() for leaf in leaves(each)]
        case list():
            return [leaf for each in value for leaf in leaves(each)]
        case _:
            return [value]
