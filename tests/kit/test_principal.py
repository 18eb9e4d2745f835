"""The caller as it travels."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from kit.contract import Capability, PrincipalKind
from kit.ids import new_id
from kit.principal import MalformedPrincipal, Principal


def a_partner(customers: int) -> Principal:
    shared = frozenset({Capability.CASE_READ_ALL, Capability.KEY_READ_ALL})
    return Principal(
        kind=PrincipalKind.PARTNER,
        id=new_id(),
        session_id=new_id(),
        accounts={UUID(int=n): shared for n in range(customers)},
        everywhere=frozenset({Capability.AGGREGATE_READ}),
        queues=frozenset({"LICENSING"}),
        locale="fr",
        valid_until=datetime(2026, 12, 31, tzinfo=UTC),
    )


def test_a_principal_survives_the_wire() -> None:
    partner = a_partner(3)

    read = Principal.decode(partner.encode())

    assert (read.kind, read.id, read.session_id) == (partner.kind, partner.id, partner.session_id)
    assert read.accounts == partner.accounts
    assert (read.everywhere, read.queues) == (partner.everywhere, partner.queues)
    assert (read.locale, read.valid_until) == (partner.locale, partner.valid_until)


def test_hundreds_of_customers_with_the_same_rights_share_one_list_of_them() -> None:
    text = a_partner(500).encode()

    assert len(text) / 500 < 50


@pytest.mark.parametrize("text", ["", "!", "e30=", "bnVsbA==", "W10="])
def test_what_is_no_principal_is_refused(text: str) -> None:
    with pytest.raises(MalformedPrincipal):
        Principal.decode(text)


def test_rights_end_at_the_account_they_were_given_in() -> None:
    here, there = new_id(), new_id()
    member = Principal(
        kind=PrincipalKind.CUSTOMER,
        id=new_id(),
        accounts={here: frozenset({Capability.INVOICE_READ}), there: frozenset()},
    )

    assert member.holds(Capability.INVOICE_READ, here)
    assert not member.holds(Capability.INVOICE_READ, there)
    assert member.accounts_with(Capability.INVOICE_READ, Capability.INVOICE_PAY) == [here]
    assert member.scopes == {"invoice:read"}


def test_staff_hold_their_rights_in_every_account() -> None:
    staff = Principal(
        kind=PrincipalKind.STAFF, id=new_id(), everywhere=frozenset({Capability.ACCOUNT_READ})
    )

    assert staff.holds(Capability.ACCOUNT_READ, new_id())
    assert staff.holds_any(Capability.ACCOUNT_READ)
    assert not staff.holds_any(Capability.ACCOUNT_EDIT)
