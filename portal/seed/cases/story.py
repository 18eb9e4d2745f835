"""How each case went: told the same way however often, so that each table can be written by
itself, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from portal.seed.cases.texts import NOTES, ODD_SUBJECTS, Topic, said, topic
from portal.seed.identifiers import seeded_id
from portal.seed.licensing.fates import FATES
from portal.seed.scale import Scale
from portal.seed.world import Customer, Person, World, random_for
from services.cases.models import ENDED, CaseImpact, CaseQueue, CaseStatus
from services.identity.models import Desk, MembershipState, Role

#: Numbers begin behind this one.
_FIRST_NUMBER: Final = 10_000
#: How far back cases go.
_DAYS: Final = 720
#: The latest cases of each account show every state for certain.
_SHOWN: Final = 12
#: One case of the largest account has been talked about at length.
_LONG: Final = 130

_DESKS: Final = {
    CaseQueue.TECHNICAL_SUPPORT: Desk.SUPPORT,
    CaseQueue.CUSTOMER_SERVICE: Desk.CUSTOMER_SERVICE,
    CaseQueue.LICENSING: Desk.LICENSING_OPERATIONS,
}
#: Those who see all keys of the account, so that a key in their case is no riddle to them.
_KEY_READERS: Final = (Role.ADMINISTRATOR, Role.LICENSE_ADMINISTRATOR, Role.PARTNER_MANAGER)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment: the account's, the case's and its own place."""

    places: tuple[int, int, int]
    at: datetime
    author_id: UUID
    body: str
    by_staff: bool
    internal: bool

    @property
    def id(self) -> UUID:
        """Its id."""
        return seeded_id("comment", *self.places, at=self.at)


@dataclass(frozen=True, slots=True)
class Story:
    """One case, from its opening to its present state. `recent` counts from the latest case of
    the account, which is 0."""

    customer: Customer
    index: int
    recent: int
    id: UUID
    number: int
    requester: Person
    queue: CaseQueue
    status: CaseStatus
    impact: CaseImpact
    subject: str
    topic: Topic
    assignee_id: UUID | None
    created_at: datetime
    comments: tuple[Said, ...]
    reopened: bool
    product_key: int | None
    deployment: int | None
    invoice: int | None

    @property
    def updated_at(self) -> datetime:
        """The last word, notes included."""
        return self.comments[-1].at if self.comments else self.created_at

    @property
    def customer_updated_at(self) -> datetime:
        """The last word that customers know of."""
        known = [comment.at for comment in self.comments if not comment.internal]
        return known[-1] if known else self.created_at

    @property
    def answered_at(self) -> datetime | None:
        """Support's first word."""
        answers = (each.at for each in self.comments if each.by_staff and not each.internal)
        return next(answers, None)

    @property
    def has_ended(self) -> bool:
        """Whether no work is left."""
        return self.status in ENDED


def stories(world: World, scale: Scale) -> Iterator[Story]:
    """Every case of every account, each account's oldest first."""
    number = _FIRST_NUMBER
    teller = _Teller(world, {desk: _staff(world, desk) for desk in Desk})
    for customer in world.customers:
        chance = random_for("cases", customer.index)
        count = scale.cases_of(customer.share)
        for index in range(count):
            number += 1
            yield teller.tell(customer, scale, chance, index, count, number)


def last_number(world: World, scale: Scale) -> int:
    """The highest number in use."""
    return _FIRST_NUMBER + total(world, scale)


def total(world: World, scale: Scale) -> int:
    """How many cases there are."""
    return sum(scale.cases_of(customer.share) for customer in world.customers)


def _staff(world: World, desk: Desk) -> list[Person]:
    return [person for person in world.staff if desk in person.desks]


