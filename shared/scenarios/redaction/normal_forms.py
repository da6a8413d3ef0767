"""Normal forms: what makes two spellings of a piece of personal data the same."""

import re

from shared.scenarios.redaction.kinds import Kind

_NOT_DIGIT = re.compile(r"\D+")
_NOT_TOKEN = re.compile(r"[\W_]+")
_DIGITS = frozenset({Kind.PHONE, Kind.CARD})
#: A North American number is the same with and without its country code.
_NATIONAL = 10


def normal(kind: Kind, text: str) -> str:
    """Return the normal form of a piece of personal data."""
    if kind in _DIGITS:
        digits = _NOT_DIGIT.sub("", text)
        if kind is Kind.PHONE and len(digits) == _NATIONAL + 1 and digits[0] == "1":
            return digits[1:]
        return digits
    if kind is Kind.ADDRESS:
        return " ".join(_NOT_TOKEN.sub(" ", text.casefold()).split())
    if kind in (Kind.EMAIL, Kind.USER_ID):
        return text.strip().casefold()
    return _NOT_TOKEN.sub("", text.casefold())
