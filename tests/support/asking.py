"""One operation, asked of a running gateway in somebody's name over some transport."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiohttp import ClientSession

from gateway.persisted.names import hash_of
from gateway.transport.request import SubgraphRequest
from kit.contract import PrincipalKind
from tests.support import transports
from tests.support.guarded_gateway import Backend
from tests.support.issuing import a_principal
from tests.support.transports import Answered, Headers, Operation, Transport, post

#: What only some may see, wherever it turns up (see `tests.support.company`).
_CANARY: Final = re.compile(r"secret|\b9\d\d\d\b")


async def persisted(
    session: ClientSession, url: str, operation: Operation, headers: Headers
) -> Answered:
    """By the hash of a document that was registered before."""
    text = operation["query"]
    named = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}
    await post(session, url, {"query": text, "extensions": named, "operationName": "?"}, headers)
    asked = {name: each for name, each in operation.items() if name != "query"}
    return await post(session, url, {**asked, "extensions": named}, headers)


#: By name.
TRANSPORTS: Final[Mapping[str, Transport]] = {
    each.__name__: each for each in (*transports.TRANSPORTS, persisted)
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody got, and what subgraphs were asked for it."""

    data: Any
    errors: Sequence[Mapping[str, Any]]
    calls: Sequence[SubgraphRequest]
    text: str

    @property
    def denied(self) -> list[str]:
        """The places of denied fields, in the order of their errors."""
        return [_place(each) for each in self.errors if _code(each) == "FORBIDDEN_FIELD"]

    @property
    def coordinates(self) -> list[str]:
        """The coordinates that the denials name, each once."""
        named = [each["extensions"]["coordinate"] for each in self.errors]
        return list(dict.fromkeys(named))

    @property
    def codes(self) -> list[str]:
        """Of all errors, in their order."""
        return [_code(each) for each in self.errors]

    @property
    def asked(self) -> str:
        """The documents that subgraphs were sent."""
        return "\n".join(call.document for call in self.calls)

    @property
    def leaks(self) -> list[str]:
        """Canaries in what the client got."""
        return _CANARY.findall(self.text)


@dataclass(slots=True)
class Asking:
    """Asks a gateway over one transport, in the name of whoever holds some scopes.

    What the gateway filters, another that is `rejecting` must refuse as a whole: it is asked too.
    """

    session: ClientSession
    url: str
    rejecting: str | None
    backend: Backend
    transport: Transport
    tokens: dict[tuple[PrincipalKind, tuple[str, ...]], str] = field(default_factory=dict)

    async def __call__(
        self,
        text: str,
        *scopes: str,
        variables: Mapping[str, Any] | None = None,
        anonymous: bool = False,
        kind: PrincipalKind = PrincipalKind.CUSTOMER,
    ) -> Answer:
        """The answer to somebody who is signed in, unless `anonymous`, and holds these scopes."""
        operation: dict[str, Any] = {"query": text}
        if variables:
            operation["variables"] = variables
        headers = {} if anonymous else {"authorization": f"Bearer {self._token(kind, scopes)}"}
        answer = await self._ask(self.url, operation, headers)
        if answer.denied and self.rejecting is not None:
            rejected = await self._ask(self.rejecting, operation, headers)
            assert (rejected.data, rejected.calls) == (None, ())
            assert set(answer.coordinates) <= set(rejected.coordinates)
            assert set(rejected.codes) == {"FORBIDDEN_FIELD"}
        return answer

    async def _ask(self, url: str, operation: Operation, headers: Headers) -> Answer:
        self.backend.calls.clear()
        _, answer = await self.transport(self.session, url, operation, headers)
        return Answer(
            answer.get("data"),
            answer.get("errors", ()),
            tuple(self.backend.calls),
            orjson.dumps(answer).decode(),
        )

    def _token(self, kind: PrincipalKind, scopes: tuple[str, ...]) -> str:
        who = (kind, scopes)
        if who not in self.tokens:
            self.tokens[who] = self.backend.issuer.sign_in(a_principal(*scopes, kind=kind))
        return self.tokens[who]


def _place(error: Mapping[str, Any]) -> str:
    return ".".join(map(str, error.get("path") or ()))


def _code(error: Mapping[str, Any]) -> str:
    code: str = error["extensions"]["code"]
    return code
