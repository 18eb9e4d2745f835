"""Cases are between people."""

from kit.contract import PrincipalKind
from kit.principal import Principal
from services.cases.errors import PersonRequired


def person(principal: Principal) -> Principal:
    """The caller, who is no program. Raises `PersonRequired`."""
    if principal.kind is PrincipalKind.MACHINE:
        raise PersonRequired
    return principal
