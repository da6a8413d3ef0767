"""Secrets of API keys: generation, hashing, and extraction from request headers."""

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Mapping

from shared.storage.idempotency import Idempotency
from shared.storage.secret import signing_secret

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 40
_SCHEMES = ("bearer ", "apikey ")
_WELL_FORMED = re.compile(rf"gsk_[A-Za-z0-9]{{{_LENGTH}}}")


def new_api_key() -> str:
    """Return a new secret: ``gsk_`` and 40 random letters and digits (238 bits)."""
    return "gsk_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def derived_api_key(idempotency: Idempotency) -> str:
    """Return the secret derived from a client's Idempotency-Key: always the same.

    Derived from the stack's secret and from the client's own key, which is not stored: the
    table reveals no secret, and a repeated request gets the first answer.
    """
    parts = (str(idempotency.organization_id), idempotency.operation, idempotency.key)
    message = "\x1f".join(("api-key", *parts)).encode()
    number = int.from_bytes(hmac.digest(signing_secret(), message, hashlib.sha256))
    letters = []
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return "gsk_" + "".join(letters)


def key_hash(api_key: str) -> str:
    """Return the hash of a secret, which is stored in its place.

    A plain SHA-256 is enough: the secret is long and random, so it cannot be guessed, and a
    slow hash would delay every request.
    """
    return hashlib.sha256(api_key.encode()).hexdigest()


def key_in_headers(headers: Mapping[str, str]) -> str | None:
    """Return the API key of a request, or None if it has none of the form that is issued.

    Accepted forms, in order of precedence: ``x-api-key: KEY``, ``Authorization: Bearer
    KEY``, ``Authorization: ApiKey KEY``, ``Authorization: KEY``.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    key = lowered.get("x-api-key") or _without_scheme(lowered.get("authorization", ""))
    key = key.strip()
    return key if _WELL_FORMED.fullmatch(key) else None


def _without_scheme(value: str) -> str:
    for scheme in _SCHEMES:
        if value[: len(scheme)].lower() == scheme:
            return value[len(scheme) :]
    return value
