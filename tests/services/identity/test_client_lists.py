"""Who sees machine clients."""

from kit.contract import Capability
from kit.database import Database
from services.identity.models import (
    Role,
)
from tests.support.client_mutations import a_caller, created, wanted
from tests.support.clients import a_managed_client
from tests.support.identity import (
    answered,
    global_id,
    signed_in,
)

LIST = """query ($id: ID!) { account(id: $id) {
  apiClients(first: 2) { totalCount nodes { name } pageInfo { hasNextPage } } } }"""
ONE = "query ($id: ID!) { apiClient(id: $id) { name } }"

KEYS = Capability.KEY_READ_ALL


async def test_administrators_list_their_clients_latest_first(identity: Database) -> None:
    account, caller = await a_caller(identity)
    for name in ("First", "Second", "Third"):
        await created(identity, caller, wanted(account, KEYS, name=name))

    found = await answered(identity, caller, LIST, id=global_id(account))

    assert found["account"]["apiClients"] == {
        "totalCount": 3,
        "nodes": [{"name": "Third"}, {"name": "Second"}],
        "pageInfo": {"hasNextPage": True},
    }


async def test_other_members_see_neither_the_list_nor_a_client(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS, role=Role.LICENSE_ADMINISTRATOR)
    caller = await signed_in(identity, managed.creator)

    listed = await answered(identity, caller, LIST, id=global_id(managed.account))
    one = await answered(identity, caller, ONE, id=global_id(managed.client))

    assert listed == {"account": {"apiClients": None}}
    assert one == {"apiClient": None}
