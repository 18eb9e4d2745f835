"""Which version a request meets."""

import asyncio
from typing import cast

import pytest

from gateway.pipeline import Pipeline
from gateway.transport.sessions import Sessions
from gateway.versions import Version, Versions, digest_of


def a_version(sessions: Sessions, digest: str, *urls: str) -> Version:
    lease = sessions.lease()
    for url in urls:
        lease.to(url)
    return Version(digest, cast(Pipeline, object()), lease)


async def test_what_is_pinned_inside_is_what_was_pinned_outside() -> None:
    sessions, versions = Sessions(), Versions()
    old, new = a_version(sessions, "old"), a_version(sessions, "new")
    versions.replace(old)

    async def pin() -> Pipeline:
        with versions.pinned() as pipeline:
            return pipeline

    with versions.pinned() as outside:
        versions.replace(new)
        async with asyncio.TaskGroup() as group:
            inside = group.create_task(pin())

    assert outside is inside.result() is old.pipeline
    assert await pin() is new.pipeline


async def test_two_gateways_in_one_process_do_not_share_pins() -> None:
    sessions, front, behind = Sessions(), Versions(), Versions()
    front.replace(a_version(sessions, "front"))
    version = a_version(sessions, "behind")
    behind.replace(version)

    with front.pinned(), behind.pinned() as pipeline:
        assert pipeline is version.pipeline


async def test_nothing_can_be_pinned_before_there_is_a_version() -> None:
    with pytest.raises(LookupError), Versions().pinned():
        pytest.fail("there is nothing to pin")


async def test_a_version_lets_go_when_its_last_request_has_ended() -> None:
    sessions = Sessions()
    version = a_version(sessions, "x", "http://a.example/graphql")
    async with asyncio.TaskGroup() as group:
        with version.used():
            with version.used():
                retiring = group.create_task(version.retire())
                await asyncio.sleep(0)
            held = sessions.origins

    assert held == {"http://a.example"}
    assert retiring.done()
    assert sessions.origins == frozenset()


async def test_an_origin_that_two_versions_use_outlives_the_first() -> None:
    sessions = Sessions()
    shared, own = "http://a.example/graphql", "http://b.example/graphql"
    old = a_version(sessions, "old", shared, own)
    new = a_version(sessions, "new", f"{shared}?v=2")

    await old.retire()

    assert sessions.origins == {"http://a.example"}
    await new.retire()
    assert sessions.origins == frozenset()


def test_the_content_alone_names_a_version() -> None:
    assert digest_of("type A") == digest_of("type A") != digest_of("type B")
