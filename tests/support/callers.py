"""Callers whom only the rows' own rules can stop."""

from dataclasses import replace

from kit.contract import Capability
from kit.ids import new_id
from kit.principal import Principal


def past_the_directives(caller: Principal) -> Principal:
    """The same caller with every right in an account that holds nothing.

    Directives ask whether a right is held in any account, so they let it through.
    """
    return replace(caller, accounts={**caller.accounts, new_id(): frozenset(Capability)})
