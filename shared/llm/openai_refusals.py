"""Errors of Chat Completions: their kind, and the feature that a server does not support."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from shared.core.json import as_text
from shared.llm.openai_messages import ANY_JSON, SCHEMA

_TRANSIENT = frozenset({408, 409, 425, 429})
#: Statuses whose message is about the request, not about the operator's account or key.
_TELLING = frozenset({400, 404, 413, 422})
#: Words of an error's message by which a server refuses an optional feature.
_WORDS = {
    "stream_options": re.compile(r"stream_options|include_usage"),
    "reasoning_effort": re.compile(r"reasoning[_ ]effort|not support thinking"),
    "response_format": re.compile(r"response_format|json[_ ]schema|json_object|grammar"),
    "stream": re.compile(
        r"\bstream(ing)?\b.*(support|disabled|allowed|must be false|unknown|unrecognized)"
        r"|(support|allow|disable|unknown|unrecognized).*\bstream(ing)?\b|\(stream\)"
    ),
}
_MAX_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Error of a server: its HTTP status, and its message in one line."""

    status: int
    message: str

    @property
    def is_transient(self) -> bool:
        return self.status in _TRANSIENT or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def sentence(self) -> str:
        """Predicate that says what was answered.

        The message of a refused key may hold a part of it, and that of a quota the account's
        name: these are left out.
        """
        if self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return f"refuses the stack's key ({self.status})."
        if HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST:
            return (
                f"answers with a redirect ({self.status}), which is not followed; "
                "set the base URL to the address that answers."
            )
        if self.status in _TELLING and self.message:
            return f"rejects the request ({self.status}): {self.message}"
        return f"rejects the request ({self.status})."


def refusal_of(body: Any, status: int | None = None) -> Refusal:
    """Return the refusal in an error's body: ``{"error": {"message", "code"}}`` and its relatives.

    Without an HTTP status, as in a stream, the error's own code is taken if it is one.
    """
    error = body.get("error", body) if isinstance(body, Mapping) else body
    fields = error if isinstance(error, Mapping) else {"message": error}
    if status is None:
        codes = (fields.get("code"), fields.get("status"))
        status = next((code for code in map(_status, codes) if code), 500)
    message = fields.get("message") or fields.get("detail") or ""
    param = fields.get("param")
    text = as_text(message) + (f" ({param})" if isinstance(param, str) and param else "")
    return Refusal(status, " ".join(text.split())[:_MAX_MESSAGE])


def _status(code: Any) -> int | None:
    try:
        number = int(code)
    except (TypeError, ValueError):
        return None
    return number if 400 <= number < 600 else None


def unsupported_feature(refusal: Refusal, body: Mapping[str, Any]) -> str | None:
    """Return the optional feature of a request that an error names; None if there is none.

    Structured output is refused in two steps: first the schema, then any JSON.
    """
    if refusal.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        return None
    message = refusal.message.lower()
    for field, words in _WORDS.items():
        if field in body and words.search(message):
            if field != "response_format":
                return field
            return SCHEMA if body[field]["type"] == SCHEMA else ANY_JSON
    return None
