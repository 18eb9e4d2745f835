"""Cases through random lives: whatever people do to them, what must always be true is."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import Case, CaseQueue, CaseStatus
from tests.support.case_changes import did, known, stored, user_id
from tests.support.cases import ALL, OWN, a_caller, a_case, a_colleague, answered, global_id, kept
from tests.support.cases import staff as a_clerk

_STEPS: Final = 8

#: All that a customer can learn of the two cases, from themselves and from lists.
_SEEN: Final = """query ($plain: String, $secretive: String) {
    plain: case(number: $plain) { ...Seen } secretive: case(number: $secretive) { ...Seen }
    ALL: cases(view: ALL, first: 100) { ...Listed }
    ALL_OPEN: cases(view: ALL_OPEN, first: 100) { ...Listed }
    ACTIVE: cases(view: ACTIVE_SUPPORT, first: 100) { ...Listed }
    MINE: cases(view: OPENED_BY_ME, first: 100) { ...Listed }
    RECENT: cases(view: RECENTLY_VIEWED, first: 100) { ...Listed }
    HELD: cases(view: ALL, filter: {status: [ON_HOLD]}) { ...Listed }
    FOUND: cases(view: ALL, filter: {search: "secret"}) { ...Listed } }
fragment Listed on CaseConnection { totalCount nodes { number } }
fragment Seen on Case { status version impact subject reopenCount closedAt updatedAt
    assignee { id } participants { user { id } access } rating { score remark }
    comments { totalCount nodes { body } } files { totalCount }
    history(first: 100) { totalCount nodes { kind from to at actor { id } } }
    sla { firstResponseDueAt nextUpdateDueAt breached paused }
    viewerCan { edit comment upload share resolve } }"""


@dataclass(frozen=True, slots=True)
class Act:
    """A mutation, by whom, with what; what it expects of the version is known at its time."""

    name: str
    by: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """Two cases that begin alike. Only one of them has secrets."""

    database: Database
    people: Mapping[str, Principal]
    plain: Case
    secretive: Case

    async def do(self, act: Act, case: Case) -> list[Any]:
        """The refusals, by code and path."""
        now = await stored(self.database, case)
        by = self.people[act.by]
        values = {key: self._named(value) for key, value in act.values.items()}
        whole = {"caseId": global_id(case), **values}
        versioned = {**whole, "expectedVersion": now.version_for(staff=act.by == "clerk")}
        variables = {
            "updateCase": {"input": versioned},
            "triageCase": {"input": versioned},
            "addCaseComment": {"input": {**whole, "idempotencyKey": str(new_id())}},
        }.get(act.name, {"case": global_id(case), **values})
        payload = await did(self.database, by, act.name, **variables)
        return [(error["code"], error["path"]) for error in payload["errors"]]

    async def seen(self, name: str) -> Any:
        """What the person learns of the cases."""
        numbers = {"plain": self.plain.number, "secretive": self.secretive.number}
        return await answered(self.database, self.people[name], _SEEN, **numbers)

    async def customers_see(self) -> list[Any]:
        """All that the customer's side learns."""
        return [await self.seen(name) for name in ("me", "friend", "boss")]

    def _named(self, value: Any) -> Any:
        return user_id(self.people[value]) if value in self.people else value


async def a_world(cases: Database) -> World:
    """Two people of an account and its administrator, one of whom asks; somebody of another
    account, and two members of staff."""
    me = a_caller(*OWN)
    people = {
        "me": me,
        "friend": a_colleague(me, *OWN),
        "boss": a_colleague(me, *ALL),
        "stranger": a_caller(*ALL),
        "clerk": a_clerk(CaseQueue.TECHNICAL_SUPPORT, CaseQueue.CUSTOMER_SERVICE),
        "licensor": a_clerk(CaseQueue.LICENSING),
    }
    await known(cases, *people.values())
    plain = a_case(me, subject="Twins", status=CaseStatus.OPEN)
    secretive = a_case(me, subject="Twins", status=CaseStatus.OPEN)
    await kept(cases, plain, secretive)
    return World(cases, people, plain, secretive)


