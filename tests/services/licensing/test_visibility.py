"""Who sees which keys: lists, counts, look-ups and entities agree."""

from typing import Any
from uuid import UUID

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.licensing.key_codes import new_code, written
from services.licensing.models import KeyProduct, ProductKey
from tests.support.licensing import (
    ADMINISTRATOR,
    DOWNLOAD_ONLY,
    GROUP_MANAGER,
    INDIVIDUAL,
    PARTNER_AGENT,
    a_caller,
    a_group,
    a_key,
    a_manager,
    a_registration,
    a_stranger,
    an_activation,
    answered,
    ask,
    entity,
    global_id,
    in_days,
    kept,
    staff,
)

EVERYWHERE = """query ($id: ID!, $key: String!, $of: [_Any!]!) {
    productKeys { nodes { id } }
    productKey(id: $id) { id }
    typed: productKey(key: $key) { id }
    searched: productKeys(filter: {search: $key}) { totalCount nodes { id } }
    _entities(representations: $of) {
        ... on ProductKey { id }
        ... on Account { productKeys { totalCount nodes { id } } } } }"""


async def seen(
    database: Database, caller: Principal, account_id: UUID, key: ProductKey, code: str
) -> tuple[bool, ...]:
    """Whether each way of reading shows the key."""
    id, account = global_id(key), to_global("acc", account_id)
    of = [{"__typename": "ProductKey", "id": id}, {"__typename": "Account", "id": account}]
    data = await answered(database, caller, EVERYWHERE, id=id, key=code, of=of)
    found, of_account = data["_entities"]
    within = (of_account or {}).get("productKeys") or {"totalCount": 0, "nodes": []}
    return (
        {"id": id} in data["productKeys"]["nodes"],
        data["searched"]["totalCount"] > 0,
        data["productKey"] is not None,
        data["typed"] is not None,
        {"id": id} in data["searched"]["nodes"],
        found is not None,
        within["totalCount"] > 0,
        {"id": id} in within["nodes"],
    )


def own(account_id: UUID, *capabilities: Capability, id: UUID) -> Principal:
    return a_caller(*capabilities, account_id=account_id, id=id)


@pytest.mark.parametrize("role", [ADMINISTRATOR, PARTNER_AGENT], ids=["all", "partner"])
async def test_who_reads_all_keys_of_an_account_finds_them_everywhere(
    licensing: Database, role: tuple[Capability, ...]
) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code)
    await kept(licensing, key)

    found = await seen(licensing, a_caller(*role, account_id=account), account, key, code)

    assert all(found)


async def test_nobody_else_finds_them_anywhere(licensing: Database) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code)
    await kept(licensing, key)

    for caller in (
        a_stranger(),
        a_caller(*ADMINISTRATOR, account_id=new_id()),
        a_caller(*INDIVIDUAL, account_id=account),
        a_caller(*GROUP_MANAGER, account_id=account),
        staff(Capability.INVOICE_READ),
    ):
        assert not any(await seen(licensing, caller, account, key, code))


@pytest.mark.parametrize("column", ["owner_id", "assignee_id"])
@pytest.mark.parametrize("role", [INDIVIDUAL, DOWNLOAD_ONLY, GROUP_MANAGER])
async def test_owner_and_assignee_find_their_own_keys(
    licensing: Database, role: tuple[Capability, ...], column: str
) -> None:
    account, person, code = new_id(), new_id(), new_code(KeyProduct.DESKTOP)
    key = a_key(account, code, product=KeyProduct.DESKTOP, **{column: person})
    await kept(licensing, key)

    assert all(await seen(licensing, own(account, *role, id=person), account, key, code))


async def test_a_group_manager_finds_the_keys_of_managed_groups(licensing: Database) -> None:
    account, person, code = new_id(), new_id(), new_code(KeyProduct.CREATOR)
    mine, other = a_group(account, "Mine"), a_group(account, "Other")
    key, foreign = a_key(account, code, group_id=mine.id), a_key(account, group_id=other.id)
    await kept(licensing, mine, other, a_manager(mine, person), key, foreign)
    caller = own(account, *GROUP_MANAGER, id=person)

    data = await answered(licensing, caller, "{ productKeys { nodes { id } } }")

    assert data["productKeys"]["nodes"] == [{"id": global_id(key)}]
    assert all(await seen(licensing, caller, account, key, code))


