"""Redactor: placeholders for personal data in texts, pseudonyms in the mock world.

Personal data is collected from the whole transcript first (see ``collector.py``) and then
replaced as needed: a value has the same placeholder, or the same pseudonym, everywhere.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.redaction.collector import PiiCollector
from shared.scenarios.redaction.dates import Day, find_dates, mentions_birth
from shared.scenarios.redaction.fields import classify_fields, parse_names
from shared.scenarios.redaction.kinds import Kind, Span, normalize, without_overlaps
from shared.scenarios.redaction.outlines import outline
from shared.scenarios.redaction.patterns import (
    contains_name,
    find_by_form,
    find_postal_codes,
    find_street,
)
from shared.scenarios.redaction.people import People
from shared.scenarios.redaction.pseudonyms import Pseudonyms
from shared.scenarios.text import shorten
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, Transcript

type _Render = Callable[[Span, str], str]

_TOKEN = re.compile(r"(?<!\w)[^\W_](?:[\w.-]*\w)?")
#: Characters between the announcement of a date of birth and the date.
_NEAR = 48
#: Fields of transcript entries that are texts of people.
_TEXT_FIELDS = ("text", "error", "note", "signal", "reason")
#: Values of several words, and phone numbers, that are searched for.
_MAX_PHRASES = 500
_MAX_PHONES = 100
#: Minimum digits of a phone number without its country code.
_NATIONAL = 9
#: Kinds of values of several words that are recognized again.
_PHRASES = frozenset({Kind.ADDRESS, Kind.DATE_OF_BIRTH})
#: Characters of a text whose replacement is cached.
_MAX_CACHED = 64
#: Characters of a field's value; a longer one is a text, whatever the field's name.
_MAX_FIELD = 200


class Redactor:
    """Personal data of one transcript, with its placeholders and pseudonyms."""

    def __init__(self, pii: PiiCollector, salt: str) -> None:
        self._people = People(pii.names, pii.places)
        self._values = pii.values
        self._births = set(_disambiguate(pii.births))
        phrases = [v for v, kind in pii.values.items() if kind in _PHRASES and " " in v]
        self._phrases = _phrase_pattern(phrases[:_MAX_PHRASES])
        phones = [v for v, kind in pii.values.items() if kind is Kind.PHONE]
        # A number is the same without its country code and in any grouping.
        self._phones = {v[-_NATIONAL:]: v for v in phones[:_MAX_PHONES] if len(v) > _NATIONAL}
        numbers = [r"[ ().-]{0,2}".join(digits) for digits in self._phones]
        self._phone = re.compile(rf"(?<!\d)(?:{'|'.join(numbers)})(?!\d)") if numbers else None
        self._pseudonyms = Pseudonyms(salt, self._people)
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._counts: dict[Kind, int] = {}
        self._cache: dict[tuple[bool, Kind | None, str], str] = {}

    @classmethod
    def of(cls, transcript: Transcript) -> "Redactor":
        """Collect the personal data of a transcript."""
        pii = PiiCollector()
        pii.collect(transcript)
        first = next(iter(transcript.user_turns()), "")
        salt = hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(pii, salt)

    def redact(self, text: str) -> str:
        """Return a text with placeholders, shortened if it is over-long."""
        return self._replace(shorten(text), None, redact=True)

    def redact_entry(self, entry: Entry) -> Entry:
        """Return an entry with placeholders, over-long messages shortened."""
        changes: dict[str, Any] = {
            name: self.redact(text)
            for name in _TEXT_FIELDS
            if (text := getattr(entry, name, None)) is not None
        }
        if isinstance(entry, ToolCalled):
            changes["arguments"] = self.redact_value(entry.arguments, entry.tool)
        elif isinstance(entry, ToolAnswered):
            changes["output"] = self.redact_value(entry.output, entry.tool)
        return replace(entry, **changes)

    def redact_value(self, value: Any, tool: str = "") -> Any:
        """Return a JSON value with placeholders, numbers included; a huge one as an outline."""
        return self._replace_in(outline(value), tool, None, redact=True, depth=0)

    def pseudonymize(self, value: Any, tool: str = "") -> Any:
        """Return a JSON value with pseudonyms."""
        return self._replace_in(value, tool, None, redact=False, depth=0)

    def _replace_in(
        self, value: Any, key: str, kind: Kind | None, *, redact: bool, depth: int
    ) -> Any:
        if isinstance(value, str):
            return self._replace(shorten(value) if redact else value, kind, redact=redact)
        if depth >= MAX_NESTING:
            return value
        if isinstance(value, dict):
            kinds = classify_fields(value, key)
            return {
                self._replace(name, None, redact=redact): self._replace_in(
                    inner, name, kinds.get(name), redact=redact, depth=depth + 1
                )
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._replace_in(v, key, kind, redact=redact, depth=depth + 1) for v in value]
        if isinstance(value, int) and not isinstance(value, bool):
            new = self._replace(str(value), kind, redact=redact)
            return value if new == str(value) else new if redact else int(new)
        return value

    def _replace(self, text: str, kind: Kind | None, *, redact: bool) -> str:
        key = (redact, kind, text)
        if key in self._cache:
            return self._cache[key]
        spans = self._spans_in_field(text, kind) if kind else []
        render = self._placeholder if redact else self._pseudonym
        new = _render(text, spans or self.find_spans(text), render)
        if len(text) <= _MAX_CACHED:
            self._cache[key] = new
        return new

    def find_spans(self, text: str) -> list[Span]:
        """Find the personal data in a text, in order."""
        spans = [*find_by_form(text), *self._people.find_spans(text), *self._births_in(text)]
        for match in self._phrases.finditer(text) if self._phrases else ():
            value = normalize(Kind.ADDRESS, match[0])
            spans.append(Span(*match.span(), self._values.get(value, Kind.ADDRESS), value))
        for match in self._phone.finditer(text) if self._phone else ():
            digits = normalize(Kind.PHONE, match[0])
            spans.append(Span(*match.span(), Kind.PHONE, self._phones[digits]))
        if self._values or self._people.have_names:
            spans += filter(None, map(self._known_token, _TOKEN.finditer(text)))
        return without_overlaps(spans)

    def _known_token(self, token: re.Match[str]) -> Span | None:
        """Recognize an identifier or number that was collected by its field or label."""
        word = token[0]
        plain = word.isalpha()
        for form in dict.fromkeys((word.casefold(), normalize(Kind.ID_NUMBER, word))):
            kind = self._values.get(form)
            # A plain word is a secret only if capitalized: "Blue", not "blue".
            matches = kind is Kind.SECRET and not word.islower() if plain else kind
            if kind is not None and matches and kind is not Kind.ADDRESS:
                return Span(*token.span(), kind, form)
        if not plain and not word.isdigit() and self._people.find_in_identifier(word):
            return Span(*token.span(), Kind.USER_ID, normalize(Kind.USER_ID, word))
        return None

    def _births_in(self, text: str) -> Iterable[Span]:
        if not self._births or not any(map(str.isdigit, text)):
            return
        for written in find_dates(text):
            start, end = written.match.span()
            day = next((day for day in written.days if day in self._births), None)
            if day is None:
                continue
            if written.has_year or mentions_birth(text[max(0, start - _NEAR) : start]):
                yield Span(start, end, Kind.DATE_OF_BIRTH, _iso(day))

    def _spans_in_field(self, text: str, kind: Kind) -> list[Span]:
        """Find personal data by the kind of its field; none if the value is an ordinary text."""
        if not text.strip() or len(text) > _MAX_FIELD:
            return []
        whole = Span(0, len(text), kind, normalize(kind, text))
        digits = any(map(str.isdigit, text))
        if kind is Kind.DATE_OF_BIRTH:
            days = [replace(whole, value=_iso(day)) for day in _days(text)[:1]]
            # An invalid date is as personal: a mistyped date of birth.
            invalid = replace(whole, value=normalize(Kind.ADDRESS, text))
            return days or ([invalid] if digits else [])
        if kind is Kind.ADDRESS:
            return self._spans_in_address(text)
        if kind is Kind.NAME:
            matches = bool(whole.value) and parse_names(text) == [text]
            whole = replace(whole, value=self._people.resolve(text))
        elif kind is Kind.USER_ID:
            matches = contains_name(text)
        else:
            matches = kind is Kind.SECRET or (digits and kind is not Kind.EMAIL)
        return [whole] if matches else []

    def _spans_in_address(self, text: str) -> list[Span]:
        """Return the street, the postal code and other personal data, but not the city."""
        end = len(find_street(text))
        street = [Span(0, end, Kind.ADDRESS, normalize(Kind.ADDRESS, text[:end]))] if end else []
        further = [*find_postal_codes(text), *self.find_spans(text)]
        return without_overlaps([*street, *(span for span in further if span.start >= end)])

    def _placeholder(self, span: Span, _: str) -> str:
        key = span.kind, span.value
        if key not in self._placeholders:
            number = self._counts[span.kind] = self._counts.get(span.kind, 0) + 1
            self._placeholders[key] = f"<{span.kind}_{number}>"
        return self._placeholders[key]

    def _pseudonym(self, span: Span, text: str) -> str:
        return self._pseudonyms.get(span.kind, text, span.value)


def _render(text: str, spans: list[Span], render: _Render) -> str:
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += [text[end : span.start], render(span, text[span.start : span.end])]
        end = span.end
    return "".join([*parts, text[end:]])


def _disambiguate(births: list[tuple[Day, ...]]) -> Iterable[Day]:
    """Return the days of birth: of two readings the one that is also given unambiguously."""
    known = {days[0] for days in births if len(set(days)) == 1}
    yield from sorted(known, key=str)
    for days in births:
        if known.isdisjoint(days):
            known.add(days[0])
            yield days[0]


def _days(text: str) -> list[Day]:
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return [written.days[0] for written in find_dates(text)]


def _iso(day: Day) -> str:
    return f"{day[0] or 0:04d}-{day[1]:02d}-{day[2]:02d}"


def _phrase_pattern(values: list[str]) -> re.Pattern[str] | None:
    """Return the pattern of any of these normal forms, with any punctuation."""
    if not values:
        return None
    phrases = [r"[\W_]{1,4}".join(map(re.escape, value.split())) for value in values]
    phrases.sort(key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)
