"""The caller's own sessions."""

from datetime import UTC, datetime

import strawberry

from kit.errors import NotFound
from kit.ids import from_global
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.identity.authentication import sessions
from services.identity.context import Info
from services.identity.models import Session
from services.identity.rights.authority import person
from services.identity.types.security import RevokeOtherSessionsPayload, SessionPayload


@strawberry.type
class SessionMutations:
    """Nobody ends another's."""

    @refusable(directives=[AUTHENTICATED])
    async def revoke_session(self, info: Info, id: strawberry.ID) -> SessionPayload:
        """One of them is over at once, also the one that asks."""
        caller = person(info.context.principal)
        session_id = from_global("ses", id)
        if session_id is None:
            raise NotFound(path=("id",))
        async with info.context.database.system() as session:
            found = await session.get(Session, session_id, with_for_update=True)
            if found is None or found.user_id != caller.id:
                raise NotFound(path=("id",))
            sessions.end(session, found, datetime.now(UTC))
        info.context.loaders.forget()
        return SessionPayload(revoked=True, errors=[])

    @refusable(directives=[AUTHENTICATED])
    async def revoke_other_sessions(self, info: Info) -> RevokeOtherSessionsPayload:
        """All but the one that asks are over at once."""
        caller = person(info.context.principal)
        async with info.context.database.system() as session:
            now = datetime.now(UTC)
            count = await sessions.end_all_of(session, [caller.id], now, but=caller.session_id)
        info.context.loaders.forget()
        return RevokeOtherSessionsPayload(revoked_count=count, errors=[])