def any_act(random: Random) -> Act:
    """Something that everyone may notice, by somebody who perhaps may not do it."""
    anyone = random.choice(("me", "friend", "boss", "clerk", "stranger", "licensor"))
    customer = random.choice(("me", "friend", "boss"))
    access = random.choice(("READ", "COMMENT"))
    word = random.choice(("one", "two", "three"))
    status = random.choice(("OPEN", "PENDING_CUSTOMER", "RESOLVED", "CLOSED"))
    return random.choice(
        (
            Act("addCaseComment", anyone, {"body": word}),
            Act("addCaseComment", customer, {"body": word}),
            Act("updateCase", anyone, {"subject": word}),
            Act("updateCase", anyone, {"impact": random.choice(("QUESTION", "SEVERE"))}),
            Act("resolveCase", anyone, {"reason": word}),
            Act("shareCase", anyone, {"user": "friend", "access": "COMMENT"}),
            Act("shareCase", "me", {"user": "friend", "access": access}),
            Act("unshareCase", anyone, {"user": "friend"}),
            Act("triageCase", "clerk", {"status": status}),
            Act("triageCase", "clerk", {"assigneeId": random.choice(("clerk", None))}),
            Act("requestFiles", "clerk", {"what": word}),
            Act("rateCase", customer, {"score": random.randint(1, 5), "remark": word}),
            Act("markCaseViewed", anyone, {}),
        )
    )


def a_secret(random: Random, status: CaseStatus) -> Act:
    """Something that customers must not notice."""
    note = Act("addCaseComment", "clerk", {"body": "secret", "internal": True})
    severe = Act("triageCase", "clerk", {"severity": random.randint(1, 4)})
    held = {
        CaseStatus.OPEN: [Act("triageCase", "clerk", {"status": "ON_HOLD"})] * 2,
        CaseStatus.ON_HOLD: [Act("triageCase", "clerk", {"status": "OPEN"})],
    }
    return random.choice([note, severe, *held.get(status, [])])


def without_moments(seen: Any) -> Any:
    """The same, but of moments only whether there are any: twins live at different times."""
    match seen:
        case dict():
            return {
                key: value is not None
                if key == "at" or key.endswith("At")
                else without_moments(value)
                for key, value in seen.items()
            }
        case list():
            return [without_moments(each) for each in seen]
        case _:
            return seen


@pytest.mark.parametrize("seed", range(2))
async def test_customers_learn_nothing_of_what_the_staff_keeps_to_itself(
    cases: Database, seed: int
) -> None:
    random, world = Random(seed), await a_world(cases)

    for _ in range(_STEPS):
        act = any_act(random)
        assert await world.do(act, world.plain) == await world.do(act, world.secretive), act
        before = await world.customers_see()
        for seen in before:
            assert without_moments(seen["plain"]) == without_moments(seen["secretive"]), act
        secret = a_secret(random, (await stored(cases, world.secretive)).status)
        assert await world.do(secret, world.secretive) == []
        assert await world.customers_see() == before, secret

    assert (await stored(cases, world.secretive)).staff_changes > 0


@pytest.mark.parametrize("seed", range(10, 12))
async def test_a_case_opens_again_for_customers_only_and_is_seen_by_its_people_only(
    cases: Database, seed: int
) -> None:
    random, world = Random(seed), await a_world(cases)
    case = world.plain

    for _ in range(_STEPS):
        act = any_act(random)
        before = await stored(cases, case)
        refused = await world.do(act, case)
        after = await stored(cases, case)
        assert after.reopen_count - before.reopen_count == _reopenings(act, refused, before)
        assert (after.closed_at is not None) == (after.status is CaseStatus.CLOSED)
        assert after.version >= before.version
        await _require_one_predicate(world, after)


def _reopenings(act: Act, refused: list[Any], before: Case) -> int:
    """How often the act opens the case again: a customer's comment does, and the staff's word."""
    spoken = act.name == "addCaseComment" and act.by != "clerk"
    decided = act.name == "triageCase" and act.values.get("status") == "OPEN"
    return int(before.has_ended and not refused and (spoken or decided))


async def _require_one_predicate(world: World, case: Case) -> None:
    is_open = not case.has_ended
    shared = [each["user"]["id"] for each in (await world.seen("me"))["plain"]["participants"]]
    for name, person in world.people.items():
        expected = name in ("me", "boss", "clerk") or user_id(person) in shared
        seen = await world.seen(name)
        listed = {
            view: [node["number"] for node in page["nodes"]]
            for view, page in seen.items()
            if view.isupper()
        }
        assert (seen["plain"] is not None) == expected
        assert (case.number in listed["ALL"]) == expected
        assert (case.number in listed["ALL_OPEN"]) == (expected and is_open)
        assert expected or case.number not in listed["RECENT"]
        assert len(set(listed["RECENT"])) == len(listed["RECENT"])
        assert set(listed["ACTIVE"]) <= set(listed["ALL_OPEN"]) <= set(listed["ALL"])
        assert set(listed["MINE"]) <= set(listed["ALL"])
