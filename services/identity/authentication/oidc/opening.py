"""Sign-in with the providers of the settings."""

from kit.database import Database
from services.identity.authentication.oidc.asking import Asking
from services.identity.authentication.oidc.sign_in import ProviderSignIn
from services.identity.authentication.opening import Authentication
from services.identity.settings import Settings


def open_providers(
    settings: Settings, database: Database, authentication: Authentication
) -> ProviderSignIn:
    """As the settings say; no provider is asked yet."""
    return ProviderSignIn(
        settings.providers,
        database=database,
        people=authentication.people,
        sealer=authentication.sealer,
        public_url=settings.public_url,
        asking=Asking(),
    )
