"""A service's files: fetched by their owners with signed URLs, through the gateway only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from kit.contract import PrincipalKind
from kit.ids import new_id
from kit.objects import Objects
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from kit.signing import Keyring, Signer, Verifier
from kit.subgraph.downloads import Downloads, StoredFile, path_of
from kit.subgraph.signed import Gate
from tests.support.asgi import Answer, call

GATEWAY = Keyring({"k1": b"g" * 32})
CONTENT = bytes(range(256)) * 40
ME = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())
SOMEBODY_ELSE = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


@dataclass
class Shop:
    """A service with one file, which only its owner may fetch for as long as it is kept."""

    objects: Objects
    urls: SignedUrls
    kept: Mapping[str, StoredFile] = field(
        default_factory=lambda: {"1": StoredFile("docs/1", "Été.pdf", "application/pdf")}
    )

    async def authorize(self, principal: Principal, id: str) -> StoredFile | None:
        return self.kept.get(id) if principal.id == ME.id else None

    def path(self, id: str = "1", caller: Principal = ME, method: str = "GET", **life: Any) -> str:
        made = self.urls.sign(method, path_of("shop", "papers", id), caller=caller.id, **life).url
        parts = urlsplit(made)
        return f"{parts.path}?{parts.query}"

    @property
    def app(self) -> Starlette:
        gate = Gate(Verifier(GATEWAY, audience="shop"), max_body=64 * 1024)
        kinds = {"papers": self.authorize}
        return Starlette(routes=Downloads("shop", gate, self.urls, self.objects, kinds).routes())

    async def fetch(
        self,
        path: str,
        *,
        caller: Principal | None = ME,
        method: str = "GET",
        keys: Keyring = GATEWAY,
        **headers: str,
    ) -> Answer:
        """As the gateway asks."""
        said = {"extensions": {"principal": caller.encode()}} if caller is not None else {}
        body = orjson.dumps(said)
        signed = Signer(keys).headers(audience="shop", method=method, path=path, body=body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await call(self.app, path, method=method, body=body, headers={**named, **signed})


@pytest_asyncio.fixture
async def shop() -> Shop:
    objects = Objects.open("memory:///")
    await objects.put("docs/1", CONTENT)
    return Shop(objects, SignedUrls("https://portal.example", Keyring({"1": b"u" * 32})))


async def test_a_file_is_saved_under_its_name_and_never_shown_or_kept(shop: Shop) -> None:
    answer = await shop.fetch(shop.path())

    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-disposition"].startswith('attachment; filename="Ete.pdf"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_head_says_all_but_the_content(shop: Shop) -> None:
    whole = await shop.fetch(shop.path())

    head = await shop.fetch(shop.path(), method="HEAD")

    assert (head.status, head.body) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


async def test_a_part_can_be_fetched(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(), range="bytes=256-511")

    assert (answer.status, answer.body) == (206, CONTENT[256:512])
    assert answer.headers["content-range"] == f"bytes 256-511/{len(CONTENT)}"
    assert answer.headers["content-length"] == "256"


@pytest.mark.parametrize("range", ["bytes=0-1,3-4", "bytes=9-3", "pages=1-2"])
async def test_a_range_that_is_not_understood_is_the_whole(shop: Shop, range: str) -> None:
    answer = await shop.fetch(shop.path(), range=range)

    assert (answer.status, answer.body) == (200, CONTENT)


async def test_a_range_behind_the_end_is_refused_with_the_size(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(), range="bytes=10240-")

    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == "bytes */10240"


async def test_a_range_of_another_file_than_before_is_the_whole(shop: Shop) -> None:
    etag = (await shop.fetch(shop.path())).headers["etag"]

    same = await shop.fetch(shop.path(), range="bytes=0-0", if_range=etag)
    await shop.objects.put("docs/1", b"new content")
    other = await shop.fetch(shop.path(), range="bytes=0-0", if_range=etag)
    weak = await shop.fetch(shop.path(), range="bytes=0-0", if_range=f"W/{etag}")

    assert (same.status, same.body) == (206, CONTENT[:1])
    assert (other.status, other.body) == (200, b"new content")
    assert weak.status == 200


async def test_what_the_client_has_is_not_sent_again(shop: Shop) -> None:
    etag = (await shop.fetch(shop.path())).headers["etag"]

    answer = await shop.fetch(shop.path(), if_none_match=f'"other", W/{etag}')

    assert (answer.status, answer.body) == (304, b"")


async def test_an_empty_file_is_a_file(shop: Shop) -> None:
    await shop.objects.put("docs/1", b"")

    answer = await shop.fetch(shop.path())

    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")


async def test_a_url_is_good_for_its_caller_alone(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(), caller=SOMEBODY_ELSE)

    assert (answer.status, code(answer)) == (403, "INVALID_SIGNED_URL")


async def test_a_url_does_not_outlive_the_right_to_the_file(shop: Shop) -> None:
    path = shop.path()
    shop.kept = {}

    answer = await shop.fetch(path)

    assert (answer.status, code(answer)) == (404, "NOT_FOUND")


async def test_a_file_that_is_gone_answers_as_one_that_never_was(shop: Shop) -> None:
    unknown = await shop.fetch(shop.path("2"))
    await shop.objects.delete("docs/1")

    gone = await shop.fetch(shop.path())

    assert (gone.status, gone.body) == (unknown.status, unknown.body) == (404, gone.body)


async def test_an_expired_url_says_so(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(lifetime=timedelta(seconds=-1)))

    assert (answer.status, code(answer)) == (410, "SIGNED_URL_EXPIRED")


@pytest.mark.parametrize("change", [("papers/1", "papers/2"), ("signature=", "signature=0")])
async def test_an_altered_url_opens_nothing(shop: Shop, change: tuple[str, str]) -> None:
    answer = await shop.fetch(shop.path().replace(*change))

    assert (answer.status, code(answer)) == (403, "INVALID_SIGNED_URL")


async def test_only_the_gateway_is_answered(shop: Shop) -> None:
    forged = await shop.fetch(shop.path(), keys=Keyring({"k1": b"x" * 32}))
    bare = await call(shop.app, shop.path(), method="GET")

    assert [forged.status, bare.status] == [401, 401]
    assert {code(forged), code(bare)} == {"UNSIGNED"}


async def test_a_request_without_a_caller_is_refused(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(), caller=None)

    assert (answer.status, code(answer)) == (401, "UNAUTHENTICATED")


async def test_nothing_is_written_here(shop: Shop) -> None:
    answer = await shop.fetch(shop.path(), method="POST")

    assert answer.status == 405


def code(answer: Answer) -> Any:
    [error] = answer.json["errors"]
    return error["extensions"]["code"]
