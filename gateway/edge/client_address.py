"""Where a client is: its connection says, or the proxies in front, as many as there are.

Each proxy appends the address that it was called from to `X-Forwarded-For`, so only the entries
that our own proxies wrote are true: so many from the right. What stands left of them was sent by
the client and says nothing.
"""

from ipaddress import ip_address

from starlette.requests import HTTPConnection


def client_address(request: HTTPConnection, trusted_hops: int) -> str | None:
    """The client's address in its shortest form; None when the connection has none."""
    entries = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    if 0 < trusted_hops <= len(entries):
        told = _address(entries[-trusted_hops])
        if told is not None:
            return told
    # Who calls past the proxies, or through one that writes something else, is itself the client.
    return request.client.host if request.client is not None else None


def _address(entry: str) -> str | None:
    """`192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
