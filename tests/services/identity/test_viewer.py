"""The caller: person, memberships, accounts, sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.contract import Capability
from kit.database import Database
from kit.principal import Principal
from services.identity.models import AccountStatus, MembershipState, Role
from tests.support.clients import a_managed_client
from tests.support.identity import (
    a_member,
    a_session,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    loaded,
    signed_in,
    statements,
)


async def me(identity: Database, caller: Principal, id: str, selection: str) -> Any:
    """The viewer as the gateway asks for it."""
    document = f"""query ($r: [_Any!]!) {{ _entities(representations: $r) {{
        ... on Viewer {{ {selection} }} }} }}"""
    data = await answered(identity, caller, document, r=[{"__typename": "Viewer", "id": id}])
    return data["_entities"][0]


async def test_only_the_callers_own_id_is_a_viewer(identity: Database) -> None:
    person, other = a_user(), a_user()
    await kept(identity, person, other)
    caller = await signed_in(identity, person)

    assert await me(identity, caller, global_id(person), "id") == {"id": global_id(person)}
    assert await me(identity, caller, global_id(other), "id") is None


async def test_memberships_are_those_that_still_mean_something(identity: Database) -> None:
    person, account, former, closed = a_user(), an_account(), an_account(), an_account()
    closed.status = AccountStatus.CLOSED
    await kept(
        identity,
        *(person, account, former, closed, a_member(account, person, Role.BILLING)),
        a_member(former, person, state=MembershipState.REMOVED),
        a_member(closed, person, Role.ADMINISTRATOR),
    )

    found = await me(
        identity,
        await signed_in(identity, person),
        global_id(person),
        "memberships { role account { number } user { name } }",
    )

    assert found["memberships"] == [
        {"role": "BILLING", "account": {"number": account.number}, "user": {"name": "Ada Byron"}}
    ]


async def test_somebody_without_an_account_has_an_empty_home(identity: Database) -> None:
    person = a_user()
    await kept(identity, person)

    found = await me(
        identity,
        await signed_in(identity, person),
        global_id(person),
        "user { name } memberships { id } accounts { totalCount nodes { id } }",
    )

    assert found == {
        "user": {"name": "Ada Byron"},
        "memberships": [],
        "accounts": {"totalCount": 0, "nodes": []},
    }


async def test_a_machine_client_is_no_person(identity: Database) -> None:
    managed = await a_managed_client(identity, Capability.ACCOUNT_READ)

    found = await me(
        identity,
        await signed_in(identity, managed.client),
        global_id(managed.client),
        "user { name } memberships { id } accounts { nodes { number } } sessions { id }",
    )

    assert found == {
        "user": None,
        "memberships": [],
        "accounts": {"nodes": [{"number": managed.account.number}]},
        "sessions": [],
    }


async def test_sessions_are_ones_own_that_go_on(identity: Database) -> None:
    person, other = a_user(), a_user()
    await kept(identity, person, other)
    now = datetime.now(UTC)
    current = await a_session(identity, person, user_agent="Browser")
    await a_session(identity, person, last_seen_at=now - timedelta(hours=1))
    await a_session(identity, person, ended_at=now)
    await a_session(identity, person, expires_at=now)
    await a_session(identity, other)
    caller = await loaded(identity, current.id)
    assert caller is not None

    found = await me(identity, caller, global_id(person), "sessions { id userAgent current }")

    assert [each["current"] for each in found["sessions"]] == [True, False]
    assert found["sessions"][0] == {
        "id": global_id(current),
        "userAgent": "Browser",
        "current": True,
    }


async def test_ten_accounts_with_their_lists_take_one_statement_for_each_kind_of_list(
    identity: Database,
) -> None:
    person = a_user()
    await kept(identity, person)
    for _ in range(10):
        account, colleague = an_account(), a_user()
        await kept(
            identity,
            *(account, colleague, a_member(account, person, Role.ADMINISTRATOR)),
            a_member(account, colleague),
        )
    caller = await signed_in(identity, person)

    with statements(identity) as seen:
        found = await me(
            identity,
            caller,
            global_id(person),
            """accounts { totalCount nodes { name
                members { totalCount nodes { user { name email } } }
                invitations { nodes { email } } partners { until } auditLog { totalCount } } }""",
        )

    lists = [account["members"] for account in found["accounts"]["nodes"]]
    assert [members["totalCount"] for members in lists] == [2] * 10
    # accounts and their count; members and their counts, people, shared accounts; invitations;
    # partners; audit log and its counts
    assert len(seen) == 10, seen
