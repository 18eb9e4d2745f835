"""What an operation knows of what carries it."""

from dataclasses import dataclass, field

from gateway.authentication.presence import Presence, Unknown
from gateway.authentication.principals import Caller


@dataclass(frozen=True, slots=True)
class Connection:
    """`presence` is the caller for as long as a stream lasts, `address` where it comes from."""

    caller: Caller | None
    accept_language: str | None
    presence: Presence = field(default_factory=Unknown)
    address: str | None = None
