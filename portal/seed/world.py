"""The people and accounts of the demonstration, and who is what in which account.

Everything follows from a fixed seed. The first accounts show every state and edge: a suspended
and a closed one, a partner with customers, one whose users sign in to activate. The people who
can sign in are those of `portal.demo`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from faker import Faker

from portal import demo
from portal.seed.identifiers import seeded_id
from portal.seed.regions import REGIONS, Region
from services.identity.models import AccountKind, AccountStatus, Desk, MembershipState, Role

_SEED = 20261121
_PEOPLE_PER_ACCOUNT = 6
_BEGINNING = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)

#: Which accounts, by place, are not simply active customers.
_PARTNERS = (1,)
_SUSPENDED = (5,)
_CLOSED = (9,)
_LOGIN_BASED = (3, 7)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name and an address; staff serve desks."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    language: str
    created_at: datetime
    desks: tuple[Desk, ...] = ()
    demonstrates: bool = False
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one account."""

    id: UUID
    person: Person
    role: Role
    case_administrator: bool = False
    state: MembershipState = MembershipState.ACTIVE


@dataclass(frozen=True, slots=True)
class Customer:
    """One account. `share` is its part of all keys, cases and invoices; they sum to 1."""

    index: int
    id: UUID
    number: str
    name: str
    kind: AccountKind
    status: AccountStatus
    region: Region
    created_at: datetime
    street: str
    city: str
    postal_code: str
    vat_number: str | None
    login_based: bool
    share: float
    members: tuple[Member, ...]
    partner_id: UUID | None = None

    def people(self, *roles: Role) -> list[Person]:
        """The active members, with these roles or with any."""
        return [
            member.person
            for member in self.members
            if member.state is MembershipState.ACTIVE and (not roles or member.role in roles)
        ]


@dataclass(frozen=True, slots=True)
class World:
    """All of it, as of `now`."""

    now: datetime
    people: tuple[Person, ...]
    customers: tuple[Customer, ...]

    @property
    def today(self) -> date:
        """The day of `now`, in UTC."""
        return self.now.date()

    @property
    def staff(self) -> list[Person]:
        """The vendor's people."""
        return [person for person in self.people if person.desks]

    def customer(self, id: UUID) -> Customer:
        """The account with this id."""
        return next(customer for customer in self.customers if customer.id == id)


def make_world(accounts: int, now: datetime) -> World:
    """A world of `accounts` accounts, four at the least: they hold the people of the demo."""
    makers = _Makers()
    people = _demo_people()
    staff = [makers.person(n, REGIONS[n % len(REGIONS)], _desks(n)) for n in range(8)]
    loner = makers.person(8, REGIONS[0])
    customers = tuple(makers.customer(n, people, max(accounts, 4)) for n in range(max(accounts, 4)))
    everyone = {person.id: person for person in (*people.values(), *staff, loner)}
    for customer in customers:
        everyone.update((member.person.id, member.person) for member in customer.members)
    return World(now, tuple(everyone.values()), customers)


def _desks(n: int) -> tuple[Desk, ...]:
    desks = tuple(Desk)
    return (desks[n % len(desks)],)


def _demo_people() -> dict[str, Person]:
    names = {
        "administrator": ("Ada", "Marchetti"),
        "licenses": ("Louis", "Bernard"),
        "group.manager": ("Grace", "Okafor"),
        "individual": ("Ines", "Dubois"),
        "billing": ("Ben", "Tanaka"),
        "partner": ("Petra", "Vogel"),
        "support": ("Sam", "Rivera"),
        "finance": ("Fiona", "Clarke"),
        "second.factor": ("Clara", "Lindgren"),
    }
    desks = {"support": (Desk.SUPPORT,), "finance": (Desk.FINANCE,)}
    french = ("licenses", "individual")
    people = {}
    for n, user in enumerate((*demo.USERS, demo.CAREFUL)):
        login = user.email.partition("@")[0]
        first, last = names[login]
        people[login] = Person(
            id=seeded_id("demo", n, at=_BEGINNING),
            first_name=first,
            last_name=last,
            email=user.email,
            language="fr" if login in french else "en",
            created_at=_BEGINNING,
            desks=desks.get(login, ()),
            demonstrates=True,
        )
    return people


#: login, account by place, role, add-on: one person in several accounts, each with another role.
_DEMO_MEMBERSHIPS = (
    ("administrator", 0, Role.ADMINISTRATOR, False),
    ("administrator", 2, Role.ADMINISTRATOR, False),
    ("administrator", 3, Role.DOWNLOAD_ONLY, True),
    ("licenses", 0, Role.LICENSE_ADMINISTRATOR, False),
    ("group.manager", 0, Role.KEY_GROUP_MANAGER, False),
    ("individual", 0, Role.INDIVIDUAL, False),
    ("individual", 3, Role.SUPPORT_ONLY, False),
    ("billing", 0, Role.BILLING, False),
    ("billing", 2, Role.BILLING, False),
    ("partner", 1, Role.PARTNER_MANAGER, False),
    ("second.factor", 2, Role.BILLING, False),
)

