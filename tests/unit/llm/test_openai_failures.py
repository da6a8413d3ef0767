"""OpenAI provider: servers that are down, slow, busy, or refuse; retries and their limits."""

import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from shared.core.observability import logger
from shared.llm import http_call
from shared.llm.openai import OpenAIModel
from shared.llm.port import ModelFailed
from shared.secrets.store import SecretUnavailable
from tests.support.chat_server import HANG, RESET, ChatServer, completion, http
from tests.unit.llm.conftest import request


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_transient_status_is_retried(
    server: ChatServer, model: OpenAIModel, pauses: list[float], status: int
) -> None:
    server.reply(http(b"<html>busy</html>", status=status, content_type="text/html"))
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"
    assert len(pauses) == 1


@pytest.mark.parametrize("steps", [[RESET], [], [b"no HTTP at all\r\n\r\n"]])
def test_broken_connection_is_retried(
    server: ChatServer, model: OpenAIModel, pauses: list[float], steps: list[Any]
) -> None:
    server.reply(*steps)
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"
    assert len(pauses) == 1


def test_cut_body_is_retried(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(http(b'{"choices": [', length=500))
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"


def test_dead_server_fails_with_what_was_tried(pauses: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    model = OpenAIModel(f"http://127.0.0.1:{port}/v1", lambda: "key", sleep=pauses.append)

    with pytest.raises(ModelFailed) as failed:
        model.answer(request())

    assert failed.value.retryable
    assert failed.value.reason == (
        f"The model at http://127.0.0.1:{port} does not answer: 4 attempts in 0 s; "
        "last error: connection refused."
    )
    assert len(pauses) == 3


def test_lasting_error_says_the_last_status(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http({"error": "down"}, status=503))
    with pytest.raises(ModelFailed, match=r"4 attempts in 0 s; last answer: 503\.") as failed:
        model.answer(request())
    assert failed.value.retryable
    assert len(server.received) == 4


@pytest.mark.parametrize(
    "steps",
    [
        [HANG],
        [b"HTTP/1.1 200 OK\r\n", HANG],
        [http(b"{", length=100), HANG],
        [
            b"HTTP/1.1 200 OK\r\n",
            *(step for number in range(90) for step in (b"x-%d: y\r\n" % number, 0.2)),
        ],
    ],
    ids=["silent", "half a head", "half a body", "a header now and then"],
)
def test_slow_server_fails_in_time(
    server: ChatServer, model: OpenAIModel, steps: list[Any]
) -> None:
    server.reply(*steps)
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="no answer in time") as failed:
        model.answer(request(time_limit=0.6))
    assert 0.5 < time.monotonic() - started < 2
    assert failed.value.retryable


def test_expired_time_limit_sends_nothing(server: ChatServer, model: OpenAIModel) -> None:
    with pytest.raises(ModelFailed, match="no answer in time"):
        model.answer(request(time_limit=0))
    assert server.received == []


def test_retry_after_is_honored(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http(status=429, retry_after="2"))
    later = datetime.now(UTC) + timedelta(seconds=4)
    server.reply(http(status=503, retry_after=format_datetime(later, usegmt=True)))
    server.reply(http(status=503, retry_after="soon"))
    server.reply(completion("Hello"))

    assert model.answer(request()).text == "Hello"

    assert pauses[0] == 2
    assert 2 < pauses[1] <= 4
    assert pauses[2] <= 4


def test_retry_after_the_deadline_fails_at_once(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http(status=429, retry_after="3600"))
    with pytest.raises(ModelFailed, match="1 attempt in 0 s; last answer: 429"):
        model.answer(request())
    assert pauses == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(server: ChatServer, model: OpenAIModel, status: int) -> None:
    server.reply(http(status=status, location="http://169.254.169.254/latest/meta-data/"))
    with pytest.raises(
        ModelFailed, match=rf"redirect \({status}\), which is not followed"
    ) as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert "169.254" not in failed.value.reason
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_fails_without_the_servers_words(
    server: ChatServer, model: OpenAIModel, status: int
) -> None:
    """Servers repeat parts of the key."""
    server.reply(http({"error": {"message": "Incorrect API key: key-of-***"}}, status=status))
    with pytest.raises(ModelFailed, match="refuses the stack's key") as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert "key-of" not in failed.value.reason


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            400,
            {"error": {"message": "context too long", "param": "messages"}},
            "context too long (messages)",
        ),
        (404, {"error": {"message": "model 'x' not found"}}, "model 'x' not found"),
        (422, {"detail": [{"msg": "Field required"}]}, "Field required"),
        (400, {"error": "does not support tools"}, "does not support tools"),
        (400, {"error": {"message": "x" * 5000}}, "x" * 200),
    ],
)
def test_rejected_request_says_why(
    server: ChatServer, model: OpenAIModel, status: int, body: Any, words: str
) -> None:
    server.reply(http(body, status=status))
    with pytest.raises(ModelFailed) as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert f"rejects the request ({status})" in failed.value.reason
    assert words in failed.value.reason
    assert len(failed.value.reason) < 350


