"""Allow-list of outgoing hosts, and the addresses that no request may go to."""

from ipaddress import ip_address

import pytest

from shared.egress.addresses import is_reachable
from shared.egress.hosts import AllowedHosts, NotAllowed

HOSTS = AllowedHosts.parse(
    "api.example.com, *.Example.org,only.example.net:8443,localhost,127.0.0.1,[::1],10.0.0.5:9000"
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com:8443/mcp?x=1",
        "https://API.example.com./mcp",
        "https://a.b.example.org/",
        "https://only.example.net:8443/",
        "http://localhost:8000/mcp",
        "http://127.0.0.1:8000/mcp",
        "http://[::1]:8000/mcp",
        "http://[0:0:0:0:0:0:0:1]/",
        "https://10.0.0.5:9000/",
    ],
)
def test_listed_host_is_allowed(url: str) -> None:
    HOSTS.check_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://other.example.com/", "OutgoingHosts must list it"),
        ("https://example.org/", "OutgoingHosts must list it"),
        ("https://api.example.com\N{KELVIN SIGN}/", "must be a URL"),
        ("https://ap\N{LATIN SMALL LETTER DOTLESS I}.example.com/", "must be a URL"),
        ("http\N{LATIN SMALL LETTER LONG S}://api.example.com/", "must be a URL"),
        ("https://evilexample.org/", "OutgoingHosts must list it"),
        ("https://api.example.com.evil.test/", "OutgoingHosts must list it"),
        ("https://only.example.net/", "port 443 is not allowed"),
        ("https://10.0.0.5/", "port 443 is not allowed"),
        ("https://10.0.0.6:9000/", "OutgoingHosts must list it"),
        ("http://api.example.com/", "must begin with https://"),
        ("http://10.0.0.5:9000/", "must begin with https://"),
        ("https://169.254.169.254/latest/meta-data", "OutgoingHosts must list it"),
        ("http://169.254.169.254/latest/meta-data", "OutgoingHosts must list it"),
        ("https://[fd00:ec2::254]/", "OutgoingHosts must list it"),
        ("https://100.100.100.200/", "OutgoingHosts must list it"),
        ("https://0.0.0.0/", "OutgoingHosts must list it"),
        ("https://api.example.com:0/", "the port must be from 1 to 65535"),
        ("https://api.example.com:99999/", "the port must be from 1 to 65535"),
        ("https://.example.org/", "must be a URL"),
        ("https://x..example.org/", "must be a URL"),
        ("https://[10.0.0.5]:9000/", "OutgoingHosts must list it"),
        ("http://[::ffff:127.0.0.1]/", "OutgoingHosts must list it"),
        ("http://2130706433/", "OutgoingHosts must list it"),
        ("http://0x7f.1/", "OutgoingHosts must list it"),
        ("http://0177.0.0.1/", "OutgoingHosts must list it"),
        ("https://user@api.example.com/", "must be a URL"),
        ("https://api.example.com@evil.test/", "must be a URL"),
        ("https://api.example.com\\@evil.test/", "must be a URL"),
        ("https://api.example.com#@evil.test/", "must be a URL"),
        ("https://api.example.com/a b", "must be a URL"),
        ("https://api.example.com/\n", "must be a URL"),
        ("https://api.example.com/" + "a" * 2048, "must be a URL"),
        ("https://b\u00fccher.example.org/", "must be a URL"),
        ("ftp://api.example.com/", "must be a URL"),
        ("file:///etc/passwd", "must be a URL"),
        ("api.example.com", "must be a URL"),
        ("", "must be a URL"),
    ],
)
def test_other_urls_are_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(NotAllowed, match=reason):
        HOSTS.check_url(url)


def test_no_host_is_allowed_by_default() -> None:
    with pytest.raises(NotAllowed, match="OutgoingHosts must list it"):
        AllowedHosts.parse("").check_url("http://127.0.0.1/")


@pytest.mark.parametrize(
    "text", ["*", "*.", "https://a.example.com", "a b", "a:99999", "a/b", "-a"]
)
def test_invalid_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="OUTGOING_HOSTS: expected hosts as"):
        AllowedHosts.parse(text)


@pytest.mark.parametrize(
    "text",
    ["169.254.169.254", "100.100.100.200", "0.0.0.0", "[fd00:ec2::254]", "[fe80::1]", "[:::::]"],
)
def test_address_that_is_never_reached_cannot_be_listed(text: str) -> None:
    with pytest.raises(ValueError, match="is no address that a request may go to"):
        AllowedHosts.parse(text)


NEVER = [
    "0.0.0.0", "0.1.2.3", "100.64.0.1", "169.254.169.254", "169.254.170.2", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "::", "fe80::1", "fec0::1", "ff02::1", "fd00:ec2::254",
    "::ffff:169.254.169.254", "::ffff:0:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
]  # fmt: skip
IF_LISTED = [
    "127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "fd12::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "::7f00:1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_metadata_and_link_local_addresses_are_never_reached(text: str) -> None:
    address = ip_address(text)
    assert not is_reachable(address, [])
    assert not is_reachable(address, [address])


@pytest.mark.parametrize("text", IF_LISTED)
def test_private_addresses_are_reached_only_if_listed(text: str) -> None:
    address = ip_address(text)
    assert not is_reachable(address, [])
    assert is_reachable(address, [address])


@pytest.mark.parametrize("text", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"])
def test_public_addresses_are_reached(text: str) -> None:
    assert is_reachable(ip_address(text), [])
