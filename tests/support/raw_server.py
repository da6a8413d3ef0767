"""HTTP server at byte level on 127.0.0.1: a test decides what it sends, and how slowly."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

type Respond = Callable[[bytes], Iterable[bytes]]


@dataclass
class RawServer:
    """A running server, and the requests that it received: head and body."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def http(
    body: bytes | str = b"", status: str = "200 OK", content_type: str = "text/plain", **more: str
) -> bytes:
    """Return the bytes of a response."""
    content = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type, "content-length": str(len(content)), **more}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{head}connection: close\r\n\r\n".encode() + content


@contextmanager
def raw_server(respond: Respond, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Run a server that answers each request with the bytes of ``respond``, then closes."""
    running = RawServer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running.port = listener.getsockname()[1]
        accepting = threading.Thread(
            target=_accept, args=(listener, respond, running.requests, tls)
        )
        accepting.start()
        try:
            yield running
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _accept(
    listener: socket.socket, respond: Respond, requests: list[bytes], tls: ssl.SSLContext | None
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(
            target=_serve, args=(connection, respond, requests, tls), daemon=True
        ).start()


def _serve(
    connection: socket.socket,
    respond: Respond,
    requests: list[bytes],
    tls: ssl.SSLContext | None,
) -> None:
    with ExitStack() as opened, suppress(OSError):
        opened.enter_context(connection)
        if tls is not None:
            connection = opened.enter_context(tls.wrap_socket(connection, server_side=True))
        request = _request(connection)
        if request:
            requests.append(request)
            for part in respond(request):
                connection.sendall(part)


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
