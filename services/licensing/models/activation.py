"""Activations: where keys are in use, and who signed in instead of typing one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.key import KeyProduct, ProductKey
from services.licensing.models.registry import Base


class ActivationMethod(StrEnum):
    """How the installation was opened."""

    PRODUCT_KEY = "PRODUCT_KEY"
    OFFLINE_FILE = "OFFLINE_FILE"
    LOGIN = "LOGIN"


class ActivationState(StrEnum):
    """OBSOLETE is returned, or past the end of its lease."""

    ACTIVE = "ACTIVE"
    OBSOLETE = "OBSOLETE"


class Activation(Base, kw_only=True):
    """One installation. It holds one of its key's activations until it is deactivated.

    Name, e-mail address and version are blank when nobody registered it: offline, scripted,
    behind a firewall, by login.
    """

    __tablename__ = "activations"
    __table_args__ = (
        Index(None, "account_id", "activated_at", "id"),
        Index(None, "key_id", "activated_at", "id"),
        Index(
            "uq_activations_key_id_machine",
            "key_id",
            "machine",
            unique=True,
            postgresql_where=text("deactivated_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    #: None for activations by login, which need no key.
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_keys.id"), default=None)
    deployment_id: Mapped[UUID | None] = mapped_column(ForeignKey("deployments.id"), default=None)
    fulfilment_id: Mapped[str | None] = mapped_column(default=None)
    product: Mapped[KeyProduct] = mapped_column(named(KeyProduct))
    method: Mapped[ActivationMethod] = mapped_column(named(ActivationMethod))
    name: Mapped[str | None] = mapped_column(default=None)
    email: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[str | None] = mapped_column(default=None)
    host: Mapped[str | None] = mapped_column(default=None)
    #: The fingerprint of the machine: activating it again changes nothing.
    machine: Mapped[str]
    activated_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    last_seen_at: Mapped[datetime | None] = mapped_column(default=None)
    lease_ends_at: Mapped[datetime | None] = mapped_column(default=None)
    deactivated_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Readers of activations: of the keys they see; without a key, where they see all keys."""
        return in_accounts(cls.account_id, principal, Capability.ACTIVATION_READ) & or_(
            cls.key_id.in_(select(ProductKey.id).correlate(None)),
            cls.key_id.is_(None) & in_accounts(cls.account_id, principal, Capability.KEY_READ_ALL),
        )

    def state_at(self, now: datetime) -> ActivationState:
        """Whether the installation may run."""
        if self.deactivated_at is not None:
            return ActivationState.OBSOLETE
        if self.lease_ends_at is not None and self.lease_ends_at <= now:
            return ActivationState.OBSOLETE
        return ActivationState.ACTIVE


class OfflineActivation(Base, kw_only=True):
    """A request file from a machine without a network, and the licence file that answers it."""

    __tablename__ = "offline_activations"
    __table_args__ = (
        Index(None, "account_id", "key_id"),
        Index(None, "activation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("product_keys.id"))
    activation_id: Mapped[UUID] = mapped_column(ForeignKey("activations.id"))
    #: SHA-256 of the request file.
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    #: How long the installation may run, in seconds.
    authorized_seconds: Mapped[int | None] = mapped_column(default=None)
    #: Where the licence file is kept.
    object_key: Mapped[str]
    requested_by_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    #: When the return file was handed in.
    returned_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its activation."""
        return cls.activation_id.in_(select(Activation.id).correlate(None))


class LoginAction(StrEnum):
    """What happened to an activation by login."""

    ACTIVATED = "ACTIVATED"
    RENEWED = "RENEWED"
    TRANSFERRED = "TRANSFERRED"
    RELEASED = "RELEASED"


class LoginEvent(Base, kw_only=True):
    """Somebody's installation asked a deployment for a seat, kept it, or gave it back."""

    __tablename__ = "login_events"
    __table_args__ = (
        Index(None, "account_id", "at", "id"),
        Index(None, "activation_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    activation_id: Mapped[UUID] = mapped_column(ForeignKey("activations.id"))
    action: Mapped[LoginAction] = mapped_column(named(LoginAction))
    at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its activation."""
        return cls.activation_id.in_(select(Activation.id).correlate(None))
