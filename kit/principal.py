"""The verified caller, as the gateway hands it to each service."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson

from kit.contract import Capability, PrincipalKind

#: How many decoded principals a process keeps. One is a few kilobytes.
_DECODED: Final = 4096


class MalformedPrincipal(ValueError):
    """The text is no principal: the sender does not speak our protocol."""


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """A person or machine client and what it may do in which account.

    `accounts` holds the capabilities per account, `everywhere` those that staff and dashboards
    have in all accounts, `queues` the work queues a staff member serves. A partner's customers
    are among `accounts` for as long as the relation lasts: past `valid_until` the principal must
    be loaded anew. Until `proven_until` the session's person has proved lately that it is them
    (`kit.step_up`).
    """

    kind: PrincipalKind
    id: UUID
    session_id: UUID | None = None
    accounts: Mapping[UUID, frozenset[Capability]] = field(default_factory=dict)
    everywhere: frozenset[Capability] = frozenset()
    queues: frozenset[str] = frozenset()
    locale: str | None = None
    valid_until: datetime | None = None
    proven_until: datetime | None = None

    def holds(self, capability: Capability, account_id: UUID) -> bool:
        """Whether the caller has `capability` in this account."""
        return capability in self.everywhere or capability in self.accounts.get(account_id, ())

    def holds_any(self, capability: Capability) -> bool:
        """Whether the caller has `capability` in at least one account."""
        return capability in self.everywhere or any(
            capability in held for held in self.accounts.values()
        )

    def accounts_with(self, *capabilities: Capability) -> list[UUID]:
        """The accounts in which the caller has any of these, not counting `everywhere`."""
        wanted = frozenset(capabilities)
        return [account for account, held in self.accounts.items() if held & wanted]

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes for `@requiresScopes`: the union over all accounts."""
        return frozenset(
            capability.scope for capability in self.everywhere.union(*self.accounts.values())
        )

    def encode(self) -> str:
        """The text that travels in `extensions.principal`. Encode once per principal version."""
        grants: dict[frozenset[Capability], list[str]] = {}
        for account, held in self.accounts.items():
            grants.setdefault(held, []).append(account.hex)
        document = {
            "kind": self.kind,
            "id": self.id.hex,
            "session": self.session_id.hex if self.session_id else None,
            "grants": [[sorted(held), accounts] for held, accounts in grants.items()],
            "everywhere": sorted(self.everywhere),
            "queues": sorted(self.queues),
            "locale": self.locale,
            "until": self.valid_until,
            "proven": self.proven_until,
        }
        return base64.urlsafe_b64encode(orjson.dumps(document)).decode()

    @staticmethod
    def decode(text: str) -> "Principal":
        """Read what `encode` wrote. Raises `MalformedPrincipal`."""
        return _decode(text)


@lru_cache(maxsize=_DECODED)
def _decode(text: str) -> Principal:
    try:
        return _from_document(orjson.loads(base64.urlsafe_b64decode(text)))
    except (binascii.Error, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise MalformedPrincipal("This is no encoded principal.") from error


def _from_document(document: Mapping[str, Any]) -> Principal:
    accounts: dict[UUID, frozenset[Capability]] = {}
    for held, ids in document["grants"]:
        capabilities = frozenset(Capability(name) for name in held)
        accounts.update((UUID(hex=id), capabilities) for id in ids)
    session = document["session"]
    return Principal(
        kind=PrincipalKind(document["kind"]),
        id=UUID(hex=document["id"]),
        session_id=UUID(hex=session) if session else None,
        accounts=accounts,
        everywhere=frozenset(Capability(name) for name in document["everywhere"]),
        queues=frozenset(document["queues"]),
        locale=document["locale"],
        valid_until=_moment(document["until"]),
        proven_until=_moment(document.get("proven")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
