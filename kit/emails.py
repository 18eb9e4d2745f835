"""One person, one e-mail address, however it is typed."""

import unicodedata


def email_key(email: str) -> str:
    """The form under which addresses are compared: Unicode NFKC, without case."""
    folded = unicodedata.normalize("NFKC", email.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)
