"""Requests over kept connections, sent through the SDK's client to a server on this machine.

The server plays DynamoDB at the level of bytes: what it sends, and when it closes.
"""

import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.core.errors import Throttled, Unavailable
from shared.storage import client as client_module
from shared.storage.client import dynamodb
from shared.storage.connections import KeptConnections
from shared.storage.records import Key
from shared.storage.table import Table
from tests.support.storage import forget_process_state

KEY = Key("o#thing#1", "thing")
ITEM = {
    **KEY.attributes(),
    "type": {"S": "thing"},
    "schema_version": {"N": "1"},
    "version": {"N": "3"},
    "body": {"S": '{"name":"Bücher"}'},
}


def answer(body: Any, status: str = "200 OK", *, more: str = "") -> bytes:
    """Return an answer as DynamoDB sends it."""
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
#: In a server's script: close the connection, or say nothing any more.
CLOSE, SILENCE = b"close", b"silence"


class Server:
    """Takes connections one after the other and answers requests by its script.

    Attributes
    ----------
    script
        What each request is answered, in order; the last is repeated. ``CLOSE`` at the end
        of an answer closes the connection behind it.
    connections
        How many were made.
    requests
        What was received, each request whole.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.script: list[bytes] = [FOUND]
        self.connections = 0
        self.requests: list[bytes] = []
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        # Wakes the thread that waits for a connection.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with closing(connection), connection.makefile("rb") as stream:
                while request := _request(stream):
                    self.requests.append(request)
                    said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                    if said == SILENCE:
                        self._over.wait()
                        return
                    connection.sendall(said.removesuffix(CLOSE))
                    if said.endswith(CLOSE):
                        return
        except OSError:
            return


def _request(stream: Any) -> bytes:
    """Read a request whole; nothing when the client has closed the connection."""
    head, length = b"", 0
    while (line := stream.readline()) != b"\r\n":
        if not line:
            return b""
        head += line
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    return bytes(head + b"\r\n" + stream.read(length))


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as server:
        yield server


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Table]]:
    """Return what makes the table of a process whose functions see the endpoint."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)

    def table(endpoint: str) -> Table:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        forget_process_state()
        return Table(dynamodb(), "t", shards=1)

    yield table
    forget_process_state()


@pytest.fixture
def table(server: Server, connect: Callable[[str], Table]) -> Table:
    return connect(f"http://127.0.0.1:{server.port}")


def test_given_answers_then_they_are_read_and_the_connection_is_kept(
    table: Table, server: Server
) -> None:
    for _ in range(3):
        found = table.get(KEY)
        assert found is not None
        assert found.body == {"name": "Bücher"}
    assert server.connections == 1
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body)["Key"] == KEY.attributes()
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST / HTTP/1.1"
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=testing/")
    assert "host;x-amz-date;x-amz-target" in headers["authorization"]


@pytest.mark.parametrize(
    "leave", [FOUND + CLOSE, answer({"Item": ITEM}, more="Connection: close\r\n")]
)
def test_given_a_connection_that_ends_between_requests_then_the_next_one_is_new(
    table: Table, server: Server, leave: bytes
) -> None:
    server.script = [leave, FOUND]
    assert table.get(KEY)
    assert table.get(KEY)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "broken",
    [CLOSE, b"HTTP/1.1 200 OK\r\nConte" + CLOSE, FOUND[:-5] + CLOSE, chunked({})[:-5] + CLOSE],
    ids=["no answer", "amid the headers", "amid the body", "amid the chunks"],
)  # fmt: skip
def test_given_an_answer_that_breaks_off_then_the_request_is_sent_again(
    table: Table, server: Server, broken: bytes
) -> None:
    server.script = [broken, FOUND]
    assert table.get(KEY)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        chunked({"Item": ITEM}),
        FOUND.replace(b"HTTP/1.1", b"HTTP/1.0"),
        FOUND.replace(b"HTTP/1.1", b"HTTP/1.0") + CLOSE,
        FOUND.replace(b"\r\n", b"\n"),
    ],
    ids=["chunked", "HTTP/1.0", "HTTP/1.0, closed", "bare line feeds"],
)
def test_given_an_answer_of_another_form_then_it_is_read_too(
    table: Table, server: Server, other: bytes
) -> None:
    server.script = [other]
    for requests in (1, 2):
        found = table.get(KEY)
        assert found is not None
        assert found.body == {"name": "Bücher"}
        assert len(server.requests) == requests


