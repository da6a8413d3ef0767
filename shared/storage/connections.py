"""Connections to DynamoDB that are kept, and requests sent over them in one piece.

The SDK's transport serves every service: pools by host, proxies, streams, answers of any
form. It takes a third of the processor time of a request to DynamoDB, whose requests and
answers are small, whole, and of one form. What happens above the transport stays the SDK's:
endpoint, signature, retries, errors.
"""

import socket
import ssl
import weakref
from collections.abc import Iterable
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import wait_for_read

#: Bytes of a line of an answer's head, at most, as ``http.client`` has it.
_MAX_LINE = 65_536


class _Unknown(ValueError):
    """An answer of a form that DynamoDB does not send."""


class KeptConnections:
    """The connections to one endpoint.

    Parameters
    ----------
    endpoint_url
        Scheme, host and port.
    trusted
        The file of the certificate authorities that may vouch for the endpoint.
    connect_timeout, read_timeout
        In seconds, the second for each wait for more of an answer.
    """

    def __init__(
        self, endpoint_url: str, trusted: str, *, connect_timeout: float, read_timeout: float
    ) -> None:
        self._trusted = trusted
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        parts = urlsplit(endpoint_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        port = 443 if self._secure else 80
        self._address = (parts.hostname or "", parts.port or port)
        # Named as it is signed: without the port where that goes without saying.
        host = parts.netloc.removesuffix(f":{port}")
        self._fixed_headers = f"Host: {host}\r\nAccept-Encoding: identity\r\n"
        self._tls: ssl.SSLContext | None = None
        # Taken by one operation and put back by one: threads need no lock.
        self._idle: list[socket.socket] = []
        weakref.finalize(self, _close, self._idle)
        self._left_to_the_sdk = False

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        """Send a request and return its answer, or None where the SDK is to send it.

        The SDK is to send it to another endpoint, and everything from the first answer on
        that is not understood here. Raises what the SDK's own transport raises: it knows
        what of that to retry. A handler of its event ``before-send``.
        """
        url, body = request.url, request.body
        elsewhere = not url.startswith(f"{self._origin}/")
        if self._left_to_the_sdk or elsewhere or not isinstance(body, bytes):
            return None
        connection = self._kept() or self._connected()
        try:
            connection.sendall(self._head(request) + body)
            status, headers, content = _answer(connection)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (OSError, _Unknown) as error:
            connection.close()
            if isinstance(error, _Unknown):
                self._left_to_the_sdk = True
            raise ConnectionClosedError(endpoint_url=url, request=request, error=error) from error
        if headers.get("connection", "").lower() == "close":
            connection.close()
        else:
            self._idle.append(connection)
        return AWSResponse(url, status, headers, _Whole(content))

    def _kept(self) -> socket.socket | None:
        """Return a connection that is still there: one closed by the other side is readable."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not wait_for_read(connection, timeout=0):
                return connection
            connection.close()

    def _connected(self) -> socket.socket:
        url = self._origin
        try:
            connection = socket.create_connection(self._address, timeout=self._connect_timeout)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._secure:
                connection = self._context().wrap_socket(
                    connection, server_hostname=self._address[0]
                )
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        connection.settimeout(self._read_timeout)
        return connection

    def _context(self) -> ssl.SSLContext:
        """Return how TLS is spoken: certificate and host name are checked."""
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=self._trusted)
        return self._tls

    def _head(self, request: AWSPreparedRequest) -> bytes:
        """Write the head of a request; nothing in it comes from a client of the API."""
        path = request.url.removeprefix(self._origin)
        head = [f"{request.method} {path} HTTP/1.1\r\n{self._fixed_headers}".encode()]
        # Most values are encoded by the SDK.
        fields: Iterable[tuple[str, Any]] = request.headers.items()
        for name, value in fields:
            content = value if isinstance(value, bytes) else value.encode()
            head.append(b"%s: %s\r\n" % (name.encode(), content))
        return b"".join([*head, b"\r\n"])


def _close(idle: list[socket.socket]) -> None:
    for connection in idle:
        connection.close()


class _Whole:
    """The body of an answer, in the form in which the SDK asks for it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


def _answer(connection: socket.socket) -> tuple[int, Any, bytes]:
    """Read status, headers and body of an answer (RFC 9112) that tells its length.

    DynamoDB's all do. Raises ``_Unknown`` for another form, and ``ConnectionError`` where
    the other side breaks off.
    """
    with connection.makefile("rb") as stream:
        status = _line(stream)
        if not status.startswith(b"HTTP/1.1 ") or not status[9:12].isdigit():
            raise _Unknown("not HTTP/1.1")
        headers: dict[str, str] = {}
        while line := _line(stream):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        length = headers.get("content-length", "")
        if not length.isdecimal() or "transfer-encoding" in headers:
            raise _Unknown("no length")
        content = stream.read(int(length))
        if len(content) < int(length):
            raise ConnectionResetError("closed amid an answer")
        return int(status[9:12]), headers, content


def _line(stream: BufferedReader) -> bytes:
    line = stream.readline(_MAX_LINE)
    if line.endswith(b"\r\n"):
        return line[:-2]
    if len(line) == _MAX_LINE or line.endswith(b"\n"):
        raise _Unknown("a line that ends otherwise")
    raise ConnectionResetError("closed without an answer")
