from collections.abc import AsyncIterator

import pytest_asyncio
from redis.asyncio import Redis

from gateway.persisted.names import hash_of
from gateway.persisted.registered import RegisteredDocuments
from portal.ports import free_port

TEXT = "{ me { id } }"


@pytest_asyncio.fixture(scope="module")
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey_url)
    yield client
    await client.aclose()


def the_documents(
    redis: Redis | None, *, size: int = 10, longest: int = 1_000
) -> RegisteredDocuments:
    return RegisteredDocuments(redis, size=size, longest=longest, lifetime=60)


async def test_what_one_gateway_registered_another_finds(redis: Redis) -> None:
    here, there = the_documents(redis), the_documents(redis)

    await here.register(hash_of(TEXT), TEXT)

    assert await there.find(hash_of(TEXT)) == TEXT


async def test_what_nobody_uses_expires_and_use_prolongs_it(redis: Redis) -> None:
    text = "{ me { kind } }"
    await the_documents(redis).register(hash_of(text), text)
    key = f"gateway:document:{hash_of(text)}"
    await redis.expire(key, 5)

    await the_documents(redis).find(hash_of(text))

    assert await redis.ttl(key) > 5


async def test_a_text_that_is_not_what_its_key_says_is_no_document(redis: Redis) -> None:
    hash = hash_of("{ me { id kind } }")
    await redis.set(f"gateway:document:{hash}", "{ secrets }")

    assert await the_documents(redis).find(hash) is None


async def test_a_key_of_another_type_is_no_document(redis: Redis) -> None:
    hash = hash_of("{ me { kind id } }")
    await redis.lpush(f"gateway:document:{hash}", "{ secrets }")

    assert await the_documents(redis).find(hash) is None


async def test_without_redis_documents_are_kept_by_each_gateway() -> None:
    async with Redis.from_url(f"redis://127.0.0.1:{free_port()}") as gone:
        documents = the_documents(gone)

        await documents.register(hash_of(TEXT), TEXT)

        assert await documents.find(hash_of(TEXT)) == TEXT
        assert await documents.find(hash_of("{ me { kind } }")) is None


async def test_registering_many_drops_the_oldest() -> None:
    documents = the_documents(None, size=3)
    texts = [f"{{ field{number} }}" for number in range(1_000)]

    for text in texts:
        await documents.register(hash_of(text), text)

    kept = [text for text in texts if await documents.find(hash_of(text)) is not None]
    assert kept == texts[-3:]


async def test_a_document_that_is_too_long_is_not_kept() -> None:
    documents = the_documents(None, longest=10)

    await documents.register(hash_of(TEXT), TEXT)

    assert await documents.find(hash_of(TEXT)) is None
