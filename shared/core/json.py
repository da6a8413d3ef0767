"""JSON in its one compact form: what is stored, answered, hashed and signed."""

import hashlib
import json
from typing import Any, NoReturn


def dumps(value: Any) -> str:
    """Write compact JSON; the order of keys is kept.

    Text is written as it is. Only where it holds a lone surrogate, which UTF-8 cannot
    carry but JSON can, the whole is written in ASCII with escapes.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text if _encodable(text) else json.dumps(value, separators=(",", ":"))


def loads(text: str | bytes) -> Any:
    return json.loads(text)


def loads_strict(text: str | bytes) -> Any:
    """Read JSON as RFC 8259 has it.

    Raises ``json.JSONDecodeError`` for what Python's reader would let pass or choke on:
    ``NaN`` and ``Infinity``, bytes that are not UTF-8, numbers of thousands of digits,
    nesting deeper than the interpreter's stack.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(_reason(error), "", 0) from error


def fingerprint(value: Any) -> str:
    """Return a digest that is equal for equal JSON values, whatever the order of keys."""
    return hashlib.sha256(
        json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    ).hexdigest()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return str(error)
