"""Addresses of the network: those that a request may go to, and those that none may."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

type Address = IPv4Address | IPv6Address

#: Never reached, even if the operator lists them: credentials of the machine, and neighbors.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT, with the metadata of other clouds
            "169.254.0.0/16",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "fd00:ec2::/32",  # metadata and time of Amazon EC2
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)
#: IPv6 prefixes of 96 bits in front of an IPv4 address.
_EMBEDDING = tuple(map(ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))


def plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if not isinstance(address, IPv6Address):
        return address
    embedded = address.ipv4_mapped or address.sixtofour
    if address.teredo is not None:
        embedded = address.teredo[1]
    if embedded is None and any(address in one for one in _EMBEDDING) and int(address) > 1:
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
    return embedded or IPv6Address(int(address))  # without a scope


def parse_address(text: str) -> Address | None:
    """Return the address that a host is, in its one usual form, or None for a name."""
    try:
        return IPv6Address(text[1:-1]) if text.startswith("[") else ip_address(text)
    except ValueError:
        return None


def is_reachable(address: Address, listed: Iterable[Address]) -> bool:
    """Return whether a request may go to an address.

    Public addresses may always be reached; loopback and private ones only if ``listed``, those
    of :data:`_NEVER` not even then.
    """
    address = plain(address)
    if any(address in network for network in _NEVER) or address.is_unspecified:
        return False
    if address.is_loopback or address.is_private:
        return address in {plain(one) for one in listed}
    return address.is_global and not address.is_multicast