def test_given_an_answer_that_is_no_json_then_it_is_unavailable(
    table: Table, server: Server
) -> None:
    server.script = [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{nono"]
    with pytest.raises(Unavailable):
        table.get(KEY)


def test_given_a_line_without_an_end_then_it_is_unavailable(table: Table, server: Server) -> None:
    server.script = [FOUND.replace(b"R1", b"1" * 70_000)]
    with pytest.raises(Unavailable):
        table.get(KEY)


def test_given_silence_then_it_is_unavailable_after_three_attempts(
    server: Server, connect: Callable[[str], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_READ_TIMEOUT", 0.05)
    server.script = [SILENCE]
    table = connect(f"http://127.0.0.1:{server.port}")
    attempts = []
    table.client.meta.events.register_first("before-send.dynamodb", lambda **_: attempts.append(1))
    with pytest.raises(Unavailable) as caught:
        table.get(KEY)
    assert isinstance(caught.value.__cause__, ReadTimeoutError)
    assert len(attempts) == 3


def test_given_throttling_then_it_is_throttled_after_three_attempts(
    table: Table, server: Server
) -> None:
    error = {"__type": "com.amazon.coral.availability#ThrottlingException", "message": "slowly"}
    server.script = [answer(error, "400 Bad Request")]
    with pytest.raises(Throttled):
        table.get(KEY)
    assert len(server.requests) == 3
    assert server.connections == 1


def test_given_nobody_listens_then_it_is_unavailable(connect: Callable[[str], Table]) -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            connect(f"http://127.0.0.1:{bound.getsockname()[1]}").get(KEY)


def test_given_a_connection_that_does_not_come_about_then_it_is_unavailable(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def slow(_address: Any, timeout: float, _source: Any) -> socket.socket:
        asked.append(timeout)
        raise TimeoutError

    monkeypatch.setattr("socket.create_connection", slow)
    with pytest.raises(Unavailable):
        table.get(KEY)
    assert asked == [1, 1, 1]


def test_given_a_proxy_then_the_sdk_sends(
    server: Server, connect: Callable[[str], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    table = connect("http://dynamodb.example")
    assert table.get(KEY)
    assert server.requests[0].startswith(b"POST http://dynamodb.example/ HTTP/1.1\r\n")


def test_given_another_endpoint_then_the_sdk_sends() -> None:
    connections = KeptConnections("https://dynamodb.example", "", connect_timeout=1, read_timeout=1)
    for url in ("https://dynamodb.example.org/", "http://dynamodb.example/"):
        request: Any = type("Request", (), {"url": url, "body": b"{}"})
        assert connections.send(request) is None


class TestTls:
    """The endpoint must be vouched for, under its own name."""

    def test_given_a_trusted_certificate_then_it_is_talked_to(
        self, connect: Callable[[str], Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(Server(_certified(tmp_path, "127.0.0.1"))) as server:
            monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
            table = connect(f"https://127.0.0.1:{server.port}")
            assert table.get(KEY)
            assert table.get(KEY)
            assert len(server.requests) == 2

    @pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("127.0.0.2", True)])
    def test_given_a_stranger_then_nothing_is_sent(
        self,
        connect: Callable[[str], Table],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        *,
        trusted: bool,
    ) -> None:
        with closing(Server(_certified(tmp_path, name))) as server:
            if trusted:
                monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
            with pytest.raises(Unavailable):
                connect(f"https://127.0.0.1:{server.port}").get(KEY)
            assert server.requests == []


def _certified(folder: Path, address: str) -> ssl.SSLContext:
    """Return how a server speaks TLS whose certificate vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    public = key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
