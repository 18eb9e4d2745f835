"""tus spoken to the cases service, in the gateway's name."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.types import Message

from kit.database import Database
from kit.ids import from_global, to_global
from kit.objects import Objects
from kit.principal import Principal
from kit.signing import SIGNED_LENGTH, Signer, Verifier
from kit.subgraph.signed import Gate
from services.cases.models import Case, CaseFile, UploadSession
from services.cases.uploads.addresses import FOLDER, UploadUrls
from services.cases.uploads.endpoint import TusEndpoint
from services.cases.uploads.inspecting import Inspector
from services.cases.uploads.receiving import Receiver
from services.cases.uploads.scanners import Scanner, SignatureScanner
from services.cases.uploads.store import UploadStore
from tests.support.cases import the_settings

ORIGIN = "https://portal.example.com"
BYTES = "application/offset+octet-stream"


@dataclass(frozen=True)
class TusAnswer:
    """What the service said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """Why it refused."""
        code: str = orjson.loads(self.body)["errors"][0]["extensions"]["code"]
        return code

    @property
    def offset(self) -> int:
        """How far the upload has got."""
        return int(self.headers["upload-offset"])

    @property
    def path(self) -> str:
        """Where the new upload is."""
        return self.headers["location"].removeprefix(ORIGIN)


@dataclass
class Desk:
    """The uploads of the service, over a database and a store of bytes."""

    database: Database
    objects: Objects = field(default_factory=lambda: Objects.open("memory:///"))
    scanner: Scanner = field(default_factory=SignatureScanner)
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = the_settings("", **self.settings)
        limits = settings.upload_limits
        self._keys = settings.keyring
        self.store = UploadStore(self.database, self.objects, limits.patience)
        endpoint = TusEndpoint(
            gate=Gate(Verifier(settings.keyring, audience="cases"), settings.max_body),
            database=self.database,
            store=self.store,
            receiver=Receiver(self.database, self.store),
            urls=UploadUrls(ORIGIN),
            limits=limits,
        )
        self._app = Starlette(routes=endpoint.routes())
        self.inspector = Inspector(self.database, self.objects, self.store, self.scanner)

    async def ask(
        self,
        principal: Principal,
        method: str,
        path: str = FOLDER,
        *chunks: bytes,
        cut: bool = False,
        **headers: str,
    ) -> TusAnswer:
        """One request; `cut` breaks it off after the chunks."""
        beginning = orjson.dumps({"extensions": {"principal": principal.encode()}})
        signed = Signer(self._keys).headers(
            audience="cases", method=method, path=path, body=beginning
        )
        told = {"tus-resumable": "1.0.0", SIGNED_LENGTH: str(len(beginning))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._call(method, path, {**told, **signed}, [beginning, *chunks], cut)

    async def announce(self, principal: Principal, case: Case, size: int, **told: str) -> TusAnswer:
        """A new upload for a case."""
        metadata = {"caseId": to_global("case", case.id), "filename": "server.log", **told}
        return await self.ask(
            principal, "POST", upload_length=str(size), upload_metadata=encoded(metadata)
        )

    async def send(
        self,
        principal: Principal,
        path: str,
        offset: int,
        *chunks: bytes,
        cut: bool = False,
        **headers: str,
    ) -> TusAnswer:
        """Bytes from an offset on."""
        headers = {"content_type": BYTES, "upload_offset": str(offset), **headers}
        return await self.ask(principal, "PATCH", path, *chunks, cut=cut, **headers)

    async def brought(self, principal: Principal, case: Case, content: bytes, **told: str) -> str:
        """A whole upload; its path."""
        path = (await self.announce(principal, case, len(content), **told)).path
        await self.send(principal, path, 0, content)
        return path

    async def file_of(self, path: str) -> CaseFile:
        """The file that an upload brings."""
        id = from_global("upl", path.rpartition("/")[2])
        async with self.database.system() as session:
            upload = await session.get_one(UploadSession, id)
            assert upload.file_id is not None
            return await session.get_one(CaseFile, upload.file_id)

    async def kept(self, folder: str = "uploads") -> list[str]:
        """The keys of what is in the store."""
        return [each.key async for each in self.objects.list(folder)]

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str], chunks: Iterable[bytes], cut: bool
    ) -> TusAnswer:
        messages: list[Message] = [
            {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
        ]
        end = {"type": "http.disconnect"} if cut else {"type": "http.request", "body": b""}
        messages.append(end)
        sent: list[Message] = []

        async def receive() -> Message:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        await self._app(scope, receive, send)
        start = sent[0]
        return TusAnswer(
            status=start["status"],
            headers={name.decode(): value.decode() for name, value in start["headers"]},
            body=b"".join(message.get("body", b"") for message in sent[1:]),
        )


def encoded(metadata: Mapping[str, str]) -> str:
    """`Upload-Metadata`."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()
    )
