"""What clients pass in."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from kit.contract import SortDirection
from kit.ids import from_global, new_id
from services.licensing.key_codes import read_code
from services.licensing.key_vault import KeyVault
from services.licensing.models import KeyProduct
from services.licensing.repository.keys import KeyOrderField, KeyQuery, KeyView


@strawberry.input
class KeyFilter:
    """Keys that match all that is given."""

    product: list[KeyProduct] | None = None
    group_id: strawberry.ID | None = None
    deployment_id: strawberry.ID | None = None
    assigned_to: str | None = None
    registered_to: str | None = None
    expires_before: date | None = None
    search: str | None = None


@strawberry.input
class KeyOrder:
    """What a list of keys is sorted by; where there is nothing to sort by, last."""

    field: KeyOrderField
    direction: SortDirection = SortDirection.ASC


@strawberry.input
class AssignKeyInput:
    """Whom to give a key; `expectedVersion` is of the key as the caller saw it."""

    key_id: strawberry.ID
    first_name: str
    last_name: str
    email: str
    grant_portal_access: bool = False
    expected_version: int
    idempotency_key: strawberry.ID

    @property
    def parameters(self) -> list[Any]:
        """What makes this another request than one with the same idempotency key."""
        typed = [self.key_id, self.first_name, self.last_name, self.email]
        return [*typed, self.grant_portal_access, self.expected_version]


def key_query(
    view: KeyView | None, filter: KeyFilter | None, order: KeyOrder | None, vault: KeyVault
) -> KeyQuery:
    """The list as the repository takes it."""
    filter = filter or KeyFilter()
    code = read_code(filter.search) if filter.search else None
    return KeyQuery(
        view=view or KeyView.ALL,
        products=tuple(filter.product) if filter.product is not None else None,
        group_id=_id("grp", filter.group_id),
        deployment_id=_id("dep", filter.deployment_id),
        assigned_to=_text(filter.assigned_to),
        registered_to=_text(filter.registered_to),
        expires_before=filter.expires_before,
        # The text itself may be a key: it is looked for by its digest only.
        search=_text(filter.search) if code is None else None,
        digest=vault.digest(code) if code is not None else None,
        order=order.field if order is not None else None,
        descending=order is not None and order.direction is SortDirection.DESC,
    )


def products_named(name: str | None) -> tuple[KeyProduct, ...] | None:
    """The product that clients wrote as text; a name that means none finds nothing."""
    if name is None:
        return None
    wanted = name.strip().upper().replace("-", "_").replace(" ", "_")
    return tuple(product for product in KeyProduct if product.value == wanted)


def _id(prefix: str, text: str | None) -> UUID | None:
    # An id that names nothing finds nothing, as does one that the caller may not see.
    return (from_global(prefix, text) or new_id()) if text is not None else None


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None
