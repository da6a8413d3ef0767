"""Stored login: URL and key in the user's configuration folder, readable by the user only.

The environment variables ``AGENT_SESSIONS_URL`` and ``AGENT_SESSIONS_KEY`` come first.
"""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from .errors import Failure, Status

URL, KEY = "AGENT_SESSIONS_URL", "AGENT_SESSIONS_KEY"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """URL of an API, and a key of it."""

    url: str
    key: str


def file() -> Path:
    """Return the path of the stored login."""
    return Path(typer.get_app_dir("agent-sessions")) / "login.json"


def current() -> Login:
    """Return the login of the environment or the stored one. Raises ``Failure`` without any.

    A stored key is sent to the URL that it was stored with only.
    """
    stored = read()
    url = os.environ.get(URL) or (stored.url if stored else "")
    if not url:
        raise Failure(f"not logged in; run `agent-sessions login URL`, or set {URL} and {KEY}",
                      Status.UNAUTHORIZED)  # fmt: skip
    url = valid_url(url)
    key = os.environ.get(KEY) or (stored.key if stored and stored.url == url else "")
    if not key:
        raise Failure(f"no key for {url}; set {KEY}, or run `agent-sessions login {url}`",
                      Status.UNAUTHORIZED)  # fmt: skip
    return Login(url, valid_key(key))


def valid_url(text: str) -> str:
    """Return the URL of an API without a slash at its end. Raises ``Failure`` for any other."""
    try:
        parts = urlsplit(text.strip())
        is_url = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise Failure(f"URL: must be the address of an API, such as https://…, not {text}",
                      Status.USAGE)  # fmt: skip
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Failure("URL: must begin with https://, so that nobody can read the key",
                      Status.USAGE)  # fmt: skip
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def valid_key(text: str) -> str:
    """Return a key without blanks around it. Raises ``Failure`` for text that is no key."""
    key = text.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise Failure("key: must be one word of ASCII characters", Status.USAGE)
    return key


def read() -> Login | None:
    """Return the stored login, or None. Raises ``Failure`` for a file that cannot be read."""
    try:
        stored = json.loads(file().read_text(encoding="utf-8"))
        return Login(str(stored["url"]), str(stored["key"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"{file()} cannot be read; run `agent-sessions login` again") from error


def store(login: Login) -> Path:
    """Store a login, whole or not at all, in a file that only the user can read."""
    path = file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp creates the file with mode 0600.
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(asdict(login), new)
        Path(name).replace(path)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}") from error
    return path


def forget() -> bool:
    """Remove the stored login; return whether there was one."""
    with contextlib.suppress(FileNotFoundError):
        file().unlink()
        return True
    return False
