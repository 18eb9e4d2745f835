"""Addresses that answers go to: each is one mail's own, signed, and good for a time.

`case+<52 characters>@domain`: the mail's id and the first half of an HMAC-SHA256 of it, its case
and its reader, in lower-case base 32, which survives servers that change case and fits into the 64
octets of a local part (RFC 5321, section 4.5.3.1.1).
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kit.notices.row import NoticeRow
from kit.notices.tokens import MailedTokens

_MAILBOX: Final = "case"
_PURPOSE: Final = "case reply"
_ID: Final = 16
_MAC: Final = 16
_PADDING: Final = "===="
_TOKEN: Final = 52


@dataclass(frozen=True, slots=True)
class Claim:
    """What an address says, before anybody knows whether it is true."""

    notice_id: UUID
    mac: bytes


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """Makes and checks the addresses of one domain."""

    tokens: MailedTokens
    domain: str
    lifetime: timedelta

    def of(self, notice: NoticeRow) -> str | None:
        """Where the reader of this mail answers; None for mails that nobody answers."""
        mac = self._mac(notice)
        if mac is None:
            return None
        return f"{_MAILBOX}+{_encoded(notice.id.bytes + mac)}@{self.domain}"

    def claim(self, address: str) -> Claim | None:
        """What the address claims; None when it is none of ours."""
        mailbox, _, domain = address.rpartition("@")
        head, _, token = mailbox.partition("+")
        if domain.lower() != self.domain.lower() or head.lower() != _MAILBOX:
            return None
        content = _decoded(token)
        return Claim(UUID(bytes=content[:_ID]), content[_ID:]) if content is not None else None

    def is_true(self, claim: Claim, notice: NoticeRow) -> bool:
        """Whether the address was made for this mail."""
        mac = self._mac(notice)
        return mac is not None and hmac.compare_digest(mac, claim.mac)

    def has_expired(self, notice: NoticeRow, now: datetime) -> bool:
        """Whether the mail is too old to be answered."""
        return now >= notice.created_at + self.lifetime

    def _mac(self, notice: NoticeRow) -> bytes | None:
        if notice.thread_id is None or notice.reader_id is None:
            return None
        ids = (notice.id, notice.thread_id, notice.reader_id)
        return self.tokens.digest(_PURPOSE, *ids)[:_MAC]


def _encoded(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def _decoded(token: str) -> bytes | None:
    """The bytes of a token that is written as we write it, in upper or lower case."""
    if len(token) != _TOKEN:
        return None
    try:
        content = base64.b32decode(token.upper() + _PADDING)
    except (binascii.Error, ValueError):
        return None
    return content if _encoded(content) == token.lower() else None
