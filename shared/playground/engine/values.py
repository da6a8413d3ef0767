"""Variable values: convert to a variable's type, extract from outputs, fill into texts."""

import math
import re
from collections.abc import Mapping
from typing import Any

from shared.playground.graph import PLACEHOLDER, Variable

#: Characters of a variable's string, and of a text after filling: as in a message.
MAX_TEXT = 50_000
#: Largest integer that every JSON reader keeps exactly.
MAX_INTEGER = 2**53 - 1

_INTEGER = re.compile(r"[+-]?\d{1,16}")
_DECIMAL = re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_KINDS = {bool: "a boolean", str: "a string", dict: "an object", list: "a list"}


class InvalidValue(ValueError):
    """Value that a variable cannot have; the message is the reason."""


def convert(variable: Variable, value: Any) -> Any:
    """Convert a value to its variable's type. Raises :class:`InvalidValue`.

    A number may be written as a string, an integer as 3.0, a boolean as true, false, yes or
    no; a number is accepted for a string. Lists and objects never are: bind a part of one.
    """
    if value is None:
        raise InvalidValue("it has no value")
    return _CONVERTERS[variable.type](variable, value)


def _string(_: Variable, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _unexpected("a string", value)
    text = value if isinstance(value, str) else format_value(value)
    if len(text) > MAX_TEXT:
        raise InvalidValue(f"must not exceed {MAX_TEXT} characters")
    return text


def _integer(_: Variable, value: Any) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unexpected("an integer", value)
    return _limit(value)


def _number(_: Variable, value: Any) -> int | float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unexpected("a number", value)
    if isinstance(value, int):
        return _limit(value)
    if not math.isfinite(value):
        raise InvalidValue("must be a finite number")
    return value


def _boolean(_: Variable, value: Any) -> bool:
    if isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower(), value)
    if not isinstance(value, bool):
        raise _unexpected("true or false", value)
    return value


def _enum(variable: Variable, value: Any) -> str:
    if isinstance(value, str):
        for choice in variable.enum_values:
            if choice.casefold() == value.strip().casefold():
                return choice
    raise InvalidValue(f"must be one of {', '.join(variable.enum_values)}"[:500])


_CONVERTERS = {
    "string": _string, "int": _integer, "float": _number, "bool": _boolean, "enum": _enum
}  # fmt: skip


def _limit(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise InvalidValue(f"must be between -{MAX_INTEGER} and {MAX_INTEGER}")
    return value


def _unexpected(expected: str, value: Any) -> InvalidValue:
    return InvalidValue(f"must be {expected}, not {_KINDS.get(type(value), 'a number')}")


def value_at_path(output: Any, path: str) -> Any:
    """Return the value at a dot path of an output, or None; digits index a list."""
    here = output
    for step in path.split("."):
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and step.isascii() and step.isdigit() and len(step) < 8:
            here = here[int(step)] if int(step) < len(here) else None
        else:
            return None
    return here


def fill_placeholders(text: str, values: Mapping[str, Any]) -> str:
    """Fill the ``{{variable}}`` placeholders of a text; an unset variable is left empty.

    The result is cut at ``MAX_TEXT`` characters.
    """
    if "{{" not in text:
        return text[:MAX_TEXT]
    parts: list[str] = []
    length = end = 0
    for match in PLACEHOLDER.finditer(text):
        part = text[end : match.start()] + format_value(values.get(match[1]))
        parts.append(part)
        length += len(part)
        end = match.end()
        if length > MAX_TEXT:
            break
    else:
        parts.append(text[end:])
    return "".join(parts)[:MAX_TEXT]


def format_value(value: Any) -> str:
    """Format a value for a person."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_INTEGER:
        return str(int(value))
    return str(value)
