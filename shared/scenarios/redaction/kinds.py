"""The kinds of personal data, and where in a text a piece of it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of personal data is: the word in its placeholder, ``<EMAIL_1>``."""

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
    SECRET = "SECRET"  # noqa: S105  # the word, not one


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of personal data in a text, from ``start`` to before ``end``.

    Attributes
    ----------
    value
        Its normal form: what is the same, however it is written, has the same.
    """

    start: int
    end: int
    kind: Kind
    value: str


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Return the spans in order; of those that overlap, the first, of those, the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
