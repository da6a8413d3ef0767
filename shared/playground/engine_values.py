"""Values of variables: held to their types, taken out of outputs, filled into texts."""

import math
import re
from collections.abc import Mapping
from typing import Any

from shared.playground.graph import Variable

#: Characters of a variable's text, and of a text that is said after filling it: a message's.
MAX_TEXT = 50_000
#: Whole numbers that every reader of JSON keeps exactly.
MAX_INTEGER = 2**53 - 1

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_WHOLE = re.compile(r"[+-]?\d{1,16}")
_DECIMAL = re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class Unfit(ValueError):
    """A value that a variable cannot have; the message says why."""


def fit(variable: Variable, value: Any) -> Any:
    """Return a value as its variable's type has it. Raises :class:`Unfit`.

    A number is also taken from its text, a whole number from 3.0, a text from a number, a
    boolean from true, false, yes and no. Lists and objects fit nothing: bind a part of one.
    """
    if value is None:
        raise Unfit("there is no value")
    return _FITTING[variable.type](variable, value)


def _text(_: Variable, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit(f"{_kind(value)} is no text")
    text = value if isinstance(value, str) else shown(value)
    if len(text) > MAX_TEXT:
        raise Unfit(f"longer than {MAX_TEXT} characters")
    return text


def _whole(_: Variable, value: Any) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(f"{_kind(value)} is no whole number")
    if abs(value) > MAX_INTEGER:
        raise Unfit(f"beyond {MAX_INTEGER}")
    return value


def _number(_: Variable, value: Any) -> int | float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"{_kind(value)} is no number")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise Unfit(f"beyond {MAX_INTEGER}")
    if not math.isfinite(value):
        raise Unfit("the number is too large")
    return value


def _boolean(_: Variable, value: Any) -> bool:
    if isinstance(value, str):
        value = _WORDS.get(value.strip().lower(), value)
    if not isinstance(value, bool):
        raise Unfit(f"{_kind(value)} is neither true nor false")
    return value


def _choice(variable: Variable, value: Any) -> str:
    if isinstance(value, str):
        for choice in variable.enum_values:
            if choice.casefold() == value.strip().casefold():
                return choice
    raise Unfit(f"not one of {', '.join(variable.enum_values)}"[:500])


_FITTING = {
    "string": _text, "int": _whole, "float": _number, "bool": _boolean, "enum": _choice
}  # fmt: skip


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", str: "a text", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number")


def at_path(output: Any, path: str) -> Any:
    """Return what stands at a dot path of an output, or None; digits index a list."""
    here = output
    for step in path.split("."):
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and step.isascii() and step.isdigit() and len(step) < 8:
            here = here[int(step)] if int(step) < len(here) else None
        else:
            return None
    return here


def filled(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with its ``{{variable}}`` filled; an unset one leaves nothing.

    What would be longer than ``MAX_TEXT`` is cut there.
    """
    if "{{" not in text:
        return text[:MAX_TEXT]
    parts: list[str] = []
    length = end = 0
    for match in _VARIABLE.finditer(text):
        part = text[end : match.start()] + shown(values.get(match[1]))
        parts.append(part)
        length += len(part)
        end = match.end()
        if length > MAX_TEXT:
            break
    else:
        parts.append(text[end:])
    return "".join(parts)[:MAX_TEXT]


def shown(value: Any) -> str:
    """Return a value as it is said to a person."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_INTEGER:
        return str(int(value))
    return str(value)
