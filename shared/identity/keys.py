"""API keys: how they are made, sent and recognised."""

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
#: Longer than any key this system or its predecessors made.
_PRESENTABLE = re.compile(r"[\x21-\x7e]{8,256}")


def new_api_key() -> str:
    """Return a new key: ``gsk_`` and 40 random letters and digits (238 bits)."""
    return "gsk_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def repeatable_api_key(idempotency: Idempotency) -> str:
    """Return the key that belongs to a client's Idempotency-Key: always the same.

    Made of the stack's secret and of the client's own key, which is stored nowhere: who
    reads the table learns no key, and who repeats a request gets the first answer.
    """
    parts = (str(idempotency.organization_id), idempotency.operation, idempotency.key)
    message = "\x1f".join(("api-key", *parts)).encode()
    number = int.from_bytes(hmac.digest(signing_secret(), message, hashlib.sha256))
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "gsk_" + "".join(letters)


def key_hash(api_key: str) -> str:
    """Return what is stored of a key.

    A plain SHA-256 is enough: the key is random and long, so there is nothing to guess,
    and no slow hash stands in every request's way.
    """
    return hashlib.sha256(api_key.encode()).hexdigest()


def presented_key(headers: Mapping[str, str]) -> str | None:
    """Return the key a request carries, or None.

    Taken, in this order: ``x-api-key: KEY``, ``Authorization: Bearer KEY``,
    ``Authorization: ApiKey KEY``, ``Authorization: KEY``.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    key = lowered.get("x-api-key") or _without_scheme(lowered.get("authorization", ""))
    key = key.strip()
    return key if _PRESENTABLE.fullmatch(key) else None


def _without_scheme(value: str) -> str:
    for scheme in _SCHEMES:
        if value[: len(scheme)].lower() == scheme:
            return value[len(scheme) :]
    return value