async def test_a_key_moved_out_of_the_group_vanishes_at_once(licensing: Database) -> None:
    account, person, code = new_id(), new_id(), new_code(KeyProduct.CREATOR)
    mine = a_group(account)
    key = a_key(account, code, group_id=mine.id)
    await kept(licensing, mine, a_manager(mine, person), key)
    caller = own(account, *GROUP_MANAGER, id=person)
    before = await seen(licensing, caller, account, key, code)

    async with licensing.system() as session:
        (await session.get_one(ProductKey, key.id)).group_id = None

    assert all(before)
    assert not any(await seen(licensing, caller, account, key, code))


async def test_a_managed_group_counts_for_nothing_without_the_right_in_its_account(
    licensing: Database,
) -> None:
    account, person, code = new_id(), new_id(), new_code(KeyProduct.CREATOR)
    group = a_group(account)
    key = a_key(account, code, group_id=group.id)
    await kept(licensing, group, a_manager(group, person), key)

    caller = own(new_id(), *GROUP_MANAGER, id=person)

    assert not any(await seen(licensing, caller, account, key, code))


@pytest.mark.parametrize(("days", "shown"), [(0, True), (1, False)])
async def test_a_key_appears_on_its_day(licensing: Database, days: int, shown: bool) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code, starts_on=in_days(days + 15), visible_from=in_days(days))
    await kept(licensing, key)
    admin, desk = a_caller(*ADMINISTRATOR, account_id=account), staff(Capability.KEY_READ_ALL)

    for caller in (admin, desk):
        found = await seen(licensing, caller, account, key, code)
        assert (all(found), any(found)) == (shown, shown)


async def test_licensing_staff_see_a_key_before_it_appears(licensing: Database) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code, visible_from=in_days(1))
    await kept(licensing, key)

    desk = staff(Capability.KEY_READ_ALL, Capability.STAFF_LICENSE)

    assert all(await seen(licensing, desk, account, key, code))


async def test_a_person_with_roles_in_two_accounts_sees_the_union(licensing: Database) -> None:
    whole, part, person = new_id(), new_id(), new_id()
    keys = [a_key(whole), a_key(part), a_key(part, owner_id=person)]
    await kept(licensing, *keys)
    caller = Principal(
        kind=PrincipalKind.CUSTOMER,
        id=person,
        accounts={whole: frozenset(ADMINISTRATOR), part: frozenset(INDIVIDUAL)},
    )

    data = await answered(licensing, caller, "{ productKeys { nodes { id } } }")

    found = {node["id"] for node in data["productKeys"]["nodes"]}
    assert found == {global_id(keys[0]), global_id(keys[2])}


@pytest.mark.parametrize("typed", ["lower", "dashes", "spaces", "lookalikes"])
async def test_a_key_is_found_however_it_is_typed(licensing: Database, typed: str) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key = a_key(account, code)
    await kept(licensing, key)
    spellings = {
        "lower": code.lower(),
        "dashes": written(code),
        "spaces": f" {written(code).replace('-', ' ')} ",
        "lookalikes": code.replace("0", "O").replace("1", "l"),
    }

    data = await answered(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        "query ($key: String) { productKey(key: $key) { id } }",
        key=spellings[typed],
    )

    assert data == {"productKey": {"id": global_id(key)}}


async def test_with_id_and_characters_a_key_must_have_both(licensing: Database) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    key, other = a_key(account, code), a_key(account)
    await kept(licensing, key, other)

    data = await answered(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        """query ($this: ID, $other: ID, $key: String) {
            both: productKey(id: $this, key: $key) { id }
            differ: productKey(id: $other, key: $key) { id }
            neither: productKey { id } }""",
        this=global_id(key),
        other=global_id(other),
        key=code,
    )

    assert data == {"both": {"id": global_id(key)}, "differ": None, "neither": None}


@pytest.mark.parametrize("id", ["", "key_", "key_NOT", "acc_01J9Z3NDEKTSV4RRFFQ69G5FAV", "💥"])
async def test_an_id_that_names_nothing_is_none(licensing: Database, id: str) -> None:
    caller = a_caller(*ADMINISTRATOR, account_id=new_id())

    data = await answered(
        licensing,
        caller,
        "query ($id: ID!) { productKey(id: $id) { id } deployment(id: $id) { id } }",
        id=id,
    )

    assert data == {"productKey": None, "deployment": None}


HISTORY = """{ lastRegistration { name } registrations { totalCount } activations { totalCount }
    activationsUsed activationsAllowed }"""


