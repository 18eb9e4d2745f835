"""Identity's rows: people, accounts, memberships, partners, invitations, clients, audit log."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher

from kit.contract import Capability
from kit.emails import email_key
from kit.ids import to_global
from portal import demo
from portal.seed.copying import Copier, Row
from portal.seed.identifiers import seeded_id
from portal.seed.scale import Scale
from portal.seed.world import Customer, Person, World, random_for
from services.identity.authentication.one_time_codes import seal_secret
from services.identity.authentication.sealing import Sealer
from services.identity.models import (
    Account,
    AccountKind,
    ApiClient,
    AuditEvent,
    Credential,
    Invitation,
    Membership,
    MembershipState,
    PartnerRelation,
    Role,
    StaffAssignment,
    User,
    UserState,
)

#: What a partner of record may do for its customers.
_PARTNER_SCOPE = (
    Capability.ACCOUNT_READ,
    Capability.MEMBER_READ,
    Capability.KEY_READ_ALL,
    Capability.ACTIVATION_READ,
    Capability.DEPLOYMENT_READ,
    Capability.DOWNLOAD,
    Capability.CASE_CREATE,
    Capability.CASE_READ_ALL,
    Capability.REPORT_EXPORT,
    Capability.AGGREGATE_READ,
)
_AUDIT_PER_ACCOUNT = 25
_ACTIONS = (
    "membership.role-changed",
    "membership.invited",
    "account.addresses-changed",
    "api-client.created",
    "session.revoked",
)


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Everything of identity."""
    customers, people = world.customers, world.people
    members = sum(len(customer.members) for customer in customers)
    await copier.rows(User, map(_user, people), len(people))
    await copier.rows(Credential, _credentials(world, copier.environment), len(people))
    await copier.rows(StaffAssignment, _staff(world), len(people))
    await copier.rows(Account, map(_account, customers), len(customers))
    await copier.rows(Membership, _memberships(customers), members)
    await copier.rows(PartnerRelation, _relations(world), len(customers))
    await copier.rows(Invitation, _invitations(world), len(customers))
    await copier.rows(ApiClient, _clients(world), len(customers))
    await copier.rows(AuditEvent, _audit(world), len(customers) * _AUDIT_PER_ACCOUNT)


def _user(person: Person) -> Row:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "email_key": email_key(person.email),
        "locale": person.language,
        "state": UserState.SUSPENDED if person.suspended else UserState.ACTIVE,
        "mfa_enabled": person.email == demo.CAREFUL.email,
        "last_sign_in_at": None,
        "created_at": person.created_at,
    }


def _credentials(world: World, told: Mapping[str, str]) -> Iterator[Row]:
    sealing_key = told.get("IDENTITY_SEALING_KEY") or told["IDENTITY_CURSOR_KEY"]
    sealer = Sealer(bytes.fromhex(sealing_key))
    # One hash for all who demonstrate: making one is slow on purpose.
    password_hash = PasswordHasher().hash(demo.PASSWORD)
    for person in world.people:
        if person.demonstrates:
            yield {
                "user_id": person.id,
                "password_hash": password_hash,
                "totp_secret": _second_factor(person, sealer),
                "totp_step": 0,
                "changed_at": person.created_at,
            }


def _second_factor(person: Person, sealer: Sealer) -> bytes | None:
    if person.email != demo.CAREFUL.email:
        return None
    return seal_secret(sealer, person.id, demo.SECOND_FACTOR)


def _staff(world: World) -> Iterator[Row]:
    for person in world.staff:
        for desk in person.desks:
            yield {"user_id": person.id, "desk": desk, "created_at": person.created_at}


def _account(customer: Customer) -> Row:
    administrators = customer.people(Role.ADMINISTRATOR)
    return {
        "id": customer.id,
        "number": customer.number,
        "name": customer.name,
        "kind": customer.kind,
        "status": customer.status,
        "billing_address": _address(customer),
        "shipping_address": _address(customer) if customer.index % 3 else None,
        "billing_contact_id": administrators[0].id if administrators else None,
        "created_at": customer.created_at,
        "version": 1,
    }


def _address(customer: Customer) -> dict[str, Any]:
    return {
        "line1": customer.street,
        "line2": None,
        "city": customer.city,
        "region": None,
        "postal_code": customer.postal_code,
        "country": customer.region.country,
        "company": customer.name,
        "vat_number": customer.vat_number,
    }


