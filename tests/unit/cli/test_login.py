"""Commands about the login, and its file."""

import stat
from pathlib import Path

import httpx
import pytest

from tests.support.gateway import Gateway
from tests.unit.cli.conftest import KEY, URL, CommandLine


def stored_login(home: Path) -> Path:
    return home / "config" / "agent-sessions" / "login.json"


@pytest.fixture
def newcomer(user: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A user without login."""
    monkeypatch.delenv("AGENT_SESSIONS_URL")
    monkeypatch.delenv("AGENT_SESSIONS_KEY")
    return user


def test_login_stores_url_and_key_for_the_user_only(newcomer: CommandLine, tmp_path: Path) -> None:
    done = newcomer("login", f"{URL}/", stdin=f"{KEY}\n".encode())

    assert done.status == 0, done.err
    file = stored_login(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert newcomer("whoami", "--json").json["url"] == URL


def test_logout_removes_the_login(newcomer: CommandLine, tmp_path: Path) -> None:
    newcomer("login", URL, stdin=KEY.encode())

    done = newcomer("logout")

    assert (done.status, done.out) == (0, "Logged out.\n")
    assert not stored_login(tmp_path).exists()
    assert newcomer("whoami").status == 4
    assert newcomer("logout", "--json").json == {"logged_out": False}


def test_whoami_shows_organization_and_scopes(user: CommandLine, api: Gateway) -> None:
    done = user("whoami")

    assert done.status == 0
    assert f"organization: {api.organization_id}" in done.out
    assert "scopes: admin, read, write" in done.out
    assert user("whoami", "--json").json["scopes"] == ["admin", "read", "write"]


def test_refused_key_is_not_stored(newcomer: CommandLine, tmp_path: Path) -> None:
    body = {"error": "unauthorized", "message": "The API key is not valid."}
    newcomer.talks_to(lambda _: httpx.Response(401, json=body))

    done = newcomer("login", URL, stdin=KEY.encode())

    assert (done.status, done.out) == (4, "")
    assert done.err == "error: The API key is not valid.\n"
    assert not stored_login(tmp_path).exists()


def test_address_of_another_service_is_refused(newcomer: CommandLine, tmp_path: Path) -> None:
    answers = [httpx.Response(200, text="<html>"), httpx.Response(200, json=[])]
    newcomer.talks_to(lambda _: answers.pop())
    while answers:
        done = newcomer("login", URL, stdin=KEY.encode())

        assert done.status == 1
        assert "is not the address of this API" in done.err
        assert not stored_login(tmp_path).exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sessions.example", "must be the address of an API"),
        ("ftp://sessions.example", "must be the address of an API"),
        ("https://name:word@sessions.example", "must be the address of an API"),
        ("https://sessions.example:port", "must be the address of an API"),
        ("http://sessions.example", "must begin with https://"),
    ],
)
def test_url_that_would_lose_the_key_is_refused(
    newcomer: CommandLine, url: str, reason: str
) -> None:
    done = newcomer("login", url, stdin=KEY.encode())

    assert done.status == 2
    assert reason in done.err


def test_empty_key_is_refused(newcomer: CommandLine) -> None:
    assert newcomer("login", URL, stdin=b"").status == 2


def test_stored_key_is_sent_to_its_own_url_only(
    newcomer: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer("login", URL, stdin=KEY.encode())
    monkeypatch.setenv("AGENT_SESSIONS_URL", "https://other.example")

    done = newcomer("whoami")

    assert done.status == 4
    assert "no key for https://other.example" in done.err


def test_damaged_login_is_named(newcomer: CommandLine, tmp_path: Path) -> None:
    file = stored_login(tmp_path)
    file.parent.mkdir(parents=True)
    file.write_text("[]")

    done = newcomer("whoami")

    assert done.status == 1
    assert "run `agent-sessions login` again" in done.err


def test_server_that_is_not_reachable_has_its_own_status(cli: CommandLine) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request)

    cli.talks_to(refuse)

    done = cli("whoami")

    assert done.status == 3
    assert done.err == f"error: {URL} cannot be reached: Connection refused\n"