@dataclass(frozen=True, slots=True)
class _Teller:
    world: World
    staff: dict[Desk, list[Person]]

    def tell(
        self, customer: Customer, scale: Scale, chance: Random, index: int, count: int, number: int
    ) -> Story:
        recent = count - 1 - index
        requester, role = self._requester(customer, chance, index)
        queue = self._queue(chance, recent, role)
        age = self._age(chance, recent, count)
        status = self._status(chance, recent, age)
        created_at = self.world.now - age
        assignee = chance.choice(self.staff[_DESKS[queue]])
        about = topic(queue, requester.language, chance.randrange(60))
        readable = role in _KEY_READERS
        technical = queue is not CaseQueue.CUSTOMER_SERVICE
        return Story(
            customer=customer,
            index=index,
            recent=recent,
            id=seeded_id("case", customer.index, index),
            number=number,
            requester=requester,
            queue=queue,
            status=status,
            impact=_impact(chance, recent),
            subject=_subject(about, customer, recent),
            topic=about,
            assignee_id=None if status is CaseStatus.NEW else assignee.id,
            created_at=created_at,
            comments=tuple(
                self._conversation(chance, customer, index, requester, assignee, status, age)
            ),
            reopened=status not in (CaseStatus.NEW, CaseStatus.CLOSED) and index % 17 == 3,
            product_key=self._key(customer, scale, chance) if readable and technical else None,
            deployment=_place(chance, scale.deployments_of(customer.share))
            if readable and technical and index % 2
            else None,
            invoice=None if technical else _place(chance, scale.invoices_of(customer.share)),
        )

    def _requester(self, customer: Customer, chance: Random, index: int) -> tuple[Person, Role]:
        if customer.partner_id is not None and index % 10 == 9:
            managers = self.world.customer(customer.partner_id).people(Role.PARTNER_MANAGER)
            return chance.choice(managers), Role.PARTNER_MANAGER
        wanted = MembershipState.REMOVED if index % 31 == 30 else MembershipState.ACTIVE
        members = [member for member in customer.members if member.state is wanted]
        member = chance.choice(members or customer.members)
        return member.person, member.role

    def _queue(self, chance: Random, recent: int, role: Role) -> CaseQueue:
        if role is Role.BILLING:
            return CaseQueue.CUSTOMER_SERVICE
        if recent < _SHOWN:
            return list(CaseQueue)[recent % 3]
        return chance.choices(list(CaseQueue), weights=(7, 2, 1))[0]

    def _age(self, chance: Random, recent: int, count: int) -> timedelta:
        """Cases come more often as the account grows; never two at once."""
        begun = recent / max(count, _SHOWN)
        return timedelta(days=_DAYS * begun**1.6, minutes=20 + 3 * recent + chance.random())

    def _status(self, chance: Random, recent: int, age: timedelta) -> CaseStatus:
        if recent < _SHOWN:
            return list(CaseStatus)[(recent // 2) % 6]
        weights = (2, 6, 4, 2, 10, 6) if age < timedelta(days=40) else (0, 2, 1, 1, 1, 95)
        return chance.choices(list(CaseStatus), weights=weights)[0]

    def _key(self, customer: Customer, scale: Scale, chance: Random) -> int:
        """One of the account's keys; nobody asks about those that have not appeared."""
        key = _place(chance, scale.keys_of(customer.share))
        term = FATES[key % len(FATES)](self.world.today, chance)
        return key if term.visible_from <= self.world.today else 0

    def _conversation(
        self,
        chance: Random,
        customer: Customer,
        index: int,
        requester: Person,
        assignee: Person,
        status: CaseStatus,
        age: timedelta,
    ) -> Iterator[Said]:
        if status is CaseStatus.NEW:
            return
        long = customer.index == 0 and index == 0
        count = _LONG if long else chance.randrange(1, 7)
        # Where work is left, the last word was said lately.
        silence = timedelta(hours=chance.randrange(1, 50))
        if status in ENDED:
            silence = age - timedelta(days=chance.randrange(1, 30))
        span = age - min(max(silence, timedelta()), age / 2)
        for place in range(count):
            at = self.world.now - age + span * ((place + 1) / count)
            last = place == count - 1
            by_staff = last or place % 2 == 0
            internal = status is CaseStatus.ON_HOLD if last else place % 6 == 4
            words = said(by_staff, requester.language, chance.randrange(60))
            yield Said(
                places=(customer.index, index, place),
                at=at,
                author_id=assignee.id if by_staff else requester.id,
                body=NOTES[place % len(NOTES)] if internal else words,
                by_staff=by_staff,
                internal=internal,
            )


def _impact(chance: Random, recent: int) -> CaseImpact:
    if recent < _SHOWN:
        return list(CaseImpact)[recent % 4]
    return chance.choices(list(CaseImpact), weights=(4, 5, 2, 1))[0]


def _subject(about: Topic, customer: Customer, recent: int) -> str:
    if customer.index == 0 and _SHOWN <= recent < _SHOWN + len(ODD_SUBJECTS):
        return ODD_SUBJECTS[recent - _SHOWN]
    return about.subject


def _place(chance: Random, count: int) -> int:
    return chance.randrange(max(count, 1))
