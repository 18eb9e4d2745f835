"""The columns of the matrix: every role, desk and kind of client, with what it holds where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.authorization.rules import Audience
from kit.contract import Capability
from services.identity import capabilities
from services.identity.models import Desk, Role

_NONE: Final[frozenset[Capability]] = frozenset()

#: The roles' and desks' columns, by the letters that head them.
_ROLES: Final = {
    "AD": Role.ADMINISTRATOR,
    "LA": Role.LICENSE_ADMINISTRATOR,
    "GM": Role.KEY_GROUP_MANAGER,
    "IN": Role.INDIVIDUAL,
    "DO": Role.DOWNLOAD_ONLY,
    "SO": Role.SUPPORT_ONLY,
    "BI": Role.BILLING,
    "PM": Role.PARTNER_MANAGER,
    "PA": Role.PARTNER_AGENT,
}
_DESKS: Final = {
    "SA": Desk.SUPPORT,
    "CS": Desk.CUSTOMER_SERVICE,
    "LO": Desk.LICENSING_OPERATIONS,
    "FI": Desk.FINANCE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """Somebody of one kind, and where their capabilities reach.

    `own` are held in the account of the membership or client, `customers` in those of a partner's
    customers, `everywhere` in all accounts.
    """

    code: str
    title: str
    own: frozenset[Capability] = _NONE
    customers: frozenset[Capability] = _NONE
    everywhere: frozenset[Capability] = _NONE
    signed_in: bool = True

    @property
    def audience(self) -> Audience:
        """As the gateway's rules see it."""
        held = self.own | self.customers | self.everywhere
        return Audience(self.signed_in, frozenset(each.scope for each in held))


def columns() -> tuple[Column, ...]:
    """All of them, in the order of the matrix. An API client is shown with all it may ever hold."""
    roles = {column.code: column for column in _roles()}
    with_add_on = capabilities.of_member(Role.SUPPORT_ONLY, case_administrator=True)
    add_on = Column("CA", "role support only, as Case Administrator", with_add_on)
    partners = [roles.pop(code) for code in ("PM", "PA")]
    desks = [
        Column(code, _title("staff", desk), everywhere=capabilities.DESKS[desk])
        for code, desk in _DESKS.items()
    ]
    machines = [
        Column("API", "API client", capabilities.MACHINES),
        Column("DASH", "dashboard", everywhere=capabilities.DASHBOARD),
        Column("anon", "not signed in", signed_in=False),
    ]
    return (*roles.values(), add_on, *partners, *desks, *machines)


def _roles() -> Iterator[Column]:
    for code, role in _ROLES.items():
        customers = capabilities.AT_CUSTOMERS.get(role, _NONE)
        yield Column(code, _title("role", role), capabilities.ROLES[role], customers)


def _title(kind: str, name: str) -> str:
    return f"{kind} {name.lower().replace('_', ' ')}"
