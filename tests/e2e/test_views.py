"""What the vendor's own people work with is no part of the schema for others."""

import pytest

from tests.support.running_portal import Client

pytestmark = pytest.mark.e2e

INTERNAL = '{ account(number: "A100000") { administratorRestorations { reason } } }'


async def test_customers_cannot_tell_what_is_internal_from_what_is_not_there(
    client: Client,
) -> None:
    await client.signed_in("administrator")

    internal = await client.ask(INTERNAL)
    unknown = await client.ask(INTERNAL.replace("Restorations", "Resignations"))

    assert internal["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert (
        internal["errors"][0]["message"].replace("Restorations", "Resignations")
        == (unknown["errors"][0]["message"])
    )
    types = await client.ask("{ __schema { types { name } } }")
    assert not [t for t in types["data"]["__schema"]["types"] if "Restor" in t["name"]]


async def test_staff_are_shown_it_and_told_what_they_may_not_read(client: Client) -> None:
    await client.signed_in("support")

    answer = await client.ask(INTERNAL)

    assert answer["data"]["account"] == {"administratorRestorations": None}
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN_FIELD"]
