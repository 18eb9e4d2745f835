"""Addresses that answers go to: nobody makes one but the service."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit.ids import new_id
from kit.notices.tokens import MailedTokens
from services.cases.mail_in.addresses import ReplyAddresses
from services.cases.models import Notice

ADDRESSES = ReplyAddresses(
    MailedTokens(bytes(32), "cases"), "reply.example.com", timedelta(days=30)
)
DIGITS = "abcdefghijklmnopqrstuvwxyz234567"


def a_notice(**values: object) -> Notice:
    defaults: dict[str, object] = {
        "event_id": new_id(),
        "email": "ada@example.com",
        "email_key": "ada@example.com",
        "locale": "en",
        "wording": "answered",
        "params": {},
        "page": "/",
        "thread_id": new_id(),
        "reader_id": new_id(),
    }
    return Notice(**{**defaults, **values})  # type: ignore[arg-type]  # columns by name


def is_true(address: str, notice: Notice) -> bool:
    claim = ADDRESSES.claim(address)
    return claim is not None and claim.notice_id == notice.id and ADDRESSES.is_true(claim, notice)


NOTICE = a_notice()
ADDRESS = ADDRESSES.of(NOTICE) or ""


def test_an_address_is_true_however_servers_change_its_case() -> None:
    assert is_true(ADDRESS, NOTICE)
    assert is_true(ADDRESS.upper(), NOTICE)


@given(st.integers(5, 56), st.sampled_from(DIGITS))
def test_an_address_with_another_character_is_not(position: int, digit: str) -> None:
    altered = ADDRESS[:position] + digit + ADDRESS[position + 1 :]

    assert is_true(altered, NOTICE) == (altered == ADDRESS)


def test_an_address_is_bound_to_its_case_and_its_reader() -> None:
    for changed in ("thread_id", "reader_id"):
        other = a_notice(
            id=NOTICE.id,
            **{"thread_id": NOTICE.thread_id, "reader_id": NOTICE.reader_id, changed: new_id()},
        )
        assert not is_true(ADDRESS, other)


def test_another_secret_makes_other_addresses() -> None:
    other = ReplyAddresses(MailedTokens(b"x" * 32, "cases"), ADDRESSES.domain, timedelta(days=1))

    assert not is_true(other.of(NOTICE) or "", NOTICE)


@given(st.text(max_size=80))
def test_what_is_no_address_of_ours_claims_nothing(text: str) -> None:
    assert ADDRESSES.claim(text) is None
    assert ADDRESSES.claim(f"case+{text}@elsewhere.example.com") is None


def test_a_mail_without_a_reader_has_no_address() -> None:
    assert ADDRESSES.of(a_notice(reader_id=None)) is None


def test_an_address_expires() -> None:
    notice = a_notice(created_at=datetime.now(UTC) - timedelta(days=30))

    assert ADDRESSES.has_expired(notice, datetime.now(UTC))
    assert not ADDRESSES.has_expired(NOTICE, datetime.now(UTC))
