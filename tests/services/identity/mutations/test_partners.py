"""Letting partners act in an account: by whom, for what, until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.identity.events import PartnerRelated, PartnerRelationEnded, PrincipalChanged
from services.identity.models import AccountKind, Role
from tests.support.identity import a_relation, answered, kept, signed_in
from tests.support.managing import Team, a_clerk, a_team, announced, audited, codes, done, proven

RELATION = "relation { id scope since until endedAt version partner { number } }"
TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


async def a_partner(identity: Database) -> Team:
    return await a_team(identity, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER)


async def related(
    identity: Database, caller: Any, customer: Team, partner: Team, **values: Any
) -> Any:
    input = {
        "accountId": customer.id,
        "partnerNumber": partner.account.number,
        "scope": ["CASE_CREATE", "CASE_READ_ALL"],
        "idempotencyKey": str(new_id()),
        **values,
    }
    return await done(
        identity, caller, "relatePartner", RELATION, {"input": ("RelatePartnerInput!", input)}
    )


async def ended(
    identity: Database, caller: Any, id: str, *, version: int = 1, **values: Any
) -> Any:
    input = {"relationId": id, "expectedVersion": version, **values}
    arguments = {"input": ("EndPartnerRelationInput!", input)}
    return await done(identity, caller, "endPartnerRelation", RELATION, arguments)


async def test_a_partners_people_may_do_what_was_agreed_from_today(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])

    payload = await related(identity, admin, customer, partner)

    held = (await signed_in(identity, partner.people[0])).accounts[customer.account.id]
    assert held == {Capability.CASE_CREATE, Capability.CASE_READ_ALL}
    assert payload["relation"] == {
        "id": payload["relation"]["id"],
        "scope": ["CASE_CREATE", "CASE_READ_ALL"],
        "since": TODAY.isoformat(),
        "until": None,
        "endedAt": None,
        "version": 1,
        "partner": {"number": partner.account.number},
    }
    assert await audited(identity, customer.account) == ["partner.related"]
    assert len(await announced(identity, PartnerRelated, account_id=customer.account.id)) == 1
    manager = partner.people[0].id
    assert len(await announced(identity, PrincipalChanged, principal_id=manager)) == 1


async def test_the_same_key_relates_once(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])

    first = await related(identity, admin, customer, partner, idempotencyKey="k")
    second = await related(identity, admin, customer, partner, idempotencyKey="k")

    assert first == second


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"scope": []}, "INVALID", "scope"),
        ({"scope": ["MEMBER_MANAGE"]}, "INVALID", "scope"),
        ({"scope": ["KEY_REVEAL"]}, "INVALID", "scope"),
        ({"since": (TODAY - DAY).isoformat()}, "INVALID", "since"),
        ({"until": (TODAY - DAY).isoformat()}, "INVALID", "until"),
        ({"partnerNumber": "A-nothing"}, "INVALID", "partnerNumber"),
    ],
)
async def test_terms_that_cannot_be_are_refused(
    identity: Database, values: Any, code: str, field: str
) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])

    refused = await related(identity, admin, customer, partner, **values)

    assert refused["errors"] == [{"code": code, "path": [field]}]


async def test_another_customer_answers_as_a_partner_that_does_not_exist(
    identity: Database,
) -> None:
    customer, other = [await a_team(identity, Role.ADMINISTRATOR) for _ in range(2)]
    admin = await proven(identity, customer.people[0])

    refused = await related(identity, admin, customer, other)
    unknown = await related(identity, admin, customer, other, partnerNumber="A-nothing")

    assert codes(refused) == ["INVALID"]
    assert refused == unknown


async def test_a_partner_is_related_once_at_a_time(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])
    tomorrow = {"until": (TODAY + DAY).isoformat()}
    await related(identity, admin, customer, partner, **tomorrow)

    overlapping = await related(identity, admin, customer, partner)
    following = await related(
        identity, admin, customer, partner, since=(TODAY + 2 * DAY).isoformat()
    )

    assert overlapping["errors"] == [{"code": "INVALID", "path": ["partnerNumber"]}]
    assert codes(following) == []


async def test_a_relation_can_be_ended_at_once(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])
    begun = await related(identity, admin, customer, partner)
    id = begun["relation"]["id"]

    payload = await ended(identity, admin, id)

    assert payload["relation"]["endedAt"] is not None
    assert (await signed_in(identity, partner.people[0])).accounts.keys() == {partner.account.id}
    assert await audited(identity, customer.account) == [
        "partner.related",
        "partner.relation-ended",
    ]
    news = await announced(identity, PartnerRelationEnded, account_id=customer.account.id)
    assert len(news) == 1
    assert codes(await ended(identity, admin, id, version=2)) == ["WRONG_STATE"]
    assert codes(await related(identity, admin, customer, partner)) == []


async def test_a_relation_ended_at_once_is_in_no_list_of_the_partners_customers(
    identity: Database,
) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    over = a_relation(customer.account, partner.account, ended_at=datetime.now(UTC))
    await kept(identity, over)
    document = f'{{ accounts(filter: {{ partnerId: "{partner.id}" }}) {{ nodes {{ id }} }} }}'

    data = await answered(identity, await a_clerk(identity), document)

    assert data["accounts"]["nodes"] == []


async def test_a_relation_holds_through_its_last_day(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])
    begun = await related(identity, admin, customer, partner)

    payload = await ended(identity, admin, begun["relation"]["id"], until=TODAY.isoformat())

    held = await signed_in(identity, partner.people[0])
    assert payload["relation"]["until"] == TODAY.isoformat()
    assert customer.account.id in held.accounts
    assert held.valid_until is not None
    assert held.valid_until.date() <= TODAY + DAY


async def test_ending_a_relation_does_not_prolong_it(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])
    last = (TODAY + DAY).isoformat()
    begun = await related(identity, admin, customer, partner, until=last)
    id = begun["relation"]["id"]

    refused = await ended(identity, admin, id, until=(TODAY + 2 * DAY).isoformat())
    same = await ended(identity, admin, id, until=last)

    assert refused["errors"] == [{"code": "INVALID", "path": ["until"]}]
    assert codes(same) == []


async def test_a_last_day_is_not_in_the_past(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    admin = await proven(identity, customer.people[0])
    begun = await related(identity, admin, customer, partner)
    yesterday = (TODAY - DAY).isoformat()

    refused = await ended(identity, admin, begun["relation"]["id"], until=yesterday)
    stale = await ended(identity, admin, begun["relation"]["id"], version=7)

    assert refused["errors"] == [{"code": "INVALID", "path": ["until"]}]
    assert codes(stale) == ["CONFLICT_VERSION"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
async def test_only_an_administrator_of_the_customer_decides(
    identity: Database, role: Role
) -> None:
    customer = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    partner = await a_team(identity, role, kind=AccountKind.PARTNER)
    relation = a_relation(customer.account, partner.account)
    await kept(identity, relation)
    id = to_global("prel", relation.id)
    callers = [
        await proven(identity, customer.people[1]),
        await proven(identity, partner.people[0]),
        await a_clerk(identity),
    ]

    made = [codes(await related(identity, each, customer, partner)) for each in callers]
    stopped = [codes(await ended(identity, each, id)) for each in callers]

    unseen = {"FORBIDDEN", "NOT_FOUND"}
    assert all(set(each) <= unseen and each for each in (*made, *stopped))


async def test_another_customers_relation_answers_as_unknown(identity: Database) -> None:
    customer, partner = await a_team(identity, Role.ADMINISTRATOR), await a_partner(identity)
    relation = a_relation(customer.account, partner.account)
    await kept(identity, relation)
    stranger = await proven(identity, (await a_team(identity, Role.ADMINISTRATOR)).people[0])

    foreign = await ended(identity, stranger, to_global("prel", relation.id))
    unknown = await ended(identity, stranger, to_global("prel", new_id()))

    assert codes(foreign) == ["NOT_FOUND"]
    assert foreign == unknown
