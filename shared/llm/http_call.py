"""HTTP requests to a model's server: bounded in time and size, without redirects."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

#: Bytes of a response, at most; a stream repeats names of fields for each word.
MAX_RESPONSE = 16_000_000
#: Seconds to connect, at most: a server that is down must not use up a turn's time.
_CONNECT_SECONDS = 5.0
#: Addresses of a name that are tried.
_TRIED_ADDRESSES = 4
_CHUNK = 65_536


class NoConnection(Exception):
    """Connection that failed or broke; ``str`` is the reason, without addresses or headers."""


class TimedOut(Exception):
    """Request whose time is over."""


class TooLong(Exception):
    """Response that is larger than ``MAX_RESPONSE``."""


@dataclass(frozen=True, slots=True)
class Response:
    """Response whose body is read while it arrives."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    def body(self) -> bytes:
        return b"".join(self.chunks)


@contextmanager
def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    seconds: float,
) -> Iterator[Response]:
    """Send a request on a connection of its own, which is closed behind the block.

    The time limit holds for all of it, whatever the server sends: a timer shuts the connection.
    The addresses of the host share the time to connect. Only the resolution of its name can
    take longer. Raises ``NoConnection``,
    ``TimedOut`` and ``TooLong``, also while the body is read.
    """
    deadline = time.monotonic() + seconds
    if seconds <= 0:
        raise TimedOut
    parts = urlsplit(url)
    with ExitStack() as cleanup:
        with _translated(deadline):
            connected = _connect(parts, deadline)
            cleanup.callback(connected.close)
            cleanup.callback(_start_timer(connected, deadline).cancel)
            if isinstance(connected, ssl.SSLSocket):
                connected.settimeout(min(max(deadline - time.monotonic(), 0.001), _CONNECT_SECONDS))
                connected.do_handshake()
            left = max(deadline - time.monotonic(), 0.001)
            connection = HTTPConnection(parts.hostname or "", parts.port, timeout=left)
            cleanup.callback(connection.close)
            connection.sock = connected
            connection.request(
                method,
                parts.path or "/",
                body=body,
                headers={"host": parts.netloc, **headers},
                preload_content=False,
            )
            response = connection.getresponse()
            cleanup.callback(response.close)
        lowered = {name.lower(): value for name, value in response.headers.items()}
        yield Response(response.status, lowered, _chunks(response, deadline))


def _connect(parts: SplitResult, deadline: float) -> socket.socket:
    """Return a connection to the first address that accepts one; of TLS, before its handshake."""
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:_TRIED_ADDRESSES]
    until = min(deadline, time.monotonic() + _CONNECT_SECONDS)
    for index, (family, kind, protocol, _, address) in enumerate(found):
        connected = socket.socket(family, kind, protocol)
        share = (until - time.monotonic()) / (len(found) - index)
        connected.settimeout(max(share, 0.001))
        try:
            connected.connect(address)
        except OSError:
            connected.close()
            if index == len(found) - 1:
                raise
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not is_tls:
                return connected
            return ssl.create_default_context().wrap_socket(
                connected, server_hostname=host, do_handshake_on_connect=False
            )
    raise OSError("the name has no address")


def _start_timer(connected: socket.socket, deadline: float) -> threading.Timer:
    """Start a timer that shuts a socket at the deadline, which ends every wait for it."""
    left = max(deadline - time.monotonic(), 0.001)
    connected.settimeout(left)

    def shut() -> None:
        with suppress(OSError):
            # Of the base class: a TLS socket's own method is not safe beside a reader.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = threading.Timer(left, shut)
    timer.daemon = True
    timer.start()
    return timer


@contextmanager
def _translated(deadline: float) -> Iterator[None]:
    """Translate the errors of the transport."""
    try:
        yield
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            raise TimedOut from error
        raise NoConnection(_reason(error)) from error


def _reason(error: BaseException) -> str:
    """Return the system's reason of a failed connection, or the kind of the error."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and isinstance(seen.strerror, str):
            return seen.strerror.lower()
        seen = seen.__cause__ or seen.__context__
    return {
        "TimeoutError": "no connection in time",
        "UnicodeEncodeError": "the name of the host is invalid",
        "IncompleteRead": "the answer broke off",
        "ProtocolError": "the answer broke off",
        "RemoteDisconnected": "the connection was closed without an answer",
        "BadStatusLine": "the answer is not HTTP",
    }.get(type(error).__name__, type(error).__name__)


def _chunks(response: BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    size = 0
    while True:
        with _translated(deadline):
            chunk = response.read1(_CHUNK, decode_content=True)
        if time.monotonic() >= deadline:
            raise TimedOut
        if not chunk:
            return
        size += len(chunk)
        if size > MAX_RESPONSE:
            raise TooLong
        yield chunk
