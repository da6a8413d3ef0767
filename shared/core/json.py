"""JSON in one compact form, for documents, answers, hashes and signatures.

Text is always valid Unicode: a lone surrogate, which JSON can escape and UTF-8 cannot encode
(RFC 8259, section 8.2), is replaced with U+FFFD wherever JSON is read or written, in values
and in keys. Keys that become equal are one key, and the last one wins, as for any key that
is repeated in JSON text.
"""

import hashlib
import json
import math
import re
from typing import Any, NoReturn

#: Nesting levels of a request, at most. Recursion over a value (validation, encoding,
#: redaction) then stays far from the interpreter's limit.
MAX_NESTING = 100

#: Beginnings of the escape of a surrogate: a quick check, before a text is searched.
_SURROGATES = ("\\ud", "\\uD")
#: Escapes of JSON text, one by one, so that an escaped backslash hides what follows it: a
#: surrogate pair, a lone surrogate (a group), any other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


#: ``json.dumps`` would create one for every call that has options.
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dumps(value: Any) -> str:
    """Return compact JSON; the order of keys is kept. Only control characters are escaped."""
    return valid_text(_ENCODER.encode(value))


def valid_text(text: str) -> str:
    """Return a text with U+FFFD in place of each lone surrogate; any other text unchanged."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def valid_json(text: str) -> str:
    """Return JSON text with U+FFFD in place of each lone surrogate, escaped or not.

    For other parsers than those of this module.
    """
    text = valid_text(text)
    if any(beginning in text for beginning in _SURROGATES):
        return _ESCAPE.sub(lambda escape: "\\ufffd" if escape[1] else escape[0], text)
    return text


def valid_value[V](value: V) -> V:
    """Return a JSON value with U+FFFD in place of each lone surrogate."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    valid = valid_text(text)
    return value if valid is text else json.loads(valid)


def as_text(value: Any) -> str:
    """Return text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else dumps(value)


def loads(text: str | bytes) -> Any:
    """Return the value of JSON that this project wrote, in any form ever written."""
    return json.loads(valid_json(text if isinstance(text, str) else text.decode()))


def loads_strict(text: str | bytes) -> Any:
    """Return the value of JSON from outside, according to RFC 8259.

    Raises ``json.JSONDecodeError`` also where Python's parser accepts too much or fails
    otherwise: ``NaN`` and ``Infinity``, bytes that are not UTF-8, numbers too large for a
    double (``1e999``) or of more than 4,300 digits, and nesting deeper than ``MAX_NESTING``.
    """
    try:
        if isinstance(text, bytes):
            # Section 8.1 of the RFC allows to ignore a byte order mark.
            text = text.decode("utf-8-sig")
        value = json.loads(
            valid_json(text),
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(_reason(error), "", 0) from error
    if text.count("[") + text.count("{") > MAX_NESTING and is_too_deep(value):
        raise json.JSONDecodeError(f"nested deeper than {MAX_NESTING} levels", "", 0)
    return value


def fingerprint(value: Any) -> str:
    """Return a digest that is equal for equal JSON values, in any order of keys."""
    return hashlib.sha256(
        json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    ).hexdigest()


class _NotJson(ValueError):
    """Text that Python accepts as JSON and the RFC does not."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NotJson(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NotJson("a number is too large")
    return number


def is_too_deep(value: Any) -> bool:
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


def nesting(value: Any) -> int:
    """Return the number of levels of a value that is not too deep; 0 of a text or number."""
    if not isinstance(value, dict | list):
        return 0
    children = value.values() if isinstance(value, dict) else value
    return 1 + max(map(nesting, children), default=0)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"nested deeper than {MAX_NESTING} levels"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, _NotJson):
        return str(error)
    return "a number has too many digits"
