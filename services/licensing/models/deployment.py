"""Deployments: named collections of keys used in one Server environment or Online site."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.key import ProductKey
from services.licensing.models.registry import Base


class DeploymentPlatform(StrEnum):
    """A Server of the customer's own, or a site of the vendor's Online service."""

    SERVER = "SERVER"
    ONLINE = "ONLINE"


class DeploymentScope(StrEnum):
    """Whom the deployment serves: the customer's own people, or others."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


class Deployment(Base, kw_only=True):
    """Where keys are used together; always by login on Online, by choice on a Server."""

    __tablename__ = "deployments"
    __table_args__ = (
        Index(None, "account_id", "name", "id"),
        CheckConstraint("platform <> 'ONLINE' or login_based", name="online_is_login_based"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    name: Mapped[str]
    platform: Mapped[DeploymentPlatform] = mapped_column(named(DeploymentPlatform))
    scope: Mapped[DeploymentScope] = mapped_column(
        named(DeploymentScope), default=DeploymentScope.INTERNAL
    )
    #: People activate by signing in: no keys that they would otherwise type are taken.
    login_based: Mapped[bool] = mapped_column(default=False)
    site_url: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Readers of deployments: all where they read all keys, else those with a key they see."""
        return in_accounts(cls.account_id, principal, Capability.DEPLOYMENT_READ) & or_(
            in_accounts(cls.account_id, principal, Capability.KEY_READ_ALL),
            cls.id.in_(select(ProductKey.deployment_id).correlate(None)),
        )


class DeploymentEnvironment(Base, kw_only=True):
    """One installation: one is production, two more may be for trying things out."""

    __tablename__ = "deployment_environments"
    __table_args__ = (
        Index(None, "account_id", "deployment_id"),
        Index(
            "uq_deployment_environments_production",
            "deployment_id",
            unique=True,
            postgresql_where=text("production"),
        ),
    )

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployments.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    production: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """With its deployment."""
        return cls.deployment_id.in_(select(Deployment.id).correlate(None))