def _memberships(customers: tuple[Customer, ...]) -> Iterator[Row]:
    for customer in customers:
        for member in customer.members:
            removed = member.state is MembershipState.REMOVED
            yield {
                "id": member.id,
                "account_id": customer.id,
                "user_id": member.person.id,
                "role": member.role,
                "case_administrator": member.case_administrator,
                "state": member.state,
                "created_at": customer.created_at,
                "removed_at": customer.created_at + timedelta(days=90) if removed else None,
                "version": 1,
            }


def _relations(world: World) -> Iterator[Row]:
    """The partner's customers: two for good, one that has ended."""
    for customer in world.customers:
        if customer.partner_id is not None:
            ended = customer.index == 6
            yield {
                "id": seeded_id("relation", customer.index),
                "account_id": customer.id,
                "partner_id": customer.partner_id,
                "scope": list(_PARTNER_SCOPE),
                "since": customer.created_at.date(),
                "until": world.today - timedelta(days=3) if ended else None,
                "created_at": customer.created_at,
                "version": 1,
            }


def _invitations(world: World) -> Iterator[Row]:
    """Pending, accepted, run out and revoked ones, in turn."""
    for customer in world.customers:
        n = customer.index
        invited_at = world.now - timedelta(days=2 if n % 4 == 0 else 40)
        inviter = (customer.people(Role.ADMINISTRATOR) or customer.people())[:1]
        address = f"invited{n}@customer.example.com"
        yield {
            "id": seeded_id("invitation", n, at=invited_at),
            "account_id": customer.id,
            "email": address,
            "email_key": email_key(address),
            "first_name": "Noor",
            "last_name": "Lindqvist",
            "role": Role.INDIVIDUAL,
            "case_administrator": False,
            "key_group_ids": [],
            "token_hash": hashlib.sha256(f"invitation {n}".encode()).digest(),
            "invited_by_id": inviter[0].id if inviter else None,
            "expires_at": invited_at + timedelta(days=7),
            "accepted_at": invited_at + timedelta(days=1) if n % 4 == 1 else None,
            "revoked_at": invited_at + timedelta(days=1) if n % 4 == 2 else None,
            "created_at": invited_at,
        }


def _clients(world: World) -> Iterator[Row]:
    """One dashboard over everything, and a reporting client in every third account."""
    yield _client(world, -1, None, "Backlog dashboard", (Capability.AGGREGATE_READ,))
    reporting = (Capability.KEY_READ_ALL, Capability.CASE_READ_ALL, Capability.REPORT_EXPORT)
    for customer in world.customers:
        if customer.kind is AccountKind.CUSTOMER and customer.index % 3 == 0:
            yield _client(world, customer.index, customer, "Nightly report", reporting)


def _client(
    world: World, n: int, customer: Customer | None, name: str, scopes: tuple[Capability, ...]
) -> Row:
    return {
        "id": seeded_id("client", n + 1),
        "account_id": customer.id if customer else None,
        "name": name,
        "scopes": list(scopes),
        "secret_hash": hashlib.sha256(f"{demo.PASSWORD} {n}".encode()).digest(),
        "created_by_id": _creator(customer),
        "created_at": world.now - timedelta(days=60),
        "expires_at": world.now + timedelta(days=305),
        "revoked_at": None,
        "last_used_at": None,
    }


def _creator(customer: Customer | None) -> UUID | None:
    """Whose rights the client cannot exceed; dashboards are the operator's."""
    administrators = customer.people(Role.ADMINISTRATOR) if customer is not None else []
    return administrators[0].id if administrators else None


def _audit(world: World) -> Iterator[Row]:
    for customer in world.customers:
        chance = random_for("audit", customer.index)
        for k in range(_AUDIT_PER_ACCOUNT):
            at = world.now - timedelta(days=3 * k + 1, minutes=chance.randrange(600))
            member = chance.choice(customer.members)
            yield {
                "id": seeded_id("audit", customer.index, k, at=at),
                "account_id": customer.id,
                "at": at,
                "actor_id": customer.members[0].person.id,
                "action": chance.choice(_ACTIONS),
                "target": to_global("mem", member.id),
                "detail": None,
            }
