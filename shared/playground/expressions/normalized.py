"""Normalized equality: the comparison of ``eq_normalized``."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

#: Characters of a compared value; a longer one is no name, number or address.
MAX_COMPARED = 1_000
#: Bits of a compared number: converting a huge one to text is slow or fails.
_MAX_BITS = 256

_ZIP_PLUS_4 = re.compile(r"(\d{5})-?\d{4}")
_COUNTRY = re.compile(r"[A-Z]{1,3}-(?=\d)")
#: Digits of a US postcode; leading zeros are lost when it is stored as a number.
_ZIP_DIGITS = 5


def is_same(left: Any, right: Any, kind: str) -> bool:
    """Return True if two values are the same to a person, by a kind of ``KINDS``.

    Values that are neither strings nor numbers, and values that normalize to nothing (a
    phone number without digits), equal no value: two missing answers never match.
    """
    first = _normalize(left, kind)
    return first != "" and first == _normalize(right, kind)


def _normalize(value: Any, kind: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return ""
    text = str(value)
    if kind == "zip" and not isinstance(value, str):
        text = text.zfill(_ZIP_DIGITS)
    return "" if len(text) > MAX_COMPARED else KINDS[kind](text)


def _text(value: str) -> str:
    """Ignore case, character variants, and the number of spaces."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _name(value: str) -> str:
    """Like text, and ignore accents, hyphens, apostrophes and other punctuation."""
    parts = unicodedata.normalize("NFKD", value.casefold())
    letters = (character for character in parts if not unicodedata.combining(character))
    plain = "".join(letters).replace("'", "").replace("’", "")  # noqa: RUF001  # both apostrophes
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def _email(value: str) -> str:
    """Ignore case and surrounding spaces. (No mail service in use is case-sensitive.)"""
    return unicodedata.normalize("NFKC", value).strip().casefold()


def _phone(value: str) -> str:
    """Keep the digits, without a leading ``00`` or the 1 of a US number."""
    plain = unicodedata.normalize("NFKC", value).replace("(0)", "")
    digits = "".join(character for character in plain if character in "0123456789")
    digits = digits.removeprefix("00")
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def _zip(value: str) -> str:
    """Ignore case, spaces, hyphens, a country prefix (``D-``) and the last four of ZIP+4."""
    plain = "".join(unicodedata.normalize("NFKC", value).upper().split())
    plain = _COUNTRY.sub("", plain, count=1)
    extended = _ZIP_PLUS_4.fullmatch(plain)
    return extended[1] if extended else plain.replace("-", "")


#: Kinds: the third argument of ``eq_normalized``.
KINDS: dict[str, Callable[[str], str]] = {
    "zip": _zip,
    "phone": _phone,
    "email": _email,
    "name": _name,
    "text": _text,
}
