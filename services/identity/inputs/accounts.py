"""Accounts: which are listed, what is different, who shall administer them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import strawberry

from kit.columns import plain
from kit.errors import NotFound
from kit.ids import from_global, new_id
from services.identity import models
from services.identity.addresses import checked
from services.identity.models import AccountKind, AccountStatus
from services.identity.people import email_address, one_line, person_name
from services.identity.repository.query import AccountQuery, AuditQuery
from services.identity.rights.accounts import AccountChanges
from services.identity.rights.restorations import Candidate

_LONGEST_REASON = 1000


@strawberry.input
class AccountFilter:
    """Accounts that match all that is given."""

    status: AccountStatus | None = None
    kind: AccountKind | None = None
    partner_id: strawberry.ID | None = None


@strawberry.input
class AddressInput:
    """A postal address. `country` is ISO 3166-1 alpha-2."""

    line1: str
    line2: str | None = None
    city: str
    region: str | None = None
    postal_code: str | None = None
    country: str
    company: str | None = None
    vat_number: str | None = None


@strawberry.input
class UpdateAccountInput:
    """What is absent stays as it is; null clears it."""

    account_id: strawberry.ID
    billing_address: AddressInput | None = strawberry.UNSET
    shipping_address: AddressInput | None = strawberry.UNSET
    billing_contact_id: strawberry.ID | None = strawberry.UNSET
    expected_version: int


@strawberry.input
class RestoreAdministratorInput:
    """Who shall administer an account that lost its administrator: one of its members by their
    address, or somebody who will be invited."""

    account_id: strawberry.ID
    first_name: str
    last_name: str
    email: str
    reason: str
    idempotency_key: strawberry.ID


def account_query(search: str | None, filter: AccountFilter | None) -> AccountQuery:
    """The filter as the repository takes it."""
    if filter is None:
        return AccountQuery(search)
    partner_id = None
    if filter.partner_id is not None:
        # An id that names nothing finds nothing, as does one that the caller may not see.
        partner_id = from_global("acc", filter.partner_id) or new_id()
    return AccountQuery(search, filter.status, filter.kind, partner_id)


def audit_query(
    since: datetime | None,
    until: datetime | None,
    action: str | None,
    actor_id: str | None,
) -> AuditQuery:
    """The filter as the repository takes it. An actor is a person or a machine client."""
    actor = None
    if actor_id is not None:
        # An id that names nothing finds nothing.
        actor = from_global("user", actor_id) or from_global("cli", actor_id) or new_id()
    return AuditQuery(since, until, plain(action) if action is not None else None, actor)


def account_changes(input: UpdateAccountInput) -> AccountChanges:
    """What shall be different. Raises what `checked` raises, and `NotFound`."""
    values: dict[str, models.Address | UUID | None] = {}
    if input.billing_address is not strawberry.UNSET:
        values["billing_address"] = _address(input.billing_address, "billingAddress")
    if input.shipping_address is not strawberry.UNSET:
        values["shipping_address"] = _address(input.shipping_address, "shippingAddress")
    if input.billing_contact_id is not strawberry.UNSET:
        values["billing_contact_id"] = _perhaps(
            "user", input.billing_contact_id, "billingContactId"
        )
    return AccountChanges(values)


def candidate(input: RestoreAdministratorInput) -> Candidate:
    """Who shall be administrator. Raises `InvalidName`, `InvalidEmail`."""
    return Candidate(
        first_name=person_name(input.first_name, "firstName"),
        last_name=person_name(input.last_name, "lastName"),
        email=email_address(input.email),
    )


def reason(input: RestoreAdministratorInput) -> str:
    """Why. Raises `InvalidText`."""
    return one_line(input.reason, "reason", most=_LONGEST_REASON)


def _address(input: AddressInput | None, field: str) -> models.Address | None:
    if input is None:
        return None
    return checked(models.Address(**asdict(input)), field)


def _perhaps(prefix: str, text: str | None, field: str) -> UUID | None:
    if text is None:
        return None
    id = from_global(prefix, text)
    if id is None:
        raise NotFound(path=(field,))
    return id
