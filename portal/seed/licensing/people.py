"""Groups of keys with their managers, and the seats that people hold where they sign in."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from kit.emails import email_key
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.licensing.deployments import SeededDeployment, deployments_of
from portal.seed.licensing.key_rows import seat_rows
from portal.seed.licensing.keys import GROUPS, group_id, keys_of
from portal.seed.scale import Scale
from portal.seed.world import Customer, World, random_for
from services.identity.models import MembershipState, Role
from services.licensing.models import ActivationMethod, KeyProduct, LoginAction

_MOST_SEATED = 40
_VERSIONS = ("2025.3", "2026.1.1", "2026.2", "2026.3")


def group_rows(world: World) -> Iterator[Row]:
    """The groups of every account; the last one is managed by nobody."""
    for customer in world.customers:
        for index, name in enumerate(GROUPS):
            yield {
                "id": group_id(customer, index),
                "account_id": customer.id,
                "name": name,
                "created_at": customer.created_at,
                "version": 1,
            }


def manager_rows(world: World) -> Iterator[Row]:
    """Key group managers manage one group, or two."""
    for customer in world.customers:
        managers = [
            member
            for member in customer.members
            if member.role is Role.KEY_GROUP_MANAGER and member.state is not MembershipState.REMOVED
        ]
        for place, member in enumerate(managers):
            for index in range(2 - place % 2):
                yield {
                    "group_id": group_id(customer, index),
                    "membership_id": member.id,
                    "account_id": customer.id,
                    "user_id": member.person.id,
                    "created_at": customer.created_at,
                }


def purchased_seats(customer: Customer, world: World, scale: Scale) -> Counter[tuple[UUID, str]]:
    """The account's seats by deployment and role, from keys that are good today."""
    purchased: Counter[tuple[UUID, str]] = Counter()
    for key in keys_of(customer, world, scale):
        if key.deployment is not None and key.term.is_good_on(world.today):
            for row in seat_rows(key):
                purchased[key.deployment.id, row["role"]] += row["purchased"]
    return purchased


def seat_assignment_rows(world: World, scale: Scale) -> Iterator[Row]:
    """Never more seats than were bought; some are never used."""
    for customer in world.customers:
        purchased = purchased_seats(customer, world, scale)
        for deployment in deployments_of(customer, scale):
            for role in ("CREATOR", "EXPLORER", "VIEWER"):
                most = min(purchased[deployment.id, role], _MOST_SEATED)
                yield from _seated(customer, deployment, role, most * 3 // 4, world)


def _seated(
    customer: Customer, deployment: SeededDeployment, role: str, count: int, world: World
) -> Iterator[Row]:
    for n in range(count):
        email = f"{role.lower()}{n}.{customer.number.lower()}@customer.example.com"
        used = world.now - timedelta(days=n * 3 % 75) if n % 5 != 4 else None
        yield {
            "id": seeded_id(f"seat-{role}", customer.index, deployment.index, n),
            "account_id": customer.id,
            "deployment_id": deployment.id,
            "role": role,
            "name": f"{role.title()} {n + 1}",
            "email_key": email_key(email),
            "assigned_at": customer.created_at + timedelta(days=n % 50),
            "last_used_at": used,
            "released_at": world.now - timedelta(days=1) if n % 13 == 12 else None,
        }


def login_activation_rows(world: World, scale: Scale) -> Iterator[Row]:
    """Who signed in to activate, where that is how it is done."""
    for customer, deployment, n in _logins(world, scale):
        chance = random_for("login", customer.index, deployment.index, n)
        people = customer.people()
        person = people[n % len(people)] if people else None
        seen = world.now - timedelta(hours=chance.randint(1, 24 * 45))
        blank = person is None or n % 4 == 3
        yield {
            "id": seeded_id("login-activation", customer.index, deployment.index, n),
            "account_id": customer.id,
            "key_id": None,
            "deployment_id": deployment.id,
            "fulfilment_id": None,
            "product": KeyProduct.PREP if n % 3 == 2 else KeyProduct.DESKTOP,
            "method": ActivationMethod.LOGIN,
            "name": None if person is None or blank else f"{person.first_name} {person.last_name}",
            "email": None if person is None or blank else person.email,
            "version": None if blank else chance.choice(_VERSIONS),
            "host": f"vdi-{customer.index}-{n}",
            "machine": f"vdi-{customer.index}-{deployment.index}-{n}",
            "activated_at": seen - timedelta(days=20),
            "last_seen_at": seen,
            "lease_ends_at": seen + timedelta(days=14),
            "deactivated_at": seen if n % 7 == 6 else None,
        }


def login_event_rows(world: World, scale: Scale) -> Iterator[Row]:
    """Each of them activated, and kept, gave back or passed on their seat."""
    later = (LoginAction.RENEWED, LoginAction.RELEASED, LoginAction.TRANSFERRED)
    for customer, deployment, n in _logins(world, scale):
        activation = seeded_id("login-activation", customer.index, deployment.index, n)
        for place, action in enumerate((LoginAction.ACTIVATED, later[n % len(later)])):
            yield {
                "id": seeded_id("login-event", customer.index, deployment.index, n, place),
                "account_id": customer.id,
                "activation_id": activation,
                "action": action,
                "at": world.now - timedelta(days=30 - 14 * place, hours=n),
            }


def _logins(world: World, scale: Scale) -> Iterator[tuple[Customer, SeededDeployment, int]]:
    for customer in world.customers:
        for deployment in deployments_of(customer, scale):
            if deployment.login_based:
                for n in range(12):
                    yield customer, deployment, n
