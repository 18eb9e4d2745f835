"""Identity as the gateway needs it to know its callers: keys, access tokens, principals."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet, OKPKey

from gateway.authentication.tokens import AUDIENCE
from kit.contract import Capability, PrincipalKind
from kit.ids import new_id
from kit.principal import Principal

ISSUER: Final = "https://portal.example"

#: Seconds for which an access token is good.
LIFETIME: Final = 300

_BY_SCOPE: Final = {each.scope: each for each in Capability}


def a_key(id: str) -> OKPKey:
    """A key that signs access tokens."""
    return OKPKey.generate_key("Ed25519", {"kid": id, "use": "sig"}, private=True)


def published(*keys: OKPKey) -> dict[str, Any]:
    """The key set (RFC 7517) that everybody may have."""
    return dict(KeySet(list(keys)).as_dict(private=False))


def claims(session_id: str = "session", /, **changed: Any) -> dict[str, Any]:
    """What a good token says, and what is `changed` of it; what becomes None is left out."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "sid": session_id,
        "iat": now,
        "exp": now + LIFETIME,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(key: OKPKey, said: Any, **header: Any) -> str:
    """A token that says this, signed; `header` changes or adds to its header."""
    made = {"alg": "Ed25519", "kid": key.kid, **header}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (made, said))
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return f"{text}.{encoded(private.sign(text.encode()))}"


def encoded(content: bytes) -> str:
    """A part of a token (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def a_principal(*scopes: str, kind: PrincipalKind = PrincipalKind.CUSTOMER) -> Principal:
    """Somebody who holds these scopes, in one account."""
    held = frozenset(_BY_SCOPE[each] for each in scopes)
    return Principal(kind=kind, id=new_id(), accounts={uuid4(): held})


@dataclass(slots=True)
class Issuer:
    """Signs people in, publishes the keys, and answers who is behind a session."""

    keys: list[OKPKey] = field(default_factory=lambda: [a_key("k1")])
    principals: dict[str, Principal] = field(default_factory=dict)

    def sign_in(self, principal: Principal) -> str:
        """A new session's access token, signed with the newest key."""
        session_id = str(uuid4())
        self.principals[session_id] = principal
        return self.token(session_id)

    def token(self, session_id: str, **changed: Any) -> str:
        """An access token for a session."""
        return signed(self.keys[0], claims(session_id, **changed))

    async def key_set(self) -> Any:
        """What the gateway fetches."""
        return published(*self.keys)

    async def principal(self, session_id: str) -> str | None:
        """What the gateway asks by session; None when it has ended."""
        found = self.principals.get(session_id)
        return found.encode() if found is not None else None
