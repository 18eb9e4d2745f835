"""Product keys as they were made up: the same each time, whichever table asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from portal.seed.identifiers import seeded_id
from portal.seed.licensing.deployments import SeededDeployment, deployments_of
from portal.seed.licensing.fates import FATES, Term
from portal.seed.scale import Scale
from portal.seed.world import Customer, Person, World, random_for
from services.identity.models import Role
from services.licensing.key_codes import PREFIXES, completed
from services.licensing.models import KeyProduct

_TYPED = (
    *(KeyProduct.CREATOR, KeyProduct.CREATOR, KeyProduct.SERVER, KeyProduct.CREATOR),
    *(KeyProduct.DESKTOP, KeyProduct.CREATOR, KeyProduct.ELEARNING, KeyProduct.SERVER),
    *(KeyProduct.CREATOR, KeyProduct.PREP, KeyProduct.ADD_ON, KeyProduct.CREATOR),
    *(KeyProduct.DESKTOP, KeyProduct.CLOUD, KeyProduct.CREATOR, KeyProduct.SERVER),
)
#: Where people sign in: a few Creator keys are left from before.
_BY_LOGIN = (
    *(KeyProduct.SERVER, KeyProduct.CLOUD, KeyProduct.CREATOR, KeyProduct.SERVER),
    *(KeyProduct.ELEARNING, KeyProduct.CLOUD, KeyProduct.ADD_ON, KeyProduct.SERVER),
)
_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: Products that one person uses.
PERSONAL = frozenset(
    {KeyProduct.CREATOR, KeyProduct.DESKTOP, KeyProduct.PREP, KeyProduct.ELEARNING}
)

GROUPS = ("Finance", "Ventes", "Research")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a key; `user_id` where they have access to the portal."""

    first_name: str
    last_name: str
    email: str
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class SeededKey:
    """One key of an account, by its place among the account's."""

    id: UUID
    index: int
    customer: Customer
    product: KeyProduct
    term: Term
    owner_id: UUID | None
    deployment: SeededDeployment | None
    group_id: UUID | None
    holder: Holder | None
    assigned_at: datetime | None

    @property
    def chance(self) -> Random:
        """A source of chance for what else there is to say about the key."""
        return random_for("key-more", self.customer.index, self.index)

    @property
    def code(self) -> str:
        """The key's characters."""
        chance = random_for("key-code", self.customer.index, self.index)
        return completed(PREFIXES[self.product] + "".join(chance.choices(_CHARACTERS, k=17)))


def keys_of(customer: Customer, world: World, scale: Scale) -> Iterator[SeededKey]:
    """The account's keys, made as they are asked for."""
    deployments = deployments_of(customer, scale)
    owners = customer.people(Role.ADMINISTRATOR, Role.LICENSE_ADMINISTRATOR) or customer.people()
    people = customer.people()
    for index in range(scale.keys_of(customer.share)):
        chance = random_for("key", customer.index, index)
        products = _BY_LOGIN if customer.login_based else _TYPED
        product = products[index % len(products)]
        term = FATES[index % len(FATES)](world.today, chance)
        if customer.login_based and product is KeyProduct.CREATOR:
            term = _from_before(term)
        holder = (
            _holder(product, index, people, chance) if term.visible_from <= world.today else None
        )
        yield SeededKey(
            id=seeded_id("key", customer.index, index),
            index=index,
            customer=customer,
            product=product,
            term=term,
            owner_id=owners[index % len(owners)].id if owners and index % 7 else None,
            deployment=_deployment(product, index, deployments),
            group_id=group_id(customer, index % 4) if index % 4 < len(GROUPS) else None,
            holder=holder,
            assigned_at=_assigned_at(world, term, chance) if holder is not None else None,
        )


def group_id(customer: Customer, index: int) -> UUID:
    """The id of one of the account's groups."""
    return seeded_id("key-group", customer.index, index)


def _from_before(term: Term) -> Term:
    year = timedelta(days=365)
    ends = term.maintenance_ends_on - 2 * year
    return Term(ends - year, ends, ends)


def _deployment(
    product: KeyProduct, index: int, deployments: list[SeededDeployment]
) -> SeededDeployment | None:
    candidates = [each for each in deployments if each.takes(product)]
    if not candidates and product is KeyProduct.CREATOR:
        candidates = deployments[:1]  # from before people signed in there
    return candidates[index % len(candidates)] if candidates and index % 6 != 5 else None


def _holder(product: KeyProduct, index: int, people: list[Person], chance: Random) -> Holder | None:
    if product not in PERSONAL or index % 5 == 4:
        return None
    if people and index % 3 != 2:
        person = people[(index // 3) % len(people)]
        return Holder(person.first_name, person.last_name, person.email, person.id)
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    number = chance.randrange(10_000)
    return Holder(first, last, f"analyst{number}@customer.example.com", None)


def _assigned_at(world: World, term: Term, chance: Random) -> datetime:
    first = datetime.combine(term.visible_from, world.now.timetz())
    days = max(0, (world.now - first).days)
    return first + timedelta(days=chance.randint(0, min(days, 60)))


_FIRST = ("Amina", "Björn", "Chloé", "Dmitri", "Élodie", "Fatima", "Giulia", "Haruto", "Isaac")
_LAST = ("Nguyễn", "O’Neill", "Martín", "Østergaard", "Schäfer", "田中", "Kowalczyk", "Haddad")