async def test_history_takes_the_right_to_read_activations_in_the_keys_account(
    licensing: Database,
) -> None:
    account = new_id()
    key = a_key(account, activations_used=1)
    await kept(licensing, key, a_registration(key), an_activation(key))
    reader = a_caller(Capability.KEY_READ_ALL, Capability.ACTIVATION_READ, account_id=account)
    elsewhere = Principal(
        kind=PrincipalKind.CUSTOMER,
        id=new_id(),
        accounts={
            account: frozenset({Capability.KEY_READ_ALL}),
            new_id(): frozenset({Capability.ACTIVATION_READ}),
        },
    )

    async def history(caller: Principal) -> Any:
        return await entity(licensing, caller, "ProductKey", global_id(key), HISTORY)

    assert await history(reader) == {
        "lastRegistration": {"name": "Ada Byron"},
        "registrations": {"totalCount": 1},
        "activations": {"totalCount": 1},
        "activationsUsed": 1,
        "activationsAllowed": 2,
    }
    assert set((await history(elsewhere)).values()) == {None}


async def test_without_the_right_neither_search_nor_order_tells_of_registrations(
    licensing: Database,
) -> None:
    account = new_id()
    key, blank = a_key(account), a_key(account)
    registration = a_registration(key, "Grace Hopper")
    await kept(licensing, key, blank, registration)
    document = """{
        searched: productKeys(filter: {search: "hopper"}) { totalCount }
        filtered: productKeys(filter: {registeredTo: "grace"}) { totalCount }
        unregistered: productKeys(view: UNREGISTERED) { totalCount }
        ordered: productKeys(orderBy: {field: LAST_REGISTERED, direction: DESC}) {
            nodes { id } } }"""

    informed = await answered(licensing, a_caller(*ADMINISTRATOR, account_id=account), document)
    agent = await answered(licensing, a_caller(*PARTNER_AGENT, account_id=account), document)

    counts = [informed[name]["totalCount"] for name in ("searched", "filtered", "unregistered")]
    assert counts == [1, 1, 1]
    assert informed["ordered"]["nodes"][0] == {"id": global_id(key)}
    blind = [agent[name]["totalCount"] for name in ("searched", "filtered", "unregistered")]
    assert blind == [0, 0, 0]
    assert agent["ordered"]["nodes"][0] == {"id": global_id(blank)}


async def test_reference_data_are_for_those_who_may_read_them(licensing: Database) -> None:
    account, person = new_id(), new_id()
    key = a_key(account, owner_id=person, reference_label="Lab 7", reference_note="spare")
    await kept(licensing, key)
    document = """{ productKeys { nodes { reference { label costCentre note } } }
        found: productKeys(filter: {search: "lab 7"}) { totalCount } }"""

    allowed = await answered(licensing, own(account, *INDIVIDUAL, id=person), document)
    refused = await answered(licensing, own(account, *DOWNLOAD_ONLY, id=person), document)

    assert allowed == {
        "productKeys": {
            "nodes": [{"reference": {"label": "Lab 7", "costCentre": None, "note": "spare"}}]
        },
        "found": {"totalCount": 1},
    }
    assert refused == {
        "productKeys": {
            "nodes": [{"reference": {"label": None, "costCentre": None, "note": None}}]
        },
        "found": {"totalCount": 0},
    }


async def test_the_contract_is_for_those_who_read_more_than_their_own_keys(
    licensing: Database,
) -> None:
    account, person, contract = new_id(), new_id(), new_id()
    key = a_key(account, owner_id=person, contract_id=contract)
    await kept(licensing, key)
    document = "{ productKeys { nodes { contract { id } } } }"

    admin = await answered(licensing, a_caller(*ADMINISTRATOR, account_id=account), document)
    owner = await answered(licensing, own(account, *INDIVIDUAL, id=person), document)

    assert admin["productKeys"]["nodes"] == [{"contract": {"id": to_global("ctr", contract)}}]
    assert owner["productKeys"]["nodes"] == [{"contract": None}]


async def test_no_answer_holds_a_keys_characters(licensing: Database) -> None:
    account, code = new_id(), new_code(KeyProduct.CREATOR)
    await kept(licensing, a_key(account, code))

    result = await ask(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        """query ($search: String) { productKeys(filter: {search: $search}) {
            pageInfo { endCursor } nodes { maskedKey } } }""",
        {"search": code},
    )

    assert result.data is not None
    assert result.data["productKeys"]["nodes"] == [{"maskedKey": f"TC..-....-{code[-4:]}"}]
    assert code[2:-4] not in str(result.data)
