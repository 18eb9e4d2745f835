"""HTTP sessions that versions share by origin."""

import pytest

from gateway.transport.sessions import Sessions


async def test_one_session_for_each_origin() -> None:
    sessions = Sessions()
    lease = sessions.lease()

    here = lease.to("http://a.example/graphql")

    assert lease.to("http://a.example/other") is here
    assert sessions.lease().to("http://a.example/graphql") is here
    assert lease.to("http://a.example:81/graphql") is not here
    assert lease.to("https://a.example/graphql") is not here
    await sessions.close()


async def test_a_session_is_closed_when_nobody_leases_it() -> None:
    sessions = Sessions()
    first, second = sessions.lease(), sessions.lease()
    session = first.to("http://a.example")
    second.to("http://a.example")

    await first.release()
    leased = session.closed
    await second.release()

    assert not leased
    assert session.closed


async def test_what_is_closed_as_a_whole_can_still_be_given_back() -> None:
    sessions = Sessions()
    lease = sessions.lease()
    session = lease.to("http://a.example")

    await sessions.close()
    await lease.release()

    assert session.closed
    assert sessions.origins == frozenset()


async def test_an_address_without_an_origin_shares_with_nobody() -> None:
    sessions = Sessions()
    lease = sessions.lease()

    assert lease.to("") is not lease.to("graphql")
    await sessions.close()


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="Port out of range"):
        Sessions().lease().to("http://a.example:99999")
