"""Identity's events, heeded: who changed is asked for again."""

from gateway.authentication.principals import Principals
from kit.streams import Live, Lost, Received, follow, follower

_IDENTITY = "identity"


async def heed_changes(redis_url: str, principals: Principals) -> None:
    """Tell the cache what happens, for as long as the process lives."""
    async with follower(redis_url) as redis:
        async for news in follow(redis, _IDENTITY):
            match news:
                case Live():
                    principals.went_live()
                case Lost():
                    principals.went_dark()
                case Received(topic="identity.principal-changed", payload=payload):
                    principals.forget_principal(payload["principal_id"])
                case Received(topic="identity.session-ended", payload=payload):
                    principals.forget_session(payload["session_id"])
                case Received():
                    pass
