"""Product keys: what they open, until when, who holds them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    and_,
    cast,
    func,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.errors import DomainError
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.errors import KeyExpired, KeyUnusable, LoginBased
from services.licensing.models.group import managed_groups
from services.licensing.models.registry import Base

#: How long before their start keys appear to the customer.
EARLY: Final = timedelta(days=15)


class KeyProduct(StrEnum):
    """What a key opens. CREATOR opens Desktop and Prep."""

    CREATOR = "CREATOR"
    DESKTOP = "DESKTOP"
    PREP = "PREP"
    SERVER = "SERVER"
    CLOUD = "CLOUD"
    ELEARNING = "ELEARNING"
    ADD_ON = "ADD_ON"


#: What people activate by signing in where licensing is based on logins.
LOGIN_PRODUCTS: Final = frozenset({KeyProduct.CREATOR, KeyProduct.DESKTOP, KeyProduct.PREP})


class KeyState(StrEnum):
    """Follows from the dates unless the vendor has suspended or revoked the key."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


class ProductKey(Base, kw_only=True):
    """One key. Its 20 characters are kept sealed, and as a keyed digest to be found by.

    What lists filter and sort by stands here, though histories have it too: the assignment in
    force, the latest registration, the last activity, the activations in use.
    """

    __tablename__ = "product_keys"
    __table_args__ = (
        Index(None, "account_id", "starts_on", "id"),
        Index(None, "starts_on", "id"),  # for those who list the keys of all accounts
        Index(None, "account_id", "maintenance_ends_on", "id"),
        Index(None, "account_id", "expires_on", "id"),
        Index(None, "account_id", "assignee_id"),
        Index(None, "account_id", "owner_id"),
        Index(None, "assignee_id"),
        Index(None, "owner_id"),
        Index(None, "group_id", "starts_on", "id"),
        Index(None, "deployment_id", "starts_on", "id"),
        Index(
            "ix_product_keys_assigned_trigrams",
            "assigned_name",
            "assigned_email",
            postgresql_using="gin",
            postgresql_ops={"assigned_name": "gin_trgm_ops", "assigned_email": "gin_trgm_ops"},
        ),
        CheckConstraint("activations_used between 0 and activations_allowed", name="activations"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("expires_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    #: AES-GCM under the secret `secret_id`; see `key_vault`.
    sealed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    secret_id: Mapped[str] = mapped_column(repr=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True, repr=False)
    #: The first two and the last four characters: all that is ever shown unasked.
    head: Mapped[str] = mapped_column(CHAR(2))
    tail: Mapped[str] = mapped_column(CHAR(4))
    product: Mapped[KeyProduct] = mapped_column(named(KeyProduct))
    edition: Mapped[str | None] = mapped_column(default=None)
    #: How many people or cores the key is good for; None where it counts nobody.
    seats: Mapped[int | None] = mapped_column(default=None)
    starts_on: Mapped[date]
    #: The key's last day; None for perpetual licences.
    expires_on: Mapped[date | None] = mapped_column(default=None)
    #: The last day of maintenance.
    maintenance_ends_on: Mapped[date | None] = mapped_column(default=None)
    visible_from: Mapped[date]
    suspended_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Billing's contract.
    contract_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The key whose place this one took when it was renewed.
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_keys.id"), default=None)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("key_groups.id"), default=None)
    deployment_id: Mapped[UUID | None] = mapped_column(ForeignKey("deployments.id"), default=None)
    #: The person on the purchase order.
    owner_id: Mapped[UUID | None] = mapped_column(default=None)

    #: Whom the key is assigned to; the person is known once they have access to the portal.
    assignee_id: Mapped[UUID | None] = mapped_column(default=None)
    assigned_name: Mapped[str | None] = mapped_column(default=None)
    assigned_email: Mapped[str | None] = mapped_column(default=None)
    assigned_at: Mapped[datetime | None] = mapped_column(default=None)

    #: The customer's own tracking data.
    reference_label: Mapped[str | None] = mapped_column(default=None)
    reference_cost_centre: Mapped[str | None] = mapped_column(default=None)
    reference_note: Mapped[str | None] = mapped_column(default=None)

    #: Of the latest registration; no foreign key, since the two would need each other.
    last_registration_id: Mapped[UUID | None] = mapped_column(default=None)
    last_registered_at: Mapped[datetime | None] = mapped_column(default=None)
    last_version: Mapped[str | None] = mapped_column(default=None)
    #: When an activation of the key was last seen.
    last_active_at: Mapped[datetime | None] = mapped_column(default=None)
    activations_used: Mapped[int] = mapped_column(default=0)
    activations_allowed: Mapped[int] = mapped_column(default=2)

    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """All of the account, managed groups, or one's own; the vendor's licensing desk sees
        keys before they appear."""
        readable = or_(
            in_accounts(cls.account_id, principal, Capability.KEY_READ_ALL),
            in_accounts(cls.account_id, principal, Capability.KEY_READ_GROUP)
            & cls.group_id.in_(managed_groups(principal)),
            in_accounts(cls.account_id, principal, Capability.KEY_READ_OWN)
            & cls.held_by(principal.id),
        )
        return and_(readable, has_appeared(cls.account_id, cls.visible_from, principal))

    @classmethod
    def held_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Owned by, or assigned to, this person."""
        return or_(cls.owner_id == person_id, cls.assignee_id == person_id)

    @property
    def masked(self) -> str:
        """The key as everybody may see it."""
        return f"{self.head}..-....-{self.tail}"

    def state_on(self, today: date) -> KeyState:
        """What the key is good for on a day; its last day counts."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.suspended_at is not None:
            return KeyState.SUSPENDED
        if self.expires_on is not None and self.expires_on < today:
            return KeyState.EXPIRED
        return KeyState.PENDING if today < self.starts_on else KeyState.ACTIVE

    def why_not_assign(self, today: date, *, login_based: bool) -> DomainError | None:
        """What keeps the key from being assigned to anybody, where it is used."""
        if login_based and self.product in LOGIN_PRODUCTS:
            return LoginBased()
        match self.state_on(today):
            case KeyState.EXPIRED:
                return KeyExpired()
            case KeyState.SUSPENDED | KeyState.REVOKED:
                return KeyUnusable()
            case KeyState.PENDING | KeyState.ACTIVE:
                return None


def has_appeared(
    account_id: Any,
    visible_from: Any,
    principal: Principal,
) -> ColumnElement[bool]:
    """The row rule of keys' first day; the database's clock decides, rules are kept for long."""
    today = cast(func.timezone("UTC", func.now()), Date)
    licensing = in_accounts(account_id, principal, Capability.STAFF_LICENSE)
    return or_(licensing, visible_from <= today)
