"""Failed tool answers: recognized by their structure, never by their prose."""

import re
from typing import Any

from shared.core.json import as_text

#: Keys of an HTTP status in an answer; 400 to 599 is a failure.
_STATUS = ("status", "status_code", "statusCode", "http_status", "httpStatus")
#: An answer that is a stack trace and nothing else: Python's, or that of JavaScript or Java.
_TRACEBACK = re.compile(
    r"\s*(?:Traceback \(most recent call last\):\s*\n"
    r"|(?:Exception in thread .*|(?:Uncaught )?[\w.$]*(?:Error|Exception)\b.*)\n\s+at )"
)


def error_in(value: Any) -> str | None:
    """Return the error in a tool's answer as text; None if the answer is a success.

    An object is an error with ``is_error`` or ``isError``, with the status ``"error"``, with
    an HTTP status of 400 or more, or with ``error`` as its only key. Text is one only if it
    is a stack trace: an answer may well talk about errors.
    """
    if isinstance(value, str):
        return value if _TRACEBACK.match(value) else None
    if not isinstance(value, dict):
        return None
    if list(value) == ["error"]:
        return as_text(value["error"]) if value["error"] else None
    return as_text(value) if is_marked(value) or _http_failure(value) else None


def is_marked(fields: dict[str, Any]) -> bool:
    """Return whether fields mark a failure by a flag or by their status."""
    return (
        fields.get("is_error") is True
        or fields.get("isError") is True
        or fields.get("status") == "error"
    )


def _http_failure(fields: dict[str, Any]) -> bool:
    found = (fields.get(key) for key in _STATUS)
    return any(type(status) is int and 400 <= status <= 599 for status in found)  # HTTP
