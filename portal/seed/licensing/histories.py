"""Where keys were registered and activated, and what of it stands on the key itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.licensing.keys import PERSONAL, SeededKey
from portal.seed.world import World
from services.licensing.models import ActivationMethod, KeyProduct

_VERSIONS = ("2024.2.4", "2025.1.3", "2025.3", "2026.1.1", "2026.2", "2026.3")
#: Products that installations are activated for, and those that are used without.
_ACTIVATED = PERSONAL | {KeyProduct.SERVER}
_ALLOWED = 2
_SERVER_ALLOWED = 3
#: How long after an activation it is registered at the latest.
_LATEST_REGISTRATION = timedelta(minutes=90)
#: Typed by whoever registers: nobody checks it.
_COMPANIES = ("Acme", "acme inc.", "ACME – Siège", "=1+1", "—", None, None)


@dataclass(frozen=True, slots=True)
class SeededRegistration:
    """One registration; blanks are as normal as they are in life."""

    at: datetime
    name: str | None
    email: str | None
    company: str | None
    version: str | None
    machine: str


@dataclass(frozen=True, slots=True)
class SeededActivation:
    """One installation; `returned_at` ended it."""

    at: datetime
    method: ActivationMethod
    machine: str
    registration: SeededRegistration | None
    last_seen_at: datetime | None
    lease_ends_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """All of one key's, oldest first."""

    registrations: tuple[SeededRegistration, ...]
    activations: tuple[SeededActivation, ...]
    allowed: int

    @property
    def used(self) -> int:
        """How many installations hold one of the key's activations."""
        return sum(each.returned_at is None for each in self.activations)

    @property
    def last_active_at(self) -> datetime | None:
        """When an installation was last seen."""
        seen = [each.last_seen_at for each in self.activations if each.last_seen_at is not None]
        return max(seen, default=None)


def history_of(key: SeededKey, world: World) -> History:
    """What happened with the key until now: nothing before it is good."""
    allowed = _SERVER_ALLOWED if key.product is KeyProduct.SERVER else _ALLOWED
    first = datetime.combine(key.term.starts_on, world.now.timetz())
    if key.product not in _ACTIVATED or first >= world.now or key.index % 4 == 3:
        return History((), (), allowed)
    chance = key.chance
    end = min(world.now, _end(key, world)) - _LATEST_REGISTRATION
    wanted = 1 + key.index % (allowed + 1)
    activations: list[SeededActivation] = []
    for n in range(wanted):
        at = _between(chance, first, end)
        activations.append(_activation(key, n, at, end, chance))
    if len(activations) > allowed:  # the first made room for the last
        activations.sort(key=lambda each: each.at)
        activations[0] = replace(activations[0], returned_at=activations[0].returned_at or end)
    registered = [each.registration for each in activations if each.registration is not None]
    registered.sort(key=lambda each: each.at)
    return History(tuple(registered), tuple(activations), allowed)


def registration_id(key: SeededKey, n: int) -> UUID:
    """The id of a key's registration by its place."""
    return seeded_id("registration", key.customer.index, key.index, n)


def registration_rows(key: SeededKey, history: History) -> Iterator[Row]:
    """The key's registrations."""
    for n, each in enumerate(history.registrations):
        yield {
            "id": registration_id(key, n),
            "account_id": key.customer.id,
            "key_id": key.id,
            "at": each.at,
            "name": each.name,
            "email": each.email,
            "company": each.company,
            "version": each.version,
            "machine": each.machine,
        }


def activation_rows(key: SeededKey, history: History) -> Iterator[Row]:
    """The key's activations."""
    for n, each in enumerate(history.activations):
        typed = each.registration
        yield {
            "id": seeded_id("activation", key.customer.index, key.index, n),
            "account_id": key.customer.id,
            "key_id": key.id,
            "deployment_id": key.deployment.id if key.deployment is not None else None,
            "fulfilment_id": f"{key.customer.index:05}{key.index:06}{n:02}",
            "product": _opened(key, n),
            "method": each.method,
            "name": typed.name if typed is not None else None,
            "email": typed.email if typed is not None else None,
            "version": typed.version if typed is not None else None,
            "host": each.machine if n % 3 != 2 else None,
            "machine": each.machine,
            "activated_at": each.at,
            "last_seen_at": each.last_seen_at,
            "lease_ends_at": each.lease_ends_at,
            "deactivated_at": each.returned_at,
        }


def _opened(key: SeededKey, n: int) -> KeyProduct:
    if key.product is not KeyProduct.CREATOR:
        return key.product
    return KeyProduct.PREP if n % 3 == 2 else KeyProduct.DESKTOP


def _activation(
    key: SeededKey, n: int, at: datetime, end: datetime, chance: Random
) -> SeededActivation:
    machine = f"host-{key.customer.index}-{key.index}-{n}"
    offline = (key.index + n) % 9 == 8
    seen = None if offline else _between(chance, at, end)
    return SeededActivation(
        at=at,
        method=ActivationMethod.OFFLINE_FILE if offline else ActivationMethod.PRODUCT_KEY,
        machine=machine,
        registration=None if offline else _registration(key, at, machine, chance),
        last_seen_at=seen,
        # Authorisation to run: 432,000 seconds are five days.
        lease_ends_at=at + timedelta(seconds=432_000) if offline and n % 2 else None,
        returned_at=_between(chance, at, end) if (key.index + n) % 11 == 10 else None,
    )


def _registration(key: SeededKey, at: datetime, machine: str, chance: Random) -> SeededRegistration:
    holder = key.holder
    blank = chance.random() < 0.15
    known = holder is not None and not blank
    return SeededRegistration(
        at=at + _LATEST_REGISTRATION * chance.random(),
        name=f"{holder.first_name} {holder.last_name}" if holder is not None and known else None,
        email=holder.email if holder is not None and known else None,
        company=None if blank else chance.choice(_COMPANIES),
        version=None if blank else chance.choice(_VERSIONS),
        machine=machine,
    )


def _end(key: SeededKey, world: World) -> datetime:
    last = key.term.expires_on or world.today
    return datetime.combine(last, world.now.timetz())


def _between(chance: Random, first: datetime, last: datetime) -> datetime:
    seconds = max(0, int((last - first).total_seconds()))
    return first + timedelta(seconds=chance.randint(0, seconds))
