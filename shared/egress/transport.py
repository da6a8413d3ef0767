"""Guarded transport: every request to a host that an organization chooses goes through it.

The name is resolved once, all its addresses are checked, and the connection goes to one of
them, so that a second answer of the name server cannot lead elsewhere. Redirects are an
error, and cookies are dropped. Proxies of the environment are ignored. Size and time of an
answer are limited while it is read; compressed answers are not accepted, so that none unpacks
to more.
"""

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address

import anyio
import httpx2

from shared.egress.addresses import Address
from shared.egress.hosts import AllowedHosts, NotAllowed

#: Addresses of a name that are tried, IPv4 first: functions often have no route for IPv6.
_TRIED_ADDRESSES = 3

type Resolve = Callable[[str, int], Awaitable[list[Address]]]


class RequestFailed(Exception):
    """Request that was refused, or had no usable answer; the message names the host.

    ``retryable`` is False where a repeated request would fail for the same reason.
    """

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


async def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a name, in the resolver's order."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Transport of an ``httpx2.AsyncClient`` that reaches allowed hosts only.

    Parameters
    ----------
    hosts
        Allow-list of the stack.
    max_bytes
        Bytes of an answer, at most.
    seconds
        Returns the seconds that a request may take now, from connecting to the last byte.
    resolve
        Returns the addresses of a name.
    """

    def __init__(
        self,
        hosts: AllowedHosts,
        *,
        max_bytes: int,
        seconds: Callable[[], float],
        resolve: Resolve = resolve,
    ) -> None:
        self._hosts = hosts
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._resolve = resolve
        self._direct = httpx2.AsyncHTTPTransport(verify=_certificates(), trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises :class:`RequestFailed`, also while the answer is read."""
        url, seconds = request.url, self._seconds()
        host = url.host
        deadline = anyio.current_time() + seconds
        with _failures(host, seconds), anyio.fail_after(max(seconds, 0)):
            if url.userinfo:
                raise RequestFailed(
                    f"{host}: the URL must not have a user or password", retryable=False
                )
            addresses = await self._addresses(url)
            response = await self._send(request, addresses)
        try:
            _check_answer(url, response, self._max_bytes)
        except RequestFailed:
            await response.aclose()
            raise
        response.headers.pop("set-cookie", None)
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101  # of an async transport
        response.stream = _LimitedStream(stream, host, self._max_bytes, deadline, seconds)
        return response

    async def aclose(self) -> None:
        await self._direct.aclose()

    async def _addresses(self, url: httpx2.URL) -> list[Address]:
        """Return the checked addresses of a URL's host."""
        host = url.raw_host.decode()
        try:
            self._hosts.check(url.scheme, host, url.port)
            port = url.port or (443 if url.scheme == "https" else 80)
            addresses = await self._resolve(host, port)
            for address in addresses:
                self._hosts.check_address(url.scheme, host, address)
        except NotAllowed as refused:
            raise RequestFailed(f"{url.host}: {refused}", retryable=False) from refused
        except (OSError, UnicodeError) as error:
            raise RequestFailed(f"{url.host}: the name has no address") from error
        return sorted(addresses, key=lambda one: one.version)[:_TRIED_ADDRESSES]

    async def _send(self, request: httpx2.Request, addresses: list[Address]) -> httpx2.Response:
        """Send a request to the first address that accepts a connection."""
        for address in addresses:
            direct = httpx2.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,  # `Host` is the name
                stream=request.stream,
                extensions=dict(request.extensions) | {"sni_hostname": request.url.host},
            )
            direct.headers["accept-encoding"] = "identity"
            try:
                return await self._direct.handle_async_request(direct)
            except httpx2.ConnectError:
                if address == addresses[-1]:
                    raise
        raise RequestFailed(f"{request.url.host}: the name has no address")


def _check_answer(url: httpx2.URL, response: httpx2.Response, max_bytes: int) -> None:
    """Raise :class:`RequestFailed` for an answer that is not read."""
    host = url.host
    if response.has_redirect_location:
        target = _joined(url, response.headers["location"])
        place = target.host + (f":{target.port}" if target.port else "")
        raise RequestFailed(
            f"{host}: redirects to {place}; redirects are not followed", retryable=False
        )
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise RequestFailed(
            f"{host}: sent a compressed answer, which is not accepted", retryable=False
        )
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > max_bytes:
        raise RequestFailed(_too_large(host, max_bytes), retryable=False)


def _joined(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise RequestFailed(f"{url.host}: redirects to an invalid URL") from error


class _LimitedStream(httpx2.AsyncByteStream):
    """Body of an answer, up to a size and a time."""

    def __init__(
        self,
        stream: httpx2.AsyncByteStream,
        host: str,
        max_bytes: int,
        deadline: float,
        seconds: float,
    ) -> None:
        self._stream = stream
        self._host = host
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._seconds = seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        chunks = aiter(self._stream)
        while True:
            with _failures(self._host, self._seconds):
                with anyio.fail_after(max(self._deadline - anyio.current_time(), 0)):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                size += len(chunk)
                if size > self._max_bytes:
                    raise RequestFailed(_too_large(self._host, self._max_bytes), retryable=False)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _failures(host: str, seconds: float) -> Iterator[None]:
    """Raise :class:`RequestFailed` for every failure of the network."""
    try:
        yield
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise RequestFailed(f"{host}: no complete answer within {seconds:.0f} s") from error
    except httpx2.ConnectError as error:
        raise RequestFailed(f"{host}: cannot be reached") from error
    except (httpx2.RequestError, httpx2.InvalidURL, OSError, ValueError, ArithmeticError) as error:
        raise RequestFailed(f"{host}: broke off the connection or sent no valid HTTP") from error


def _too_large(host: str, max_bytes: int) -> str:
    return f"{host}: sent more than {max_bytes:,} bytes"
