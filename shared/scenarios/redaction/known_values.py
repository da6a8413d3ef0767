"""Known values: personal data of a session, other than names, recognized again in any text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from shared.scenarios.redaction.collector import PiiCollector
from shared.scenarios.redaction.forms.dates import Day, find_births, find_dates, mentions_birth
from shared.scenarios.redaction.kinds import Kind, Span, normalize

_TOKEN = re.compile(r"(?<!\w)[^\W_](?:[\w.-]*\w)?")
#: Characters between the announcement of a date of birth and the date.
_NEAR = 48
#: Values of several words, telephone numbers and credentials that are searched for.
_MAX_PHRASES = 500
_MAX_PHONES = 100
_MAX_CREDENTIALS = 100
#: Minimum digits of a telephone number without its country code.
_NATIONAL = 9
#: Kinds of values of several words that are recognized again.
_PHRASES = frozenset({Kind.ADDRESS, Kind.DATE_OF_BIRTH})


class KnownValues:
    """Values that were collected from a session."""

    def __init__(self, pii: PiiCollector) -> None:
        self._values = pii.values
        self._births = set(_disambiguate(pii.births))
        phrases = [v for v, kind in pii.values.items() if kind in _PHRASES and " " in v]
        self._phrases = _phrase_pattern(phrases[:_MAX_PHRASES])
        phones = [v for v, kind in pii.values.items() if kind is Kind.PHONE]
        # A number is the same without its country code and in any grouping.
        self._phones = {v[-_NATIONAL:]: v for v in phones[:_MAX_PHONES] if len(v) >= _NATIONAL}
        numbers = [r"[ ().-]{0,2}".join(digits) for digits in self._phones]
        area = r"(?:\+?(?:\d[ ().-]{0,2}){1,6})?"
        self._phone = (
            re.compile(rf"(?<!\d){area}(?:{'|'.join(numbers)})(?!\d)") if numbers else None
        )
        credentials = sorted(pii.credentials, key=len, reverse=True)[:_MAX_CREDENTIALS]
        self._credential = re.compile("|".join(map(re.escape, credentials)))

    def find_spans(self, text: str) -> Iterator[Span]:
        """Find the known values in a text, and the dates of birth."""
        yield from self._births_in(text)
        for match in self._credential.finditer(text) if self._credential.pattern else ():
            yield Span(*match.span(), Kind.CREDENTIAL, normalize(Kind.CREDENTIAL, match[0]))
        for match in self._phrases.finditer(text) if self._phrases else ():
            value = normalize(Kind.ADDRESS, match[0])
            yield Span(*match.span(), self._values.get(value, Kind.ADDRESS), value)
        for match in self._phone.finditer(text) if self._phone else ():
            digits = normalize(Kind.PHONE, match[0])
            yield Span(*match.span(), Kind.PHONE, self._phones[digits[-_NATIONAL:]])
        if self._values:
            yield from filter(None, map(self._known_token, _TOKEN.finditer(text)))

    def resolve(self, span: Span) -> Span:
        """Return a span of a telephone number with the value that its other notations have."""
        if span.kind is Kind.PHONE and (known := self._phones.get(span.value[-_NATIONAL:])):
            return replace(span, value=known)
        return span

    def _known_token(self, token: re.Match[str]) -> Span | None:
        """Recognize an identifier or number that was collected by its field or label."""
        word = token[0]
        for form in dict.fromkeys((word.casefold(), normalize(Kind.ID_NUMBER, word))):
            kind = self._values.get(form)
            if kind is None or kind is Kind.ADDRESS:
                continue
            # A plain word is a secret only if capitalized: "Blue", not "blue".
            if not word.isalpha() or (kind is Kind.SECRET and not word.islower()):
                return Span(*token.span(), kind, form)
        return None

    def _births_in(self, text: str) -> Iterator[Span]:
        if not any(map(str.isdigit, text)):
            return
        for written in find_births(text):
            yield Span(*written.match.span(), Kind.DATE_OF_BIRTH, to_iso(written.days[0]))
        for written in find_dates(text) if self._births else ():
            start, end = written.match.span()
            day = next((day for day in written.days if day in self._births), None)
            if day is None:
                continue
            if written.has_year or mentions_birth(text[max(0, start - _NEAR) : start]):
                yield Span(start, end, Kind.DATE_OF_BIRTH, to_iso(day))


def to_iso(day: Day) -> str:
    """Return the normal form of a date of birth."""
    return f"{day[0] or 0:04d}-{day[1]:02d}-{day[2]:02d}"


def _disambiguate(births: list[tuple[Day, ...]]) -> Iterable[Day]:
    """Return the days of birth: of two readings the one that is also given unambiguously."""
    known = {days[0] for days in births if len(set(days)) == 1}
    yield from sorted(known, key=str)
    for days in births:
        if known.isdisjoint(days):
            known.add(days[0])
            yield days[0]


def _phrase_pattern(values: list[str]) -> re.Pattern[str] | None:
    """Return the pattern of any of these normal forms, with any punctuation."""
    if not values:
        return None
    phrases = [r"[\W_]{1,4}".join(map(re.escape, value.split())) for value in values]
    phrases.sort(key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)
