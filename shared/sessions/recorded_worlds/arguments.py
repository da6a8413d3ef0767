"""Arguments of tool calls: equal in meaning, however they are written.

Two strengths. *Close*: the same apart from case, white space, number or string, truth value
as a word, notation of a date, order of keys, and null for an absent key. *Loose*: also apart
from punctuation. Nothing that changes a value is ignored: signs, decimal points, dots of an
address, operators and parentheses of an expression, leading zeros.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shared.sessions.recorded_worlds.dates import read_dates

type Forms = frozenset[str]

#: Characters of a text whose forms are cached.
_MAX_CACHED = 200
#: Fewest digits of a number whose groups may be written together: 555-123-4567, but not 1-2.
_MIN_GROUPED = 5
#: Characters of a number, at most.
_MAX_NUMBER = 40

_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\.\d+)")
_GROUPED = re.compile(r"\+?(?:\d+[ -]?)?(?:\(\d{1,5}\)[ -]?)?\d+(?:[ -]\d+)*")
#: Phone number with dots; an IP address has no part of four digits.
_DOTTED = re.compile(r"(?:\+\d{1,4}(?:\.\d{2,4}){1,3}|\d{1,4}(?:\.\d{2,4}){2,3})\.?(?<=\d{4})")
_OPERATORS = frozenset("+*=<>^|~\\")
_DIGITS = re.compile(r"(\d+(?:[\W_]+\d+)*)")
_JOINTS = re.compile(r"[\s_-]+")
_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
#: Decimal point without a zero, a hidden file, a negation.
_LEADING = re.compile(r"(?<![\w.!])[.!](?=\w)")
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?=\d)")
#: Punctuation that has a meaning beside letters: C#, AT&T, 5 %.
_KEPT = frozenset("#&%@/")
_NUMBER_SIGN = re.compile(r"#(?=\w*\d)")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
#: Punctuation at the end of a text, and at its start: ".5" and "!done" mean something.
_ENDS = " .,;:!?\"'`\u201c\u201d\u2018\u2019"
_STARTS = _ENDS.replace(".", "").replace("!", "")


def equal(one: Any, other: Any, *, loose: bool) -> bool:
    """Check that two JSON values are equal in meaning."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        one, other = present(one), present(other)
        return one.keys() == other.keys() and all(
            equal(value, other[name], loose=loose) for name, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            equal(a, b, loose=loose) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, Mapping | list) or isinstance(other, Mapping | list):
        return False
    return not _forms(one)[loose].isdisjoint(_forms(other)[loose])


def present(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that have a value: null is the same as absent."""
    return {name: value for name, value in arguments.items() if value is not None}


def _forms(value: Any) -> tuple[Forms, Forms]:
    """Return the close and the loose forms of a scalar; equal values share one."""
    is_long = isinstance(value, str) and len(value) > _MAX_CACHED
    return _long_forms(value) if is_long else _cached_forms(value)


def _forms_of(value: str | float | bool | None) -> tuple[Forms, Forms]:
    if value is None:
        forms = frozenset({"null"})
    elif isinstance(value, bool):
        forms = frozenset({"true" if value else "false"})
    elif isinstance(value, int | float):
        number = _plain(Decimal(str(value)))
        forms = frozenset({number}) | read_dates(number)
    else:
        text = unicodedata.normalize("NFKC", value).translate(_DASHES).casefold()
        text = " ".join(text.split())
        core = _NUMBER_SIGN.sub("", text).lstrip(_STARTS).rstrip(_ENDS) or text
        forms = _meanings(text)
        return forms, forms | _meanings(core) | {_squeeze(core) or text}
    return forms, forms


_cached_forms = lru_cache(maxsize=4096, typed=True)(_forms_of)
#: A call is compared with every recorded one: its own forms stay.
_long_forms = lru_cache(maxsize=8)(_forms_of)


def _meanings(text: str) -> Forms:
    """Return a text with the truth value, number or date that it is."""
    found = {text, _TRUTH.get(text, text)}
    if len(text) <= _MAX_NUMBER and _NUMBER.fullmatch(text):
        found.add(_plain(Decimal(text.replace(",", ""))))
    return frozenset(found | read_dates(text))


def _plain(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros: 3 for 3.0."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _squeeze(text: str) -> str:
    """Return a text without the punctuation that means nothing."""
    if len(text) <= _MAX_NUMBER and (_GROUPED.fullmatch(text) or _DOTTED.fullmatch(text)):
        digits = "".join(filter(str.isdigit, text))
        if len(digits) >= _MIN_GROUPED:
            return digits
    letters = any(map(str.isalpha, text))
    if not letters or "@" in text or "://" in text or _is_expression(text):
        return _SPACE.sub("", text)
    pieces = _DIGITS.split(_LEADING.sub("^", _MINUS.sub("~", text)))
    # Every second piece is a number, or several with nothing but marks between them.
    pieces[1::2] = map(_join_digits, pieces[1::2])
    pieces[::2] = ["".join(filter(_has_meaning, piece)) for piece in pieces[::2]]
    return "".join(pieces)


def _is_expression(text: str) -> bool:
    """Check for operators: parentheses beside them have a meaning."""
    if not _OPERATORS.isdisjoint(text):
        return True
    return "(" in text and ("/" in text or " - " in text)


def _join_digits(digits: str) -> str:
    enough = sum(map(str.isdigit, digits)) >= _MIN_GROUPED
    return _JOINTS.sub("" if enough else "-", digits)


def _has_meaning(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character)[0] not in "PZC"
