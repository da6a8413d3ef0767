"""Pool of HTTP connections to one DynamoDB endpoint, on the standard library's client.

The SDK's transport serves every service: pools by host, proxies, streams, bodies of any size.
It takes a third of the CPU time of a request to DynamoDB, whose requests and responses are
small and complete. Endpoint, signature, retries and errors stay the SDK's.
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


class ConnectionPool:
    """Pool of connections to one endpoint.

    Parameters
    ----------
    endpoint_url
        Scheme, host and port.
    ca_bundle
        File of the certificate authorities that the endpoint's certificate is verified with.
    connect_timeout, read_timeout
        In seconds; the read timeout applies to each wait for more of a response.
    """

    def __init__(
        self, endpoint_url: str, ca_bundle: str, *, connect_timeout: float, read_timeout: float
    ) -> None:
        self._ca_bundle = ca_bundle
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        parts = urlsplit(endpoint_url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._tls: ssl.SSLContext | None = None
        # list.pop and list.append are atomic: threads need no lock.
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close, self._idle)

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        """Send a request and return its response; None for another endpoint.

        A handler of the SDK's event ``before-send``: on None the SDK sends the request itself.
        Raises what the SDK's own transport raises, so that the SDK's retries apply.
        """
        url = request.url
        if not url.startswith(f"{self._origin}/"):
            return None
        connection = self._idle_connection() or self._connect()
        try:
            response = self._exchange(connection, request)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=url, request=request, error=error) from error
        if connection.sock is not None:  # the response left the connection open
            self._idle.append(connection)
        return response

    def _exchange(self, connection: HTTPConnection, request: AWSPreparedRequest) -> AWSResponse:
        path = request.url.removeprefix(self._origin)
        headers: Any = request.headers
        body: Any = request.body
        connection.request(request.method, path, body, headers)
        with connection.getresponse() as response:
            if response.length is None and not response.chunked:
                raise HTTPException("response: must declare its length or be chunked")
            received: Any = dict(response.getheaders())
            return AWSResponse(request.url, response.status, received, _Body(response.read()))

    def _idle_connection(self) -> HTTPConnection | None:
        """Return an open idle connection: one that the endpoint has closed is readable."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()

    def _connect(self) -> HTTPConnection:
        connection = self._new_connection()
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

    def _new_connection(self) -> HTTPConnection:
        if not self._secure:
            return HTTPConnection(self._host, self._port, timeout=self._connect_timeout)
        if self._tls is None:
            # Verifies certificate and host name.
            self._tls = ssl.create_default_context(cafile=self._ca_bundle)
        return HTTPSConnection(
            self._host, self._port, timeout=self._connect_timeout, context=self._tls
        )


def _close(idle: list[HTTPConnection]) -> None:
    for connection in idle:
        connection.close()


class _Body:
    """Response body with the interface that the SDK reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]
