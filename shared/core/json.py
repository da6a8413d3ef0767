"""JSON in one compact form, for documents, answers, hashes and signatures."""

import hashlib
import json
import math
import re
from typing import Any, NoReturn

#: Nesting levels of a request, at most. Recursion over a value (validation, encoding,
#: redaction) then stays far from the interpreter's limit.
MAX_NESTING = 100

#: An escape that may be a lone surrogate.
_SURROGATE = re.compile(r"\\u[dD]")


def dumps(value: Any) -> str:
    """Return compact JSON; the order of keys is kept.

    Text is not escaped. A value with a lone surrogate, which UTF-8 cannot encode, is written
    in ASCII with escapes as a whole.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text if _encodable(text) else json.dumps(value, separators=(",", ":"))


def as_text(value: Any) -> str:
    """Return text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else dumps(value)


def loads(text: str | bytes) -> Any:
    """Return the value of JSON that this project wrote."""
    return json.loads(text)


def loads_strict(text: str | bytes) -> Any:
    """Return the value of JSON from outside, according to RFC 8259.

    Raises ``json.JSONDecodeError`` also where Python's parser accepts too much or fails
    otherwise: ``NaN`` and ``Infinity``, bytes that are not UTF-8, numbers too large for a
    double (``1e999``) or of more than 4,300 digits, nesting deeper than ``MAX_NESTING``, and
    keys with a lone surrogate (values may have one; see :func:`dumps`).
    """
    try:
        if isinstance(text, bytes):
            # Section 8.1 of the RFC allows to ignore a byte order mark.
            text = text.decode("utf-8-sig")
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_checked_keys if _SURROGATE.search(text) else None,
        )
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(_reason(error), "", 0) from error
    if text.count("[") + text.count("{") > MAX_NESTING and _too_deep(value):
        raise json.JSONDecodeError(f"nested deeper than {MAX_NESTING} levels", "", 0)
    return value


def fingerprint(value: Any) -> str:
    """Return a digest that is equal for equal JSON values, in any order of keys."""
    return hashlib.sha256(
        json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    ).hexdigest()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _NotJson(ValueError):
    """Text that Python accepts as JSON and the RFC does not."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NotJson(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NotJson("a number is too large")
    return number


def _checked_keys(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse keys that UTF-8 cannot encode: Pydantic cannot serialize them."""
    if not all(_encodable(name) for name, _ in fields):
        raise _NotJson("a key has a lone surrogate")
    return dict(fields)


def _too_deep(value: Any) -> bool:
    """Return whether a value has more than ``MAX_NESTING`` levels, without recursion."""
    level = [value]
    for _ in range(MAX_NESTING):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"nested deeper than {MAX_NESTING} levels"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, _NotJson):
        return str(error)
    return "a number has too many digits"
