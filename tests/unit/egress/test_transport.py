"""Guarded transport, tried against servers on this machine."""

import gzip
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal

from shared.egress import transport
from shared.egress.addresses import Address
from shared.egress.hosts import AllowedHosts
from shared.egress.transport import GuardedTransport, RequestFailed, Resolve, resolve
from tests.support.raw_server import RawServer, http, raw_server
from tests.support.tls import server_context

LOOPBACK = AllowedHosts.parse("127.0.0.1")
FORBIDDEN = "an address that no request may go to"


def get(
    url: str,
    hosts: AllowedHosts = LOOPBACK,
    *,
    resolve: Resolve = resolve,
    seconds: float = 5,
    max_bytes: int = 10_000,
    **more: Any,
) -> httpx2.Response:
    async def request() -> httpx2.Response:
        guarded = GuardedTransport(
            hosts, max_bytes=max_bytes, seconds=lambda: seconds, resolve=resolve
        )
        async with httpx2.AsyncClient(transport=guarded, trust_env=False) as client:
            return await client.get(url, **more)

    # In a thread: this one may have an event loop of other tests.
    with start_blocking_portal() as portal:
        return portal.call(request)


def resolved_to(*addresses: str) -> Resolve:
    async def answer(host: str, port: int) -> list[Address]:
        return [ip_address(one) for one in addresses]

    return answer


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server(lambda _: [http("hello")]) as running:
        yield running


def test_listed_address_is_reached(server: RawServer) -> None:
    assert get(f"{server.url}/path?a=b").text == "hello"
    head = server.requests[0].decode().lower()
    assert head.startswith("get /path?a=b http/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}\r\n" in head
    assert "accept-encoding: identity\r\n" in head


def test_proxies_of_the_environment_are_ignored(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server.url).text == "hello"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("api.example.com", "https://api.example.com:{port}/"),
        ("api.example.com,localhost", "https://api.example.com:{port}/"),
    ],
)
def test_forbidden_addresses_are_refused(server: RawServer, entry: str, url: str) -> None:
    for addresses in (["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:169.254.169.254"]):
        with pytest.raises(RequestFailed, match=FORBIDDEN):
            get(
                url.format(port=server.port),
                AllowedHosts.parse(entry),
                resolve=resolved_to(*addresses),
            )
    assert not server.requests


@pytest.mark.parametrize("form", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_other_forms_of_an_address_are_the_address(server: RawServer, form: str) -> None:
    """The system's resolver understands them."""
    hosts = AllowedHosts.parse(f"{form},api.example.com")
    for scheme in ("http", "https"):
        with pytest.raises((RequestFailed, httpx2.InvalidURL)):
            get(f"{scheme}://{form}:{server.port}/", hosts)
    assert not server.requests


def test_connection_goes_to_the_checked_address(server: RawServer) -> None:
    """A second answer of the name server has no effect: there is no second question."""
    questions = []

    async def rebinding(host: str, port: int) -> list[Address]:
        questions.append(host)
        return [ip_address("127.0.0.1" if len(questions) == 1 else "169.254.169.254")]

    answer = get(
        f"http://localhost:{server.port}/", AllowedHosts.parse("localhost"), resolve=rebinding
    )
    assert answer.text == "hello"
    assert questions == ["localhost"]
    assert f"host: localhost:{server.port}\r\n" in server.requests[0].decode().lower()


def test_next_address_is_tried_when_the_first_refuses(server: RawServer) -> None:
    hosts = AllowedHosts.parse("localhost")
    answer = get(
        f"http://localhost:{server.port}/", hosts, resolve=resolved_to("127.0.0.9", "127.0.0.1")
    )
    assert answer.text == "hello"


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("//evil.test/", "evil.test"),
        ("http://127.0.0.1:9/", "127.0.0.1:9"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("/other", "127.0.0.1:[0-9]+"),
    ],
)
@pytest.mark.parametrize("follows", [True, False])
def test_redirect_is_an_error(location: str, place: str, follows: bool) -> None:
    redirect = http(status="307 Temporary Redirect", location=location)
    with (
        raw_server(lambda _: [redirect]) as server,
        pytest.raises(RequestFailed, match=f"redirects to {place}; redirects are not followed"),
    ):
        get(server.url, follow_redirects=follows)
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:x/"])
def test_redirect_to_an_invalid_url_is_an_error(location: str) -> None:
    redirect = http(status="302 Found", location=location)
    with raw_server(lambda _: [redirect]) as server, pytest.raises(RequestFailed, match="redirect"):
        get(server.url)


