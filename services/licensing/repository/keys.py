"""Product keys and their registrations: lists, counts and look-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.contract import Capability
from kit.database import among, in_accounts
from kit.pagination import Keyset, OrderBy, Page, PageRequest, Paginator
from kit.principal import Principal
from services.licensing.models import KeyProduct, ProductKey, Registration
from services.licensing.repository.search import contains

#: How far ahead the EXPIRING view looks.
EXPIRING: Final = timedelta(days=90)


class KeyView(StrEnum):
    """Which keys. EXPIRING ones, or their maintenance, end within 90 days."""

    ALL = "ALL"
    CURRENT_MAINTENANCE = "CURRENT_MAINTENANCE"
    EXPIRED_MAINTENANCE = "EXPIRED_MAINTENANCE"
    EXPIRING = "EXPIRING"
    UNREGISTERED = "UNREGISTERED"
    UNASSIGNED = "UNASSIGNED"
    MINE = "MINE"


class KeyOrderField(StrEnum):
    """What lists of keys are sorted by."""

    EXPIRES_ON = "EXPIRES_ON"
    MAINTENANCE_ENDS_ON = "MAINTENANCE_ENDS_ON"
    PRODUCT = "PRODUCT"
    LAST_REGISTERED = "LAST_REGISTERED"
    ASSIGNED_TO = "ASSIGNED_TO"


class Within(StrEnum):
    """What a list of keys belongs to."""

    ACCOUNT = "ACCOUNT"
    GROUP = "GROUP"
    DEPLOYMENT = "DEPLOYMENT"


@dataclass(frozen=True, slots=True)
class KeyQuery:
    """Which keys, in which order. `digest` is of a whole key: nobody searches for its text."""

    view: KeyView = KeyView.ALL
    products: tuple[KeyProduct, ...] | None = None
    group_id: UUID | None = None
    deployment_id: UUID | None = None
    assigned_to: str | None = None
    registered_to: str | None = None
    expires_before: date | None = None
    search: str | None = None
    digest: bytes | None = None
    order: KeyOrderField | None = None
    descending: bool = False


_PARENTS: Final[Mapping[Within, InstrumentedAttribute[Any]]] = {
    Within.ACCOUNT: ProductKey.account_id,
    Within.GROUP: ProductKey.group_id,
    Within.DEPLOYMENT: ProductKey.deployment_id,
}

_REGISTRATIONS: Final = Keyset(
    (OrderBy(Registration.at, descending=True), OrderBy(Registration.id, descending=True))
)


@dataclass(frozen=True, slots=True)
class KeyRepository:
    """Reads on one session, in the name of its principal."""

    session: AsyncSession
    paginator: Paginator
    principal: Principal

    async def page(self, query: KeyQuery, request: PageRequest) -> Page[ProductKey]:
        """A page of all keys that the caller sees. Raises `InvalidCursor`."""
        keyset = _keyset(query, self.principal)
        return await self.paginator.page(self.session, self._rows(query), keyset, request)

    async def count(self, query: KeyQuery) -> int:
        """How many there are in all."""
        counted = self._rows(query).with_only_columns(func.count(ProductKey.id))
        return (await self.session.scalars(counted)).one()

    async def pages_of(
        self, within: Within, ids: Sequence[UUID], query: KeyQuery, request: PageRequest
    ) -> Mapping[UUID, Page[ProductKey]]:
        """The same page of each parent's keys. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            _PARENTS[within],
            ids,
            self.session,
            self._rows(query),
            _keyset(query, self.principal),
            request,
        )

    async def counts_of(
        self, within: Within, ids: Sequence[UUID], query: KeyQuery
    ) -> Mapping[UUID, int]:
        """How many keys each parent has in all."""
        parent = _PARENTS[within]
        rows = self._rows(query).where(among(parent, ids))
        counted = rows.with_only_columns(parent, func.count()).group_by(parent)
        return dict((await self.session.execute(counted)).all())

    async def registrations(
        self, key_ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Registration]]:
        """The same page of each key's registrations, latest first. Raises `InvalidCursor`."""
        return await self.paginator.pages_by(
            Registration.key_id,
            key_ids,
            self.session,
            select(Registration),
            _REGISTRATIONS,
            request,
        )

    async def count_registrations(self, key_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many registrations each key has."""
        counted = (
            select(Registration.key_id, func.count())
            .where(among(Registration.key_id, key_ids))
            .group_by(Registration.key_id)
        )
        return dict((await self.session.execute(counted)).all())

    def _rows(self, query: KeyQuery) -> Select[ProductKey]:
        today = datetime.now(UTC).date()
        conditions = [
            *_in_view(query.view, self.principal, today),
            *_matching(query),
            *_searched(query, self.principal),
        ]
        return select(ProductKey).where(*conditions)


def _in_view(view: KeyView, principal: Principal, today: date) -> list[ColumnElement[bool]]:
    maintained_until, ends = ProductKey.maintenance_ends_on, ProductKey.expires_on
    match view:
        case KeyView.ALL:
            return []
        case KeyView.CURRENT_MAINTENANCE:
            return [maintained_until >= today]
        case KeyView.EXPIRED_MAINTENANCE:
            return [maintained_until < today]
        case KeyView.EXPIRING:
            last = today + EXPIRING
            return [or_(maintained_until.between(today, last), ends.between(today, last))]
        case KeyView.UNREGISTERED:
            known = in_accounts(ProductKey.account_id, principal, Capability.ACTIVATION_READ)
            return [known, ProductKey.last_registered_at.is_(None)]
        case KeyView.UNASSIGNED:
            return [ProductKey.assigned_at.is_(None)]
        case KeyView.MINE:
            return [ProductKey.held_by(principal.id)]


def _matching(query: KeyQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.products is not None:
        found.append(ProductKey.product.in_(query.products))
    if query.group_id is not None:
        found.append(ProductKey.group_id == query.group_id)
    if query.deployment_id is not None:
        found.append(ProductKey.deployment_id == query.deployment_id)
    if query.assigned_to:
        found.append(_assigned_to(query.assigned_to))
    if query.registered_to:
        registered = contains(query.registered_to, Registration.name, Registration.email)
        latest = select(Registration.id).where(registered)
        found.append(ProductKey.last_registration_id.in_(latest))
    if query.expires_before is not None:
        found.append(ProductKey.expires_on < query.expires_before)
    return found


def _searched(query: KeyQuery, principal: Principal) -> list[ColumnElement[bool]]:
    """In what the caller may read: assignment, own reference data, registrations."""
    if query.digest is not None:
        return [ProductKey.digest == query.digest]
    if not query.search:
        return []
    references = (
        ProductKey.reference_label,
        ProductKey.reference_cost_centre,
        ProductKey.reference_note,
    )
    own_data = in_accounts(ProductKey.account_id, principal, Capability.KEY_REFERENCE_READ)
    registered = contains(query.search, Registration.name, Registration.email, Registration.company)
    places = [
        _assigned_to(query.search),
        own_data & contains(query.search, *references),
        ProductKey.id.in_(select(Registration.key_id).where(registered)),
    ]
    return [or_(*places)]


def _assigned_to(wanted: str) -> ColumnElement[bool]:
    return contains(wanted, ProductKey.assigned_name, ProductKey.assigned_email)


def _keyset(query: KeyQuery, principal: Principal) -> Keyset:
    """The order asked for; without one, the newest keys first, or those that end soonest."""
    if query.order is None and query.view is not KeyView.EXPIRING:
        return Keyset((_by(ProductKey.starts_on, True), _by(ProductKey.id, True)))
    order = query.order or KeyOrderField.MAINTENANCE_ENDS_ON
    down = query.descending and query.order is not None
    nullable = order is not KeyOrderField.PRODUCT
    column = OrderBy(_column(order, principal), descending=down, nullable=nullable)
    return Keyset((column, _by(ProductKey.id, down)))


def _column(order: KeyOrderField, principal: Principal) -> Any:
    match order:
        case KeyOrderField.EXPIRES_ON:
            return ProductKey.expires_on
        case KeyOrderField.MAINTENANCE_ENDS_ON:
            return ProductKey.maintenance_ends_on
        case KeyOrderField.PRODUCT:
            return ProductKey.product
        case KeyOrderField.ASSIGNED_TO:
            return ProductKey.assigned_name
        case KeyOrderField.LAST_REGISTERED:
            # The order, and its cursors, would tell what the caller may not read.
            known = in_accounts(ProductKey.account_id, principal, Capability.ACTIVATION_READ)
            return case((known, ProductKey.last_registered_at), else_=None)


def _by(column: Any, descending: bool) -> OrderBy:
    return OrderBy(column, descending=descending)
