"""The caller's own keys and exports."""

from uuid import UUID

import pytest

from kit.contract import ExportFormat, JobState, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.licensing.models import KeyExport
from tests.support.licensing import (
    ADMINISTRATOR,
    INDIVIDUAL,
    a_caller,
    a_key,
    answered,
    entity,
    global_id,
    kept,
)

MINE = "{ productKeys(view: MINE, first: 5) { totalCount nodes { id } } }"


async def test_the_viewer_finds_own_keys_in_all_accounts(licensing: Database) -> None:
    first, second, person = new_id(), new_id(), new_id()
    keys = [a_key(first, owner_id=person), a_key(second, assignee_id=person)]
    await kept(licensing, *keys, a_key(first))
    caller = Principal(
        kind=PrincipalKind.CUSTOMER,
        id=person,
        accounts={first: frozenset(ADMINISTRATOR), second: frozenset(INDIVIDUAL)},
    )

    found = await entity(licensing, caller, "Viewer", to_global("user", person), MINE)

    assert found["productKeys"]["totalCount"] == 2
    assert {node["id"] for node in found["productKeys"]["nodes"]} == set(map(global_id, keys))


@pytest.mark.parametrize(
    ("kind", "prefix", "found"),
    [
        (PrincipalKind.CUSTOMER, "user", True),
        (PrincipalKind.CUSTOMER, "cli", False),
        (PrincipalKind.MACHINE, "cli", True),
    ],
)
async def test_the_viewer_is_the_caller(
    licensing: Database, kind: PrincipalKind, prefix: str, found: bool
) -> None:
    caller = a_caller(*ADMINISTRATOR, account_id=new_id(), kind=kind)

    own = await entity(licensing, caller, "Viewer", to_global(prefix, caller.id), "{ id }")
    other = await entity(licensing, caller, "Viewer", to_global(prefix, new_id()), "{ id }")

    assert (own is not None, other) == (found, None)


def an_export(person: UUID, *account_ids: UUID) -> KeyExport:
    return KeyExport(
        requested_by_id=person,
        account_ids=list(account_ids),
        principal=None,
        format=ExportFormat.XLSX,
        state=JobState.DONE,
        row_count=7,
    )


async def test_an_export_is_its_requesters_own(licensing: Database) -> None:
    account, person = new_id(), new_id()
    export = an_export(person, account)
    await kept(licensing, export)
    document = "query ($id: ID!) { keyExport(id: $id) { id format state rowCount } }"
    requester = a_caller(*ADMINISTRATOR, account_id=account, id=person)
    colleague = a_caller(*ADMINISTRATOR, account_id=account)
    demoted = a_caller(*INDIVIDUAL, account_id=account, id=person)

    own = await answered(licensing, requester, document, id=global_id(export))

    assert own["keyExport"] == {
        "id": global_id(export),
        "format": "XLSX",
        "state": "DONE",
        "rowCount": 7,
    }
    for other in (colleague, demoted):
        data = await answered(licensing, other, document, id=global_id(export))
        assert data == {"keyExport": None}
        assert await entity(licensing, other, "KeyExport", global_id(export), "{ id }") is None
