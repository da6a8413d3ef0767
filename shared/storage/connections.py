"""Connections to DynamoDB that are kept, by the standard library.

The SDK's transport serves every service: pools by host, proxies, streams, bodies of any size.
It takes a third of the processor time of a request to DynamoDB, whose requests and answers are
small and whole. What happens above the transport stays the SDK's: endpoint, signature, retries,
errors.
"""

import socket
import ssl
import weakref
from http.client import HTTPConnection, HTTPException, HTTPSConnection
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
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._tls: ssl.SSLContext | None = None
        # Taken by one operation and put back by one: threads need no lock.
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close, self._idle)

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        """Send a request and return its answer; None where it goes to another endpoint.

        Then the SDK sends it. Raises what the SDK's own transport raises: it knows what of
        that to retry. A handler of its event ``before-send``.
        """
        url = request.url
        if not url.startswith(f"{self._origin}/"):
            return None
        connection = self._kept() or self._connected()
        try:
            answer = self._ask(connection, request)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=url, request=request, error=error) from error
        if connection.sock is not None:  # the answer left it open
            self._idle.append(connection)
        return answer

    def _ask(self, connection: HTTPConnection, request: AWSPreparedRequest) -> AWSResponse:
        path = request.url.removeprefix(self._origin)
        headers: Any = request.headers
        body: Any = request.body
        connection.request(request.method, path, body, headers)
        with connection.getresponse() as answer:
            if answer.length is None and not answer.chunked:
                raise HTTPException("broken off before it told its length")
            found: Any = dict(answer.getheaders())
            return AWSResponse(request.url, answer.status, found, _Whole(answer.read()))

    def _kept(self) -> HTTPConnection | None:
        """Return a connection that is still there: one closed by the other side is readable."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()

    def _connected(self) -> HTTPConnection:
        connection = self._unconnected()
        try:
            connection.connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=self._origin, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=self._origin, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=self._origin, error=error) from error
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.sock.settimeout(self._read_timeout)
        return connection

    def _unconnected(self) -> HTTPConnection:
        if not self._secure:
            return HTTPConnection(self._host, self._port, timeout=self._connect_timeout)
        if self._tls is None:
            # Certificate and host name are checked.
            self._tls = ssl.create_default_context(cafile=self._trusted)
        return HTTPSConnection(
            self._host, self._port, timeout=self._connect_timeout, context=self._tls
        )


def _close(idle: list[HTTPConnection]) -> None:
    for connection in idle:
        connection.close()


class _Whole:
    """The body of an answer, in the form in which the SDK asks for it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]
