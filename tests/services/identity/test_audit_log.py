"""The audit log of an account, filtered."""

from datetime import UTC, datetime

import pytest

from kit.database import Database
from services.identity.models import AuditEvent, Role
from tests.support.identity import (
    a_member,
    a_user,
    an_account,
    ask,
    global_id,
    kept,
    signed_in,
)


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ('since: "2026-01-02T00:00:00Z"', ["b.x", "a.y"]),
        ('until: "2026-01-02T00:00:00Z"', ["a.x"]),
        ('action: "a"', ["a.y", "a.x"]),
        ('action: "a.y"', ["a.y"]),
        ('action: "%"', []),
        ("actorId: $actor", ["b.x"]),
        ('actorId: "user_nonsense"', []),
        ('action: "a", since: "2026-01-03T00:00:00Z"', []),
    ],
)
async def test_the_audit_log_is_filtered(identity: Database, filter: str, found: list[str]) -> None:
    administrator, account = a_user(), an_account()
    member = a_member(account, administrator, Role.ADMINISTRATOR)
    await kept(identity, administrator, account, member)
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2)]
    said = [("a.x", days[0], None), ("a.y", days[1], None), ("b.x", days[1], administrator)]
    await kept(
        identity,
        *(
            AuditEvent(
                account_id=account.id,
                at=at,
                action=action,
                actor_id=actor.id if actor is not None else None,
            )
            for action, at, actor in said
        ),
    )
    chosen = filter.replace("$actor", f'"{global_id(administrator)}"')

    result = await ask(
        identity,
        await signed_in(identity, administrator),
        f"""query ($id: ID!) {{ account(id: $id) {{
            auditLog({chosen}) {{ totalCount nodes {{ action }} }} }} }}""",
        {"id": global_id(account)},
    )

    assert result.errors is None
    assert result.data is not None
    log = result.data["account"]["auditLog"]
    assert ([node["action"] for node in log["nodes"]], log["totalCount"]) == (found, len(found))
