"""Client addresses: which of them are one customer's."""

from ipaddress import IPv6Address, ip_address
from typing import Final

#: The part of an IPv6 address that a provider gives to one customer.
_CUSTOMER_BITS: Final = 64


def network_of(address: str) -> str:
    """What one customer of a provider has: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    shift = 128 - _CUSTOMER_BITS
    return str(IPv6Address(int(parsed) >> shift << shift))
