"""What happens at the edges of the portal: requests behind the gateway's back, a service down."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import ClientSession

from portal.settings import SERVICES
from tests.support.running_portal import Client, RunningPortal

pytestmark = pytest.mark.e2e

OVERVIEW = """{ me { user { name } productKeys(first: 1) { totalCount } }
  accounts(first: 2) { nodes { name balances { currency } cases(first: 1) { totalCount } } } }"""


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "query",
    [
        "{ _service { sdl } }",
        '{ _entities(representations: [{__typename: "Account", id: "x"}]) { __typename } }',
        "{ __typename }",
    ],
)
async def test_a_service_answers_nobody_but_the_gateway(
    portal: RunningPortal, service: str, query: str
) -> None:
    url = f"{portal.services[service]}/graphql"
    async with ClientSession() as session, session.post(url, json={"query": query}) as response:
        answer = await response.json()

    assert response.status == 401
    assert "data" not in answer


async def test_a_stopped_service_costs_its_own_fields_with_one_error_each(
    portal: RunningPortal, client: Client
) -> None:
    person = await client.signed_in("administrator")
    before = await person.ask(OVERVIEW)

    with stopped(portal, "billing"):
        during = await person.ask(OVERVIEW)

    assert "errors" not in before
    for account in before["data"]["accounts"]["nodes"]:
        account["balances"] = None
    assert during["data"] == before["data"]
    assert [
        (each["path"], each["extensions"]["code"], each["extensions"]["service"])
        for each in during["errors"]
    ] == [(["accounts", "nodes", at, "balances"], "SUBGRAPH_TIMEOUT", "billing") for at in (0, 1)]


@contextmanager
def stopped(portal: RunningPortal, service: str) -> Iterator[None]:
    """The service hangs: it neither answers nor closes its connections."""
    pid = portal.service_process(service)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