def test_slow_answer_is_broken_off() -> None:
    def drip(_: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
        while True:
            time.sleep(0.1)
            yield b"x"

    started = time.monotonic()
    with (
        raw_server(drip) as server,
        pytest.raises(RequestFailed, match="no complete answer within 1 s"),
    ):
        get(server.url, seconds=0.6)
    assert time.monotonic() - started < 3


def test_silent_server_is_given_up() -> None:
    def silence(_: bytes) -> Iterator[bytes]:
        time.sleep(2)
        yield b""

    with raw_server(silence) as server, pytest.raises(RequestFailed, match="no complete answer"):
        get(server.url, seconds=0.3)


def test_large_answer_is_refused_with_and_without_its_length() -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"
    for answer in (http(b"x" * 20_000), endless + b"x" * 20_000):
        with (
            raw_server(lambda _, answer=answer: [answer]) as server,  # type: ignore[misc]  # bound
            pytest.raises(RequestFailed, match="sent more than 10,000 bytes"),
        ):
            get(server.url)


def test_compressed_answer_is_not_unpacked() -> None:
    bomb = http(gzip.compress(b"0" * 10_000_000), content_encoding="gzip")
    with (
        raw_server(lambda _: [bomb]) as server,
        pytest.raises(RequestFailed, match="a compressed answer"),
    ):
        get(server.url, max_bytes=1_000_000)


@pytest.mark.parametrize(
    "sent", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"]
)
def test_broken_answer_is_an_error(sent: bytes) -> None:
    with (
        raw_server(lambda _: [sent]) as server,
        pytest.raises(RequestFailed, match="broke off the connection or sent no valid HTTP"),
    ):
        get(server.url)


def test_server_that_is_down_and_unknown_name_are_errors() -> None:
    with raw_server(lambda _: []) as server:
        pass
    with pytest.raises(RequestFailed, match="cannot be reached"):
        get(server.url)

    async def unknown(host: str, port: int) -> list[Address]:
        raise OSError

    with pytest.raises(RequestFailed, match="localhost: the name has no address"):
        get("http://localhost/", AllowedHosts.parse("localhost"), resolve=unknown)


@pytest.mark.parametrize(
    ("certified", "reached"), [("api.example.com", True), ("127.0.0.1", False), ("other", False)]
)
def test_certificate_must_be_of_the_name_and_not_of_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certified: str, *, reached: bool
) -> None:
    context = server_context(tmp_path, certified)
    trusting = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
    monkeypatch.setattr(transport, "_certificates", lambda: trusting)
    hosts = AllowedHosts.parse("api.example.com,127.0.0.1")
    with raw_server(lambda _: [http("hello")], context) as server:
        url = f"https://api.example.com:{server.port}/"
        if reached:
            assert get(url, hosts, resolve=resolved_to("127.0.0.1")).text == "hello"
        else:
            with pytest.raises(RequestFailed, match="cannot be reached"):
                get(url, hosts, resolve=resolved_to("127.0.0.1"))
    assert bool(server.requests) is reached


def test_untrusted_certificate_gets_no_request(tmp_path: Path) -> None:
    hosts = AllowedHosts.parse("api.example.com,127.0.0.1")
    with raw_server(
        lambda _: [http("hello")], server_context(tmp_path, "api.example.com")
    ) as server:
        with pytest.raises(RequestFailed, match="cannot be reached"):
            get(f"https://api.example.com:{server.port}/", hosts, resolve=resolved_to("127.0.0.1"))
        assert not server.requests


def test_user_in_the_url_is_refused(server: RawServer) -> None:
    with pytest.raises(RequestFailed, match="must not have a user"):
        get(f"http://me@127.0.0.1:{server.port}/")
    assert not server.requests


def test_cookies_are_dropped() -> None:
    with raw_server(lambda _: [http("hello", set_cookie="a=b")]) as server:
        assert "set-cookie" not in get(server.url).headers


def test_odd_errors_of_packages_are_failures(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (OverflowError("port"), ValueError("header"), UnicodeError("host")):

        async def fails(*_: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", fails)
        with pytest.raises(RequestFailed, match="sent no valid HTTP"):
            get(server.url)
