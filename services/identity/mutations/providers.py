"""The providers that people sign in with."""

import strawberry

from kit.columns import plain, utc_now
from kit.step_up import require_step_up
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.identity.authentication.oidc.links import unlink
from services.identity.context import Info
from services.identity.rights.authority import current_principal, person
from services.identity.types.provider_link import UnlinkProviderPayload


@strawberry.type
class ProviderMutations:
    """A link is made by signing in; only its person takes it away."""

    @refusable(directives=[AUTHENTICATED])
    async def unlink_provider(self, info: Info, issuer: str) -> UnlinkProviderPayload:
        """Who signs in there is not the caller any more, until the provider vouches for the
        caller's address anew."""
        context = info.context
        principal = person(context.principal)
        require_step_up(principal)
        async with context.database.system() as session:
            await current_principal(session, principal)
            await unlink(session, principal.id, plain(issuer), utc_now())
        context.loaders.forget()
        return UnlinkProviderPayload(unlinked=True)
