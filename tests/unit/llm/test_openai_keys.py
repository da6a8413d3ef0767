"""OpenAI provider: the key of a server, which only a trusted server gets and no message has."""

import logging
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from shared.core.observability import logger
from shared.llm.openai import OpenAIModel
from shared.llm.port import ModelFailed
from shared.secrets.store import SecretUnavailable
from tests.support.chat_server import ChatServer, http
from tests.unit.llm.conftest import request


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
