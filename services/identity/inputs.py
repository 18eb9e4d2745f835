"""What clients pass in."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from uuid import UUID

import strawberry

from kit.contract import Capability
from kit.errors import NotFound
from kit.ids import from_global, new_id
from services.identity import models
from services.identity.addresses import checked
from services.identity.errors import PastDay
from services.identity.models import AccountKind, AccountStatus, NotificationKind, Role
from services.identity.people import email_address, one_line, person_name
from services.identity.repository import AccountQuery, AuditQuery
from services.identity.rights.accounts import AccountChanges
from services.identity.rights.clients import NewClient
from services.identity.rights.invitations import NewInvitation
from services.identity.rights.partners import Terms
from services.identity.rights.restorations import Candidate

_LONGEST_REASON = 1000
_MOST_GROUPS = 100
_LONGEST_CLIENT_NAME = 100


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
class InviteUserInput:
    """Who shall be what. `keyGroupIds` are groups that a key group manager will manage."""

    account_id: strawberry.ID
    first_name: str
    last_name: str
    email: str
    role: Role
    case_administrator: bool | None = False
    key_group_ids: list[strawberry.ID] | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class UpdateMembershipInput:
    """What is absent stays as it is."""

    membership_id: strawberry.ID
    role: Role | None = None
    case_administrator: bool | None = None
    expected_version: int


@strawberry.input
class UpdateAccountInput:
    """What is absent stays as it is; null clears it."""

    account_id: strawberry.ID
    billing_address: AddressInput | None = strawberry.UNSET
    shipping_address: AddressInput | None = strawberry.UNSET
    billing_contact_id: strawberry.ID | None = strawberry.UNSET
    expected_version: int


@strawberry.input
class RelatePartnerInput:
    """What a partner's people may do, from the first day to the last, both included. Without
    them, from today and until it is ended. The partner says its number."""

    account_id: strawberry.ID
    partner_number: str
    scope: list[Capability]
    since: date | None = None
    until: date | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class EndPartnerRelationInput:
    """`until` is the last day; without it, the relation ends at once."""

    relation_id: strawberry.ID
    until: date | None = None
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


@strawberry.input
class UpdateProfileInput:
    """What is absent stays as it is. Without a locale, each client's own language counts."""

    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = strawberry.UNSET


@strawberry.input
class NotificationPreferenceInput:
    """Whether mails of this kind are wanted."""

    kind: NotificationKind
    mail: bool


@strawberry.input
class CreateApiClientInput:
    """A program and what it may do, until when."""

    account_id: strawberry.ID
    name: str
    scopes: list[Capability]
    expires_at: datetime
    idempotency_key: strawberry.ID


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


def account_query(search: str | None, filter: AccountFilter | None) -> AccountQuery:
    """The filter as the repository takes it."""
    if filter is None:
        return AccountQuery(search)
    partner_id = None
    if filter.partner_id is not None:
        # An id that names nothing finds nothing, as does one that the caller may not see.
        partner_id = from_global("acc", filter.partner_id) or new_id()
    return AccountQuery(search, filter.status, filter.kind, partner_id)


def new_invitation(input: InviteUserInput) -> NewInvitation:
    """What is asked. Raises `InvalidName`, `InvalidEmail`, `NotFound`."""
    return NewInvitation(
        first_name=person_name(input.first_name, "firstName"),
        last_name=person_name(input.last_name, "lastName"),
        email=email_address(input.email),
        role=input.role,
        case_administrator=bool(input.case_administrator),
        key_group_ids=_key_groups(input.key_group_ids or []),
    )


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


def terms(input: RelatePartnerInput) -> Terms:
    """What is agreed with the partner. Raises `PastDay`."""
    today = datetime.now(UTC).date()
    since = input.since or today
    if since < today:
        raise PastDay(path=("since",))
    return Terms(frozenset(input.scope), since, input.until)


def last_day(input: EndPartnerRelationInput) -> date | None:
    """The relation's last day. Raises `PastDay`."""
    if input.until is not None and input.until < datetime.now(UTC).date():
        raise PastDay(path=("until",))
    return input.until


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


def new_client(input: CreateApiClientInput, account_id: UUID) -> NewClient:
    """What is asked. Raises `InvalidText`."""
    return NewClient(
        account_id=account_id,
        name=one_line(input.name, "name", most=_LONGEST_CLIENT_NAME),
        scopes=frozenset(input.scopes),
        expires_at=input.expires_at,
    )


def plain(text: str) -> str:
    """The text without NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "")


def _key_groups(ids: list[strawberry.ID]) -> list[UUID]:
    found = [from_global("grp", id) for id in dict.fromkeys(ids)]
    if len(found) > _MOST_GROUPS or None in found:
        raise NotFound(path=("keyGroupIds",))
    return [id for id in found if id is not None]


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
