"""Partners: what is agreed with one, and until when."""

from datetime import UTC, date, datetime

import strawberry

from kit.contract import Capability
from services.identity.errors import PastDay
from services.identity.rights.partners import Terms


@strawberry.input
class RelatePartnerInput:
    """What a partner's people may do, from the first day to the last, both included. Without
    them, from today and until it is ended. The partner says its number."""

    account_id: strawberry.ID
    partner_number: str
    scope: list[Capability]
    since: date | None = None
    until: date | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class EndPartnerRelationInput:
    """`until` is the last day; without it, the relation ends at once."""

    relation_id: strawberry.ID
    until: date | None = None
    expected_version: int


def terms(input: RelatePartnerInput) -> Terms:
    """What is agreed with the partner. Raises `PastDay`."""
    today = datetime.now(UTC).date()
    since = input.since or today
    if since < today:
        raise PastDay(path=("since",))
    return Terms(frozenset(input.scope), since, input.until)


def last_day(input: EndPartnerRelationInput) -> date | None:
    """The relation's last day. Raises `PastDay`."""
    if input.until is not None and input.until < datetime.now(UTC).date():
        raise PastDay(path=("until",))
    return input.until
