"""The mailing of the whole service, put together from the settings."""

from kit.database import Database
from kit.mail import Mailer
from kit.messages import Catalogues
from kit.notices.mailing import Mailing, gathered, worded
from kit.notices.postman import Postman
from kit.notices.tokens import MailedTokens
from services.identity.authentication.sealing import Sealer
from services.identity.models import Notice
from services.identity.notices import membership, security, wordings
from services.identity.notices.security import SecurityLetters
from services.identity.settings import Settings


def open_mailing(
    service: str, settings: Settings, database: Database, catalogues: Catalogues
) -> Mailing:
    """As the settings say; nothing is connected yet."""
    tokens = MailedTokens(settings.sealing_secret, service)
    security_letters = SecurityLetters(Sealer(settings.sealing_secret), tokens)
    postman = Postman(
        database=database,
        notices=Notice,
        mailer=Mailer(settings.mail_url, settings.mail_sender, settings.mail_sender_name),
        catalogues=catalogues,
        wordings=worded(wordings.WORDINGS, security.WORDINGS),
        tokens=tokens,
        public_url=settings.public_url,
    )
    composers = gathered(membership.COMPOSERS, security_letters.composers)
    return Mailing(service, database, settings.redis_url, composers, postman)
