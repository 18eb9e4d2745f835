"""What a session's holder may do: memberships, partner relations, desks, machine clients."""

from datetime import UTC, datetime, time, timedelta

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id
from services.identity.capabilities import AT_CUSTOMERS, DESKS, ROLES
from services.identity.models import (
    AccountKind,
    AccountStatus,
    Desk,
    MembershipState,
    Role,
    UserState,
)
from tests.support.clients import a_managed_client
from tests.support.identity import (
    a_client,
    a_member,
    a_relation,
    a_session,
    a_user,
    an_account,
    kept,
    loaded,
    signed_in,
    staff,
)

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


async def test_a_person_has_in_each_account_the_rights_of_their_role_there(
    identity: Database,
) -> None:
    person, one, other = a_user(locale="fr"), an_account(), an_account()
    await kept(
        identity,
        *(person, one, other),
        a_member(one, person, Role.ADMINISTRATOR),
        a_member(other, person, Role.SUPPORT_ONLY, case_administrator=True),
    )

    principal = await signed_in(identity, person)

    assert principal.kind is PrincipalKind.CUSTOMER
    assert principal.locale == "fr"
    assert principal.accounts == {
        one.id: ROLES[Role.ADMINISTRATOR],
        other.id: ROLES[Role.SUPPORT_ONLY] | {Capability.CASE_READ_ALL},
    }


async def test_a_person_without_an_account_may_sign_in_and_do_nothing(identity: Database) -> None:
    person = a_user()
    await kept(identity, person)

    principal = await signed_in(identity, person)

    assert principal.scopes == frozenset()


@pytest.mark.parametrize("state", [MembershipState.SUSPENDED, MembershipState.REMOVED])
async def test_a_membership_that_is_not_active_grants_nothing(
    identity: Database, state: MembershipState
) -> None:
    person, account = a_user(), an_account()
    await kept(identity, person, account, a_member(account, person, state=state))

    principal = await signed_in(identity, person)

    assert principal.accounts == {}


async def test_in_a_suspended_account_one_reads_and_pays(identity: Database) -> None:
    person, account = a_user(), an_account(status=AccountStatus.SUSPENDED)
    await kept(identity, person, account, a_member(account, person, Role.ADMINISTRATOR))

    held = (await signed_in(identity, person)).accounts[account.id]

    assert {Capability.INVOICE_PAY, Capability.ACCOUNT_READ, Capability.AUDIT_READ} <= held
    assert not held & {
        Capability.CASE_CREATE,
        Capability.MEMBER_MANAGE,
        Capability.KEY_REVEAL,
        Capability.DOWNLOAD,
    }


async def test_a_closed_account_is_as_if_it_were_not(identity: Database) -> None:
    person, account = a_user(), an_account(status=AccountStatus.CLOSED)
    await kept(identity, person, account, a_member(account, person, Role.ADMINISTRATOR))

    principal = await signed_in(identity, person)

    assert account.id not in principal.accounts


async def test_a_partners_people_reach_its_customers_within_the_relations_scope(
    identity: Database,
) -> None:
    manager, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account()
    scope = [Capability.ACCOUNT_READ, Capability.CASE_READ_ALL, Capability.INVOICE_PAY]
    await kept(
        identity,
        *(manager, partner, customer),
        a_member(partner, manager, Role.PARTNER_MANAGER),
        a_relation(customer, partner, scope=scope),
    )

    principal = await signed_in(identity, manager)

    assert principal.kind is PrincipalKind.PARTNER
    assert principal.accounts == {
        partner.id: ROLES[Role.PARTNER_MANAGER],
        customer.id: {Capability.ACCOUNT_READ, Capability.CASE_READ_ALL},
    }


async def test_an_agent_of_the_partner_has_less_than_its_manager(identity: Database) -> None:
    agent, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account()
    await kept(
        identity,
        *(agent, partner, customer),
        a_member(partner, agent, Role.PARTNER_AGENT),
        a_relation(customer, partner),
    )

    principal = await signed_in(identity, agent)

    assert principal.accounts[customer.id] == AT_CUSTOMERS[Role.PARTNER_AGENT]


