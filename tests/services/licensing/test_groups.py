"""Key groups, their managers, and what members manage."""

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from tests.support.licensing import (
    ADMINISTRATOR,
    GROUP_MANAGER,
    INDIVIDUAL,
    a_caller,
    a_group,
    a_key,
    a_manager,
    answered,
    entity,
    global_id,
    kept,
    statements,
)

OF_ACCOUNT = """{ keyGroups { totalCount nodes {
    name version keys { totalCount } managers { id } } } }"""


async def test_an_administrator_sees_all_groups_with_their_managers(licensing: Database) -> None:
    account = new_id()
    first, second = a_group(account, "Finance"), a_group(account, "Ventes")
    manager = a_manager(first, new_id())
    await kept(licensing, first, second, manager, a_key(account, group_id=first.id))
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    found = await entity(licensing, caller, "Account", to_global("acc", account), OF_ACCOUNT)

    assert found["keyGroups"] == {
        "totalCount": 2,
        "nodes": [
            {
                "name": "Finance",
                "version": 1,
                "keys": {"totalCount": 1},
                "managers": [{"id": to_global("mem", manager.membership_id)}],
            },
            {"name": "Ventes", "version": 1, "keys": {"totalCount": 0}, "managers": []},
        ],
    }


async def test_a_manager_sees_own_groups_and_knows_no_other_manager(licensing: Database) -> None:
    account, person = new_id(), new_id()
    mine, other = a_group(account, "Mine"), a_group(account, "Other")
    me, colleague = a_manager(mine, person), a_manager(mine, new_id())
    await kept(licensing, mine, other, me, colleague)
    caller = a_caller(*GROUP_MANAGER, account_id=account, id=person)

    found = await entity(licensing, caller, "Account", to_global("acc", account), OF_ACCOUNT)
    foreign = await entity(licensing, caller, "KeyGroup", global_id(other), "{ name }")

    [group] = found["keyGroups"]["nodes"]
    assert group["name"] == "Mine"
    assert group["managers"] == [{"id": to_global("mem", me.membership_id)}]
    assert found["keyGroups"]["totalCount"] == 1
    assert foreign is None


async def test_groups_are_not_for_those_who_read_only_their_own_keys(licensing: Database) -> None:
    account, person = new_id(), new_id()
    group = a_group(account)
    await kept(licensing, group, a_key(account, group_id=group.id, owner_id=person))
    caller = a_caller(*INDIVIDUAL, account_id=account, id=person)

    found = await entity(
        licensing,
        caller,
        "Account",
        to_global("acc", account),
        "{ keyGroups { totalCount } productKeys { nodes { group { name } } } }",
    )

    assert found == {"keyGroups": None, "productKeys": {"nodes": [{"group": None}]}}


async def test_members_are_shown_with_the_groups_they_manage(licensing: Database) -> None:
    account = new_id()
    groups = [a_group(account, name) for name in ("Ventes", "Finance", "Unmanaged")]
    managers = [a_manager(groups[0], new_id()), a_manager(groups[1], new_id())]
    await kept(licensing, *groups, *managers)
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    document = """query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on Membership { keyGroups { name } } } }"""
    ids = [managers[0].membership_id, new_id(), managers[1].membership_id]

    with statements(licensing) as seen:
        data = await answered(
            licensing,
            caller,
            document,
            of=[{"__typename": "Membership", "id": to_global("mem", id)} for id in ids],
        )

    assert data["_entities"] == [
        {"keyGroups": [{"name": "Ventes"}]},
        {"keyGroups": []},
        {"keyGroups": [{"name": "Finance"}]},
    ]
    assert len(seen) == 1


async def test_what_a_member_manages_elsewhere_is_not_shown(licensing: Database) -> None:
    group = a_group(new_id())
    manager = a_manager(group, new_id())
    await kept(licensing, group, manager)
    caller = a_caller(Capability.KEY_READ_ALL, Capability.MEMBER_READ, account_id=new_id())

    found = await entity(
        licensing,
        caller,
        "Membership",
        to_global("mem", manager.membership_id),
        "{ keyGroups { name } }",
    )

    assert found == {"keyGroups": []}
