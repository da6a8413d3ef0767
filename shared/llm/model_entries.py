"""Entries of the stack's parameter ``Models``, as text.

Uses the standard library only: `make run` checks them before anything is installed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SCRIPTED, BEDROCK, OPENAI = "scripted", "bedrock", "openai"
PROVIDERS = (BEDROCK, OPENAI, SCRIPTED)

_FORM = "expected model_<32 hex>=<provider>/<name>"
_OPENAI_FORM = "expected openai/<model name>@<base url> or openai/<model name>@<base url>#<secret>"
_ID = re.compile(r"model_[0-9a-f]{32}")
#: The URL begins at the first ``@http``: names have slashes, colons and maybe an ``@``.
_AT_URL = re.compile(r"(?P<name>.+?)@(?P<url>https?://[^#]*)(?:#(?P<secret>.*))?", re.DOTALL)
#: A parameter of Parameter Store by name or ARN, or a secret of Secrets Manager by ARN.
_SECRET = re.compile(r"[A-Za-z0-9_./-]{1,1000}|arn:aws[a-z-]*:(ssm|secretsmanager):[\x21-\x7e]+")
_FIELDS = ("provider", "name", "base_url", "secret")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """Model of the stack.

    Attributes
    ----------
    id
        ``model_`` and 32 hexadecimal digits.
    provider
        ``scripted``, ``bedrock`` or ``openai``.
    name
        The provider's id of the model.
    base_url
        Of ``openai``: address of the server's API, without ``/chat/completions``.
    secret
        Of ``openai``: name of the secret that holds the key; empty for a server without keys.
    """

    id: str
    provider: str
    name: str
    base_url: str = ""
    secret: str = ""


def parse_entries(text: str) -> list[ModelEntry]:
    """Return the entries of ``model_<32 hex>=<provider>/<name>,…``, or of the JSON long form.

    Raises ``ValueError`` with a sentence that names the entry and the rule.
    """
    text = text.strip()
    if text.startswith("{"):
        return [_long_entry(*pair) for pair in _json_object(text).items()]
    return [_short_entry(part) for part in filter(None, map(str.strip, text.split(",")))]


def check_entries(entries: Iterable[ModelEntry]) -> None:
    """Raise ``ValueError`` for an unknown provider and for an id that is given twice.

    Not part of parsing, so that a stack which is already deployed still answers.
    """
    seen: set[str] = set()
    for entry in entries:
        if entry.provider not in PROVIDERS:
            known = ", ".join(PROVIDERS)
            raise ValueError(f"{entry.id}: there is no provider {entry.provider!r}, only {known}")
        if entry.id in seen:
            raise ValueError(f"{entry.id}: is given twice; give each model an id of its own")
        seen.add(entry.id)


def parse_model(identifier: str, model: str) -> ModelEntry:
    """Return the entry of ``<provider>/<name>``; raises as :func:`parse_entries` does."""
    provider, slash, name = model.partition("/")
    if not slash or not name or not provider:
        raise ValueError(f"{_FORM}, not {_shown(identifier, model)}")
    if provider != OPENAI:
        return _checked(ModelEntry(identifier, provider, name))
    found = _AT_URL.fullmatch(name)
    if found is None:
        raise ValueError(f"{_OPENAI_FORM}, not {_shown(identifier, model)}")
    secret = found["secret"]
    if secret == "":
        raise ValueError(f"{identifier}: a secret's name must follow the #")
    return _checked(ModelEntry(identifier, provider, found["name"], found["url"], secret or ""))


def _short_entry(text: str) -> ModelEntry:
    identifier, equals, model = text.partition("=")
    if not equals:
        raise ValueError(f"{_FORM}, not {_shown('', text)}")
    return parse_model(identifier.strip(), model.strip())


def _long_entry(identifier: str, fields: Any) -> ModelEntry:
    if not isinstance(fields, Mapping):
        reason = f"{identifier}: must be an object with provider and name"
        raise ValueError(reason)  # noqa: TRY004  # as for any other entry
    for name in ("provider", "name"):
        if not fields.get(name):
            raise ValueError(f"{identifier}: {name}: is missing")
    texts = {name: str(fields[name]) for name in _FIELDS if fields.get(name)}
    return _checked(ModelEntry(identifier, **texts))


def _checked(entry: ModelEntry) -> ModelEntry:
    if not _ID.fullmatch(entry.id):
        raise ValueError(f"{entry.id or 'an entry'}: the id must be model_ and 32 hex digits")
    if entry.provider != OPENAI:
        if entry.base_url or entry.secret:
            raise ValueError(f"{entry.id}: only openai has a base_url and a secret")
        return entry
    reason = _url_error(entry.base_url)
    if reason:
        raise ValueError(f"{entry.id}: base URL: {reason}")
    if entry.secret and not _SECRET.fullmatch(entry.secret):
        raise ValueError(
            f"{entry.id}: secret: must be the name of an SSM parameter or the ARN of a secret"
        )
    return entry


def _url_error(url: str) -> str | None:
    """Return the rule that a base URL breaks."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "must be http://host:port/path; the port or the host is invalid"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "must begin with http:// or https:// and a host"
    if parts.username is not None or parts.password is not None:
        return "must have no credentials; name the key's secret behind #"
    if parts.query or parts.fragment or "?" in url:
        return "must have no query"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "must have ASCII characters only, and no spaces"
    return None


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it begins as JSON and is none ({error})") from error
    return dict(value)


def _shown(identifier: str, model: str) -> str:
    """Return an entry for a message, without what may be a key: credentials in its URL."""
    text = f"{identifier}={model}" if identifier else model
    return repr(re.sub(r"//[^/@]*@", "//…@", text))