@pytest.mark.parametrize("body", [b"<html>Not Found</html>", b"", b"[]"])
def test_rejected_request_without_json_says_the_status(
    server: ChatServer, model: OpenAIModel, body: bytes
) -> None:
    server.reply(http(body, status=404, content_type="text/html"))
    with pytest.raises(ModelFailed, match=r"rejects the request \(404\)\.$"):
        model.answer(request())


def test_error_in_a_successful_response_is_an_error(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http({"error": {"message": "busy", "code": 429}}))
    server.reply(http({"error": {"message": "no credits", "code": 402}}))
    with pytest.raises(ModelFailed, match=r"rejects the request \(402\)"):
        model.answer(request())
    assert len(pauses) == 1


def test_answer_above_the_size_limit_fails(
    server: ChatServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_call, "MAX_RESPONSE", 10_000)
    server.reply(completion("x" * 20_000))
    with pytest.raises(ModelFailed, match="too large") as failed:
        model.answer(request())
    assert not failed.value.retryable


def test_key_that_cannot_be_read_fails(server: ChatServer) -> None:
    def key() -> str:
        raise SecretUnavailable("The secret /stack/key cannot be read (AccessDenied).")

    with pytest.raises(ModelFailed, match="ask the operator") as failed:
        OpenAIModel(server.url, key).answer(request())
    assert failed.value.retryable
    assert "/stack/key" not in failed.value.reason
    assert server.received == []


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel"])
def test_key_that_no_header_can_have_fails(server: ChatServer, key: str) -> None:
    with pytest.raises(ModelFailed, match="characters") as failed:
        OpenAIModel(server.url, lambda: key).answer(request())
    assert key not in failed.value.reason


def test_key_is_in_no_log_line_and_no_message(
    server: ChatServer, model: OpenAIModel, caplog: pytest.LogCaptureFixture
) -> None:
    lines = logging.getLogger(logger.name)
    lines.addHandler(caplog.handler)
    try:
        caplog.set_level(logging.DEBUG)
        server.reply(http({"error": {"message": "bad key-of-the-test"}}, status=400))
        with pytest.raises(ModelFailed) as failed:
            model.answer(request())
    finally:
        lines.removeHandler(caplog.handler)
    assert "[key]" in failed.value.reason
    told = [failed.value.reason, *(str(vars(one)) for one in caplog.records)]
    assert not [line for line in told if "key-of-the-test" in line]


def test_tls_certificate_is_verified(tmp_path: Path, pauses: list[float]) -> None:
    """A server whose certificate nobody trusts gets neither conversation nor key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path / "certificate.pem"))
    got: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
                    got.append(connection.recv(1))
            except ssl.SSLError:
                continue
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=[listener], daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        with pytest.raises(ModelFailed, match="does not answer") as failed:
            OpenAIModel(url, lambda: "key", sleep=pauses.append).answer(request())
    assert "certificate" in failed.value.reason
    assert b"".join(got) == b""


def _self_signed(path: Path) -> Path:
    """Write a certificate of this machine's address and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(addresses, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


def test_key_is_read_once_and_the_one_that_was_sent_is_hidden(server: ChatServer) -> None:
    keys = iter(["old-key-123", "new-key-456"])
    server.reply(http({"error": {"message": "bad old-key-123"}}, status=400))
    with pytest.raises(ModelFailed, match=r"bad \[key\]"):
        OpenAIModel(server.url, lambda: next(keys)).answer(request())
    assert next(keys) == "new-key-456"


def test_schema_of_a_function_does_not_switch_structured_output_off(
    server: ChatServer, model: OpenAIModel
) -> None:
    server.reply(http({"error": {"message": "Invalid schema for function 'x'"}}, status=400))
    with pytest.raises(ModelFailed, match="Invalid schema for function"):
        model.answer(request(output_schema={"type": "object"}))
    assert len(server.received) == 1


def test_addresses_that_do_not_answer_share_the_time_to_connect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = [socket.create_server(("127.0.0.2", 0), backlog=0)]
    port = full[0].getsockname()[1]
    full += [socket.create_server((f"127.0.0.{last}", port), backlog=0) for last in range(3, 8)]
    waiting = []
    for one in full:
        for _ in range(3):
            client = socket.socket()
            client.settimeout(0)
            client.connect_ex(one.getsockname())
            waiting.append(client)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one.getsockname()) for one in full]
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **names: (
            found if host == "hole.test" else resolve(host, *more, **names)
        ),
    )
    started = time.monotonic()
    with pytest.raises(ModelFailed):
        OpenAIModel(f"http://hole.test:{port}/v1").answer(request(time_limit=2))
    assert time.monotonic() - started < 3
    for one in (*full, *waiting):
        one.close()
