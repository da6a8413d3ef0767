"""Fake DynamoDB server at byte level: a script sets what it sends and when it closes."""

import json
import socket
import ssl
import threading
from contextlib import closing, suppress
from typing import Any

from shared.storage.records import Key

KEY = Key("o#thing#1", "thing")
ITEM = {
    **KEY.attributes(),
    "type": {"S": "thing"},
    "schema_version": {"N": "1"},
    "version": {"N": "3"},
    "body": {"S": '{"name":"Bücher"}'},
}


def answer(body: Any, status: str = "200 OK", *, more: str = "") -> bytes:
    """Return the bytes of a response as DynamoDB sends it."""
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.0\r\n{more}"
    return (
        f"{head}x-amzn-RequestId: R1\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    )


def chunked(body: Any) -> bytes:
    content = json.dumps(body).encode()
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk


FOUND = answer({"Item": ITEM})
#: In a server's script: close the connection, or stop responding.
CLOSE, SILENCE = b"close", b"silence"


class Server:
    """Server that responds to requests by its script, one thread per connection.

    Attributes
    ----------
    script
        Response to each request, in order; the last one repeats. ``CLOSE`` at the end of a
        response closes the connection after it.
    connections
        Number of accepted connections.
    requests
        Received requests, head and body.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.script: list[bytes] = [FOUND]
        self.connections = 0
        self.requests: list[bytes] = []
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._closed = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        # Wakes the thread that accepts connections.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._respond, args=[connection], daemon=True).start()

    def _respond(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with closing(connection), connection.makefile("rb") as stream:
                while request := _request(stream):
                    self.requests.append(request)
                    response = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                    if response == SILENCE:
                        self._closed.wait()
                        return
                    connection.sendall(response.removesuffix(CLOSE))
                    if response.endswith(CLOSE):
                        return
        except OSError:
            return


def _request(stream: Any) -> bytes:
    """Read one request; return no bytes when the client closed the connection."""
    head, length = b"", 0
    while (line := stream.readline()) != b"\r\n":
        if not line:
            return b""
        head += line
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    return bytes(head + b"\r\n" + stream.read(length))
