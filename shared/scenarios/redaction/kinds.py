"""Kinds of personal data, spans of it in a text, and normal forms."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kind of a piece of personal data; also the name in its placeholder, `<EMAIL_1>`."""

    NAME = "NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    ACCOUNT = "ACCOUNT"
    ADDRESS = "ADDRESS"
    POSTAL_CODE = "POSTAL_CODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    USER_ID = "USER_ID"
    ID_NUMBER = "ID_NUMBER"
    SECRET = "SECRET"  # noqa: S105  # the kind, not a secret
    CREDENTIAL = "CREDENTIAL"
    NETWORK_ADDRESS = "NETWORK_ADDRESS"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Piece of personal data in a text, from ``start`` to before ``end``.

    ``value`` is its normal form, equal for all spellings.
    """

    start: int
    end: int
    kind: Kind
    value: str


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Return the spans in order; of overlapping ones the first, or else the longest."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not result or span.start >= result[-1].end:
            result.append(span)
    return result


_NOT_DIGIT = re.compile(r"\D+")
_NOT_TOKEN = re.compile(r"[\W_]+")
#: Digits of a North American number; the same with and without its country code.
_NATIONAL = 10


def normalize(kind: Kind, text: str) -> str:
    """Return the normal form of a piece of personal data."""
    if kind in (Kind.PHONE, Kind.CARD):
        digits = _NOT_DIGIT.sub("", text)
        if kind is Kind.PHONE and len(digits) == _NATIONAL + 1 and digits[0] == "1":
            return digits[1:]
        return digits
    if kind is Kind.ADDRESS:
        return " ".join(_NOT_TOKEN.sub(" ", text.casefold()).split())
    if kind in (Kind.EMAIL, Kind.USER_ID, Kind.NETWORK_ADDRESS):
        return text.strip().casefold()
    return _NOT_TOKEN.sub("", text.casefold())
