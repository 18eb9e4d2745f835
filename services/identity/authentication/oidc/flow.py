"""A sign-in on its way: what the browser keeps, sealed, until the provider sends it back.

Only the browser that began it has it, so an answer that another one was given opens nothing
(RFC 9700, section 4.7), and each provider's is of its own (section 4.4).
"""

import base64
import binascii
import hmac
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson

from services.identity.authentication.oidc.errors import InvalidReturn, NotStartedHere
from services.identity.authentication.sealing import Sealer, Unsealable
from services.identity.authentication.sessions import new_secret

#: How long somebody may take at the provider.
LIFETIME: Final = timedelta(minutes=10)

_LONGEST_PATH: Final = 2048


@dataclass(frozen=True, slots=True)
class Flow:
    """What binds the provider's answer to this browser and this attempt."""

    return_to: str
    until: datetime
    state: str = field(default_factory=new_secret, repr=False)
    nonce: str = field(default_factory=new_secret, repr=False)
    #: Of RFC 7636.
    verifier: str = field(default_factory=new_secret, repr=False)

    def seal(self, sealer: Sealer, provider: str) -> str:
        """As the browser keeps it."""
        sealed = sealer.seal(orjson.dumps(asdict(self)), _purpose(provider))
        return base64.urlsafe_b64encode(sealed).decode()


def begin(return_to: str, now: datetime) -> Flow:
    """A new attempt. Raises `InvalidReturn`."""
    return Flow(own_path(return_to), now + LIFETIME)


def resume(
    kept: str | None, state: str | None, sealer: Sealer, provider: str, now: datetime
) -> Flow:
    """The attempt that this browser began at this provider. Raises `NotStartedHere`."""
    try:
        sealed = base64.urlsafe_b64decode((kept or "").encode())
        document = orjson.loads(sealer.open(sealed, _purpose(provider)))
    except (Unsealable, binascii.Error, ValueError):
        raise NotStartedHere from None
    flow = Flow(**{**document, "until": datetime.fromisoformat(document["until"])})
    given = (state or "").encode()
    if not hmac.compare_digest(flow.state.encode(), given) or flow.until <= now:
        raise NotStartedHere
    return flow


def own_path(text: str) -> str:
    """A path of the portal, with a query perhaps. Raises `InvalidReturn`.

    Browsers read `//` and `/\\` as the beginning of another host, and skip white space.
    """
    plain = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    if not plain or len(text) > _LONGEST_PATH or not text.startswith("/") or text.startswith("//"):
        raise InvalidReturn
    return text


def _purpose(provider: str) -> str:
    return f"oidc flow {provider}"
