"""Outgoing hosts: the allow-list of the stack, and the check of a URL against it.

The check of a URL resolves no name: it answers when an agent is created. The transport checks
again at each request, with the addresses that the name has then.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.egress.addresses import Address, is_reachable, parse_address, plain

MAX_URL_LENGTH = 2048
LOCALHOST = "localhost"

_PORTS = range(1, 65536)
_NAME = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*"
_ENTRY = re.compile(rf"((?:\*\.)?{_NAME}|\[[0-9a-f:.]+\])(?::(\d{{1,5}}))?")
#: No user, no fragment, no backslash: parsers disagree about these.
_URL = re.compile(
    rf"(?ai:(https?)://(\[[0-9a-f:.]+\]|{_NAME}\.?)(?::(\d{{1,5}}))?)"
    r"(?:[/?][^\s#\\\x00-\x1f\x7f]*)?"
)


class NotAllowed(Exception):
    """URL or address that no request may go to; the message says why, without the field."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A host of the allow-list, or all names below one, on one port or on any."""

    host: str
    port: int | None

    def covers(self, host: str, port: int) -> bool:
        if self.port not in (None, port):
            return False
        return host == self.host or (self.host[:2] == "*." and host.endswith(self.host[1:]))


class AllowedHosts:
    """The hosts that organizations may send requests to; none by default."""

    def __init__(self, entries: Iterable[_Entry] = ()) -> None:
        self._entries = tuple(entries)

    @classmethod
    def parse(cls, text: str) -> "AllowedHosts":
        """Parse ``api.example.com,*.example.com,10.0.0.5:8443``.

        Raises ``ValueError`` with the reason if the stack's configuration is invalid.
        """
        return cls(map(_entry, filter(None, (part.strip().lower() for part in text.split(",")))))

    def check_url(self, url: str) -> None:
        """Raise :class:`NotAllowed` unless a request may go to the URL, by its text alone."""
        match = _URL.fullmatch(url) if len(url) <= MAX_URL_LENGTH else None
        if match is None:
            raise NotAllowed(
                "must be a URL as https://host/path, without user, password, fragment or spaces"
            )
        scheme, host, port = match.groups()
        self.check(scheme.lower(), host, int(port) if port else None)

    def check(self, scheme: str, host: str, port: int | None) -> None:
        """Raise :class:`NotAllowed` unless a request may go to a host, by its name alone."""
        host = normalized(host)
        if port is None:
            port = 443 if scheme == "https" else 80
        if port not in _PORTS:
            raise NotAllowed("the port must be from 1 to 65535")
        if not any(entry.covers(host, port) for entry in self._entries):
            raise NotAllowed(
                f"the host {host} on port {port} is not allowed: the stack's parameter "
                "OutgoingHosts must list it"
            )
        address = parse_address(host)
        if address is not None:
            self.check_address(scheme, host, address)
        elif scheme != "https" and host != LOCALHOST:
            raise NotAllowed("must begin with https://; http:// is for loopback addresses only")

    def check_address(self, scheme: str, host: str, address: Address) -> None:
        """Raise :class:`NotAllowed` unless a request to a host may go to one of its addresses."""
        listed = [found for one in self._entries if (found := parse_address(one.host))]
        is_loopback = plain(address).is_loopback
        if is_loopback and normalized(host) == LOCALHOST:
            return
        if not is_reachable(address, listed):
            raise NotAllowed(f"the host {host} has an address that no request may go to")
        if scheme != "https" and not is_loopback:
            raise NotAllowed("must begin with https://; http:// is for loopback addresses only")


def normalized(host: str) -> str:
    """Return a host in lower case, without a final dot; an IPv6 address in its short form."""
    host = host.lower().removesuffix(".")
    address = parse_address(host)
    return host if address is None else str(address)


def _entry(text: str) -> _Entry:
    match = _ENTRY.fullmatch(text)
    port = int(match[2]) if match and match[2] else None
    if match is None or (port is not None and port not in _PORTS):
        raise ValueError(
            "OUTGOING_HOSTS: expected hosts as api.example.com, *.example.com or 10.0.0.5:8443, "
            f"not {text!r}"
        )
    host = normalized(match[1])
    address = parse_address(host)
    if host.startswith("[") or (address is not None and not is_reachable(address, [address])):
        raise ValueError(f"OUTGOING_HOSTS: {text!r} is no address that a request may go to")
    return _Entry(host, port)
