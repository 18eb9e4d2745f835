"""Exports of cases: whose they are, and when there is something to fetch."""

from typing import Any

import pytest

from kit.contract import ExportFormat, JobState
from kit.database import Database
from kit.ids import to_global
from kit.principal import Principal
from services.cases.models import CaseExport
from tests.support.cases import ALL, OWN, a_caller, a_colleague, answered, kept, the_account

EXPORT = """query ($id: ID!, $k: [_Any!]!) {
    caseExport(id: $id) { id format state rowCount url expiresAt }
    _entities(representations: $k) { ... on CaseExport { id } } }"""


def an_export(of: Principal, **values: Any) -> CaseExport:
    """Somebody asked for the cases of their account."""
    return CaseExport(
        requested_by_id=of.id,
        account_ids=[the_account(of)],
        principal=None,
        format=ExportFormat.CSV,
        **values,
    )


async def found(cases: Database, caller: Principal, export: CaseExport) -> Any:
    """The export by id and as an entity."""
    id = to_global("cexp", export.id)
    return await answered(cases, caller, EXPORT, id=id, k=[{"__typename": "CaseExport", "id": id}])


async def test_a_file_that_is_done_has_a_url(cases: Database) -> None:
    me = a_caller(*ALL)
    export = an_export(me, state=JobState.DONE, row_count=7)
    await kept(cases, export)

    data = await found(cases, me, export)

    id = to_global("cexp", export.id)
    url = data["caseExport"].pop("url")
    assert url.startswith(f"https://portal.example.com/files/cases/exports/{id}?")
    assert data["caseExport"] == {
        "id": id,
        "format": "CSV",
        "state": "DONE",
        "rowCount": 7,
        "expiresAt": None,
    }
    assert data["_entities"] == [{"id": id}]


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.DONE])
async def test_otherwise_there_is_nothing_to_fetch(cases: Database, state: JobState) -> None:
    me = a_caller(*ALL)
    export = an_export(me, state=state)
    await kept(cases, export)

    data = await found(cases, me, export)

    assert data["caseExport"]["url"] is None


async def test_an_export_is_its_requesters_for_as_long_as_they_may_export(
    cases: Database,
) -> None:
    me = a_caller(*ALL)
    export = an_export(me)
    await kept(cases, export)
    demoted = Principal(kind=me.kind, id=me.id, accounts={the_account(me): frozenset(OWN)})

    seen = [await found(cases, each, export) for each in (a_colleague(me, *ALL), demoted)]

    assert seen == [{"caseExport": None, "_entities": [None]}] * 2