@pytest.mark.parametrize(("since", "until"), [(TODAY + DAY, None), (TODAY - 9 * DAY, TODAY - DAY)])
async def test_a_relation_grants_nothing_outside_its_dates(
    identity: Database, since: datetime, until: datetime | None
) -> None:
    manager, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account()
    await kept(
        identity,
        *(manager, partner, customer),
        a_member(partner, manager, Role.PARTNER_MANAGER),
        a_relation(customer, partner, since=since, until=until),
    )

    principal = await signed_in(identity, manager)

    assert customer.id not in principal.accounts


@pytest.mark.parametrize(
    ("since", "until", "turn"),
    [(TODAY - DAY, TODAY, TODAY + DAY), (TODAY + DAY, None, TODAY + DAY)],
)
async def test_a_principal_is_good_until_a_relation_begins_or_ends(
    identity: Database, since: datetime, until: datetime | None, turn: datetime
) -> None:
    manager, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account()
    await kept(
        identity,
        *(manager, partner, customer),
        a_member(partner, manager, Role.PARTNER_MANAGER),
        a_relation(customer, partner, since=since, until=until),
    )
    session = await a_session(identity, manager, expires_at=datetime.now(UTC) + 9 * DAY)

    principal = await loaded(identity, session.id)

    assert principal is not None
    assert principal.valid_until == datetime.combine(turn, time(), UTC)


async def test_a_suspended_partner_can_only_read_at_its_customers(identity: Database) -> None:
    manager, customer = a_user(), an_account()
    partner = an_account(kind=AccountKind.PARTNER, status=AccountStatus.SUSPENDED)
    await kept(
        identity,
        *(manager, partner, customer),
        a_member(partner, manager, Role.PARTNER_MANAGER),
        a_relation(customer, partner),
    )

    held = (await signed_in(identity, manager)).accounts[customer.id]

    assert Capability.CASE_READ_ALL in held
    assert Capability.CASE_CREATE not in held


async def test_staff_have_the_rights_and_queues_of_all_their_desks(identity: Database) -> None:
    person = a_user()
    await kept(identity, person, staff(person, Desk.SUPPORT), staff(person, Desk.FINANCE))

    principal = await signed_in(identity, person)

    assert principal.kind is PrincipalKind.STAFF
    assert principal.everywhere == DESKS[Desk.SUPPORT] | DESKS[Desk.FINANCE]
    assert principal.queues == {"TECHNICAL_SUPPORT"}


async def test_a_machine_client_has_its_scopes_in_its_account(identity: Database) -> None:
    managed = await a_managed_client(identity, Capability.KEY_READ_ALL)

    principal = await signed_in(identity, managed.client)

    assert principal.kind is PrincipalKind.MACHINE
    assert principal.accounts == {managed.account.id: {Capability.KEY_READ_ALL}}
    assert principal.everywhere == frozenset()


async def test_a_dashboard_has_numbers_of_all_accounts_and_rows_of_none(
    identity: Database,
) -> None:
    client = a_client(None, Capability.AGGREGATE_READ, Capability.KEY_READ_ALL)
    await kept(identity, client)

    principal = await signed_in(identity, client)

    assert principal.everywhere == {Capability.AGGREGATE_READ}
    assert principal.accounts == {}


@pytest.mark.parametrize(
    "dead", [{"ended_at": datetime.now(UTC)}, {"expires_at": datetime.now(UTC) - DAY}]
)
async def test_a_session_that_is_over_has_no_principal(
    identity: Database, dead: dict[str, datetime]
) -> None:
    person = a_user()
    await kept(identity, person)
    session = await a_session(identity, person, **dead)

    assert await loaded(identity, session.id) is None


async def test_an_unknown_session_has_no_principal(identity: Database) -> None:
    assert await loaded(identity, new_id()) is None


async def test_a_suspended_person_has_no_principal(identity: Database) -> None:
    person = a_user(state=UserState.SUSPENDED)
    await kept(identity, person)
    session = await a_session(identity, person)

    assert await loaded(identity, session.id) is None


async def test_a_revoked_client_has_no_principal(identity: Database) -> None:
    client = a_client(None, Capability.AGGREGATE_READ, revoked_at=datetime.now(UTC))
    await kept(identity, client)
    session = await a_session(identity, client)

    assert await loaded(identity, session.id) is None
