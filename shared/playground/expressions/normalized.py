"""Values that a person would call the same: what ``eq_normalized`` compares."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

#: Characters of a value that is compared; a longer one is no name, number or address.
MAX_COMPARED = 1_000

#: Bits of a number that is compared: writing out a huge one takes long, or fails.
_MAX_BITS = 256

_ZIP_PLUS_4 = re.compile(r"(\d{5})-?\d{4}")
_COUNTRY = re.compile(r"[A-Z]{1,3}-(?=\d)")
#: The width of a US postcode, whose leading zeros are lost where it is kept as a number.
_ZIP_DIGITS = 5


def same(left: Any, right: Any, kind: str) -> bool:
    """Tell whether two values are the same to a person, as values of a kind in ``KINDS``.

    What is no text and no number, and what has nothing left after normalisation (a phone
    number without digits), is the same as nothing: two missing answers never match.
    """
    first = _normalized(left, kind)
    return first != "" and first == _normalized(right, kind)


def _normalized(value: Any, kind: str) -> str:
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
    """Ignore case, forms of the same character, and how many spaces."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _name(value: str) -> str:
    """As text, and ignore accents, hyphens, apostrophes and other signs."""
    parts = unicodedata.normalize("NFKD", value.casefold())
    kept = (character for character in parts if not unicodedata.combining(character))
    plain = "".join(kept).replace("'", "").replace("’", "")  # noqa: RUF001  # both apostrophes
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def _email(value: str) -> str:
    """Ignore case and spaces around it. (No mail service in use tells cases apart.)"""
    return unicodedata.normalize("NFKC", value).strip().casefold()


def _phone(value: str) -> str:
    """Take the digits; ``+`` and ``00`` are one, and so are a US number with and without 1."""
    plain = unicodedata.normalize("NFKC", value).replace("(0)", "")
    digits = "".join(character for character in plain if character in "0123456789")
    digits = digits.removeprefix("00")
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def _zip(value: str) -> str:
    """Ignore case, spaces, hyphens, a country before it (``D-``) and the last four of ZIP+4."""
    plain = "".join(unicodedata.normalize("NFKC", value).upper().split())
    plain = _COUNTRY.sub("", plain, count=1)
    extended = _ZIP_PLUS_4.fullmatch(plain)
    return extended[1] if extended else plain.replace("-", "")


#: The third argument of ``eq_normalized``.
KINDS: dict[str, Callable[[str], str]] = {
    "zip": _zip,
    "phone": _phone,
    "email": _email,
    "name": _name,
    "text": _text,
}
