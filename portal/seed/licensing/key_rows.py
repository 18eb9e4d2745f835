"""The rows of keys, their seats, and who had them assigned."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from kit.emails import email_key
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.licensing.histories import History, registration_id
from portal.seed.licensing.keys import SeededKey
from portal.seed.scale import CONTRACTS_PER_ACCOUNT
from portal.seed.world import World
from services.licensing.key_vault import KeyVault
from services.licensing.models import KeyProduct

_EDITIONS = {
    KeyProduct.SERVER: ("Role-based", "Core-based"),
    KeyProduct.DESKTOP: ("Professional", "Personal"),
    KeyProduct.CLOUD: ("Standard", "Enterprise"),
}
_LABELS = ("Team Nord", "Lab 7", '=HYPERLINK("x")', "équipe données", "<b>spare</b>", "予備")
_ROLES = (("CREATOR", 10), ("EXPLORER", 4), ("VIEWER", 1))


def key_row(key: SeededKey, history: History, world: World, vault: KeyVault) -> Row:
    """A key with what its histories say of today."""
    sealed = vault.seal(key.id, key.code)
    term, customer = key.term, key.customer
    created = datetime.combine(term.visible_from, time(8), world.now.tzinfo)
    good = term.expires_on is None or term.expires_on >= world.today
    return {
        "id": key.id,
        "account_id": customer.id,
        "sealed": sealed.sealed,
        "secret_id": sealed.secret_id,
        "digest": sealed.digest,
        "head": sealed.head,
        "tail": sealed.tail,
        "product": key.product,
        "edition": _edition(key),
        "seats": seats_of(key),
        "starts_on": term.starts_on,
        "expires_on": term.expires_on,
        "maintenance_ends_on": term.maintenance_ends_on,
        "visible_from": term.visible_from,
        "suspended_at": world.now - timedelta(days=9) if term.suspended else None,
        "revoked_at": world.now - timedelta(days=30) if term.revoked else None,
        "contract_id": _contract_id(key, good=good),
        "replaces_id": _replaced_id(key),
        "group_id": key.group_id,
        "deployment_id": key.deployment.id if key.deployment is not None else None,
        "owner_id": key.owner_id,
        **_assignment(key),
        **_reference(key),
        **_latest(key, history),
        "activations_used": history.used,
        "activations_allowed": history.allowed,
        "created_at": created,
        "version": 1,
    }


def _edition(key: SeededKey) -> str | None:
    editions = _EDITIONS.get(key.product)
    return editions[key.index % len(editions)] if editions is not None else None


def seats_of(key: SeededKey) -> int | None:
    """How many people, or cores, the key is good for."""
    match key.product:
        case KeyProduct.ADD_ON:
            return None
        case KeyProduct.SERVER | KeyProduct.CLOUD:
            return 20 + key.index % 7 * 30
        case KeyProduct.ELEARNING:
            return 5 + key.index % 4 * 5
        case KeyProduct.CREATOR | KeyProduct.DESKTOP | KeyProduct.PREP:
            return 1


def seat_rows(key: SeededKey) -> Iterator[Row]:
    """The seats that a key of a Server or of Online brings, by role."""
    seats = seats_of(key)
    if seats is None or key.product not in (KeyProduct.SERVER, KeyProduct.CLOUD):
        return
    for role, parts in _ROLES:
        yield {
            "key_id": key.id,
            "role": role,
            "account_id": key.customer.id,
            "purchased": max(1, seats // (parts + 1)),
        }


def assignment_rows(key: SeededKey) -> Iterator[Row]:
    """Who has the key; and, for some, who had it before."""
    holder, assigned_at = key.holder, key.assigned_at
    if holder is None or assigned_at is None:
        return
    if key.index % 6 == 0:
        yield {
            **_assignment_row(key, "earlier"),
            "first_name": "Robin",
            "last_name": "Former",
            "email": "former@customer.example.com",
            "email_key": "former@customer.example.com",
            "user_id": None,
            "portal_access": False,
            "assigned_at": assigned_at - timedelta(days=120),
            "ended_at": assigned_at,
        }
    yield {
        **_assignment_row(key, "current"),
        "first_name": holder.first_name,
        "last_name": holder.last_name,
        "email": holder.email,
        "email_key": email_key(holder.email),
        "user_id": holder.user_id,
        "portal_access": holder.user_id is not None,
        "assigned_at": assigned_at,
        "ended_at": None,
    }


def _assignment_row(key: SeededKey, which: str) -> dict[str, Any]:
    return {
        "id": seeded_id(f"assignment-{which}", key.customer.index, key.index),
        "account_id": key.customer.id,
        "key_id": key.id,
        "assigned_by_id": key.owner_id,
    }


def _assignment(key: SeededKey) -> dict[str, Any]:
    holder = key.holder
    return {
        "assignee_id": holder.user_id if holder is not None else None,
        "assigned_name": f"{holder.first_name} {holder.last_name}" if holder is not None else None,
        "assigned_email": holder.email if holder is not None else None,
        "assigned_at": key.assigned_at,
    }


def _reference(key: SeededKey) -> dict[str, Any]:
    tracked = key.index % 5 < 2
    return {
        "reference_label": _LABELS[key.index % len(_LABELS)] if tracked else None,
        "reference_cost_centre": f"CC-{1000 + key.index % 40}" if tracked else None,
        "reference_note": "For the data team; ask before moving." if key.index % 10 == 0 else None,
    }


def _latest(key: SeededKey, history: History) -> dict[str, Any]:
    registrations = history.registrations
    last = registrations[-1] if registrations else None
    return {
        "last_registration_id": registration_id(key, len(registrations) - 1) if last else None,
        "last_registered_at": last.at if last is not None else None,
        "last_version": last.version if last is not None else None,
        "last_active_at": history.last_active_at,
    }


def _contract_id(key: SeededKey, *, good: bool) -> UUID | None:
    """The account's last contract; for keys that have ended, the first."""
    if key.product is KeyProduct.ADD_ON:
        return None
    return seeded_id("contract", key.customer.index, CONTRACTS_PER_ACCOUNT - 1 if good else 0)


def _replaced_id(key: SeededKey) -> UUID | None:
    """Some keys get another value when they are renewed."""
    replaces = key.index % 25 == 3
    return seeded_id("key", key.customer.index, key.index - 1) if replaces else None