_ROLES = (
    Role.ADMINISTRATOR,
    Role.LICENSE_ADMINISTRATOR,
    Role.KEY_GROUP_MANAGER,
    Role.INDIVIDUAL,
    Role.DOWNLOAD_ONLY,
    Role.SUPPORT_ONLY,
    Role.BILLING,
)
_PARTNER_ROLES = (Role.ADMINISTRATOR, Role.PARTNER_MANAGER, Role.PARTNER_AGENT)


@dataclass(slots=True)
class _Makers:
    """One source of names per locale, each with its own fixed seed."""

    _fakers: dict[str, Faker] = field(default_factory=dict)

    def person(self, n: int, region: Region, desks: tuple[Desk, ...] = ()) -> Person:
        fake = self._faker(region)
        first, last = fake.first_name(), fake.last_name()
        return Person(
            id=seeded_id("person", n, at=_BEGINNING + timedelta(minutes=n)),
            first_name=first,
            last_name=last,
            email=f"person{n}@{'vendor' if desks else 'customer'}.example.com",
            language=region.language,
            created_at=_BEGINNING + timedelta(minutes=n),
            desks=desks,
            suspended=n % 37 == 36,
        )

    def customer(self, n: int, demo_people: dict[str, Person], accounts: int) -> Customer:
        region = REGIONS[n % len(REGIONS)]
        fake = self._faker(region)
        partner = n in _PARTNERS or (n > 20 and n % 50 == 1)
        created = _BEGINNING + timedelta(days=n % 300)
        vat = f"{region.vat_prefix}{fake.random_number(9, True)}" if region.vat_prefix else None
        return Customer(
            index=n,
            id=_account_id(n),
            number=f"A{100_000 + n}",
            name=fake.company(),
            kind=AccountKind.PARTNER if partner else AccountKind.CUSTOMER,
            status=_status(n),
            region=region,
            created_at=created,
            street=fake.street_address().replace("\n", ", "),
            city=fake.city(),
            postal_code=fake.postcode(),
            vat_number=vat,
            login_based=n in _LOGIN_BASED or (n > 20 and n % 9 == 0),
            share=_share(n, accounts),
            members=tuple(self._members(n, region, demo_people, partner)),
            partner_id=_account_id(_PARTNERS[0]) if n in (2, 4, 6) else None,
        )

    def _members(
        self, n: int, region: Region, demo_people: dict[str, Person], partner: bool
    ) -> Iterator[Member]:
        for place, (login, account, role, add_on) in enumerate(_DEMO_MEMBERSHIPS):
            if account == n:
                yield Member(seeded_id("demo-member", place), demo_people[login], role, add_on)
        roles = _PARTNER_ROLES if partner else _ROLES
        for k in range(_PEOPLE_PER_ACCOUNT):
            number = 100 + n * _PEOPLE_PER_ACCOUNT + k
            yield Member(
                id=seeded_id("member", n, k),
                person=self.person(number, region),
                role=roles[(k + n * (k > 0)) % len(roles)],
                case_administrator=k == 4,
                state=_member_state(n, k),
            )

    def _faker(self, region: Region) -> Faker:
        if region.locale not in self._fakers:
            fake = Faker(region.locale)
            fake.seed_instance(_SEED)
            self._fakers[region.locale] = fake
        return self._fakers[region.locale]


def _account_id(n: int) -> UUID:
    return seeded_id("account", n, at=_BEGINNING)


def _status(n: int) -> AccountStatus:
    if n in _SUSPENDED:
        return AccountStatus.SUSPENDED
    return AccountStatus.CLOSED if n in _CLOSED else AccountStatus.ACTIVE


def _member_state(n: int, k: int) -> MembershipState:
    if k == _PEOPLE_PER_ACCOUNT - 1 and n % 3 == 2:
        return MembershipState.REMOVED
    return MembershipState.SUSPENDED if k == 3 and n % 4 == 3 else MembershipState.ACTIVE


def _share(n: int, accounts: int) -> float:
    """A few large accounts, many small ones (1/k), as in life."""
    total = sum(1 / (k + 2) for k in range(accounts))
    return 1 / (n + 2) / total


def random_for(*names: object) -> random.Random:
    """A source of chance of one's own, the same in every run."""
    return random.Random(":".join(map(str, (_SEED, *names))))
