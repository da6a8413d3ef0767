"""Keeps personal data out of a draft: placeholders in its words, synthetic values in its world.

What is personal is learnt from the whole transcript first (see ``harvest.py``) and then
replaced piece by piece, as each piece is needed: the same value by the same placeholder, or
by the same synthetic value, wherever it stands.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.redaction.dates import Day, dates_in, tells_birth
from shared.scenarios.redaction.fields import kinds_in, names_held
from shared.scenarios.redaction.harvest import Harvest
from shared.scenarios.redaction.kinds import Kind, Span, without_overlaps
from shared.scenarios.redaction.normal_forms import normal
from shared.scenarios.redaction.outlines import outlined
from shared.scenarios.redaction.patterns import postal_codes, spans_by_form, street_in, tells_a_name
from shared.scenarios.redaction.people import People
from shared.scenarios.redaction.synthetic import Synthetic
from shared.scenarios.text import shortened
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    Entry,
    Signalled,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

type _Render = Callable[[Span, str], str]

_TOKEN = re.compile(r"(?<!\w)[^\W_](?:[\w.-]*\w)?")
_NEAR = 48
#: Values of several words that are looked for.
_MAX_PHRASES = 500
_MAX_PHONES = 100
#: Digits of a telephone number without its country code, at least.
_NATIONAL = 9
#: What is known by its field, and is found again as several words.
_PHRASES = frozenset({Kind.ADDRESS, Kind.DATE_OF_BIRTH})
_MAX_KEPT = 64


class Redaction:
    """What is personal in one transcript, and what stands for it."""

    def __init__(self, known: Harvest, salt: str) -> None:
        self._people = People(known.names, known.places)
        self._values = known.values
        self._births = set(_certain(known.births))
        phrases = [v for v, kind in known.values.items() if kind in _PHRASES and " " in v]
        self._phrases = _any_of(phrases[:_MAX_PHRASES])
        phones = [v for v, kind in known.values.items() if kind is Kind.PHONE]
        # Without its country code, and in whatever groups, a number is the same.
        self._phones = {v[-_NATIONAL:]: v for v in phones[:_MAX_PHONES] if len(v) > _NATIONAL}
        ways = [r"[ ().-]{0,2}".join(digits) for digits in self._phones]
        self._phone = re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)") if ways else None
        self._synthetic = Synthetic(salt, self._people)
        self._numbers: dict[tuple[Kind, str], int] = {}
        self._counts: dict[Kind, int] = {}
        self._kept: dict[tuple[bool, Kind | None, str], str] = {}

    @classmethod
    def of(cls, transcript: Transcript) -> "Redaction":
        """Learn what is personal in a transcript."""
        known = Harvest()
        known.read(transcript)
        first = next(iter(transcript.user_turns()), "")
        salt = hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(known, salt)

    def told(self, text: str) -> str:
        """Return a text with placeholders, shortened where it is over-long."""
        return self._written(shortened(text), None, told=True)

    def told_entry(self, entry: Entry) -> Entry:
        """Return an entry of the transcript with placeholders, over-long turns shortened."""
        told = entry
        if isinstance(entry, UserSaid | AssistantSaid):
            told = replace(entry, text=self.told(entry.text))
        elif isinstance(entry, ToolCalled):
            told = replace(entry, arguments=self.told_value(entry.arguments, entry.tool))
        elif isinstance(entry, ToolAnswered):
            error = None if entry.error is None else self.told(entry.error)
            told = replace(entry, output=self.told_value(entry.output, entry.tool), error=error)
        elif isinstance(entry, ApprovalDecided):
            told = replace(entry, note=self.told(entry.note))
        elif isinstance(entry, Signalled):
            told = Signalled(self.told(entry.signal))
        elif isinstance(entry, Ended):
            told = Ended(self.told(entry.reason))
        return told

    def told_value(self, value: Any, tool: str = "") -> Any:
        """Return a JSON value with placeholders, also for the numbers in it.

        Of a huge value only as much is told as its form can be seen from.
        """
        return self._value(outlined(value), tool, None, told=True, depth=0)

    def replayed(self, value: Any, tool: str = "") -> Any:
        """Return a JSON value with synthetic values of the same form."""
        return self._value(value, tool, None, told=False, depth=0)

    def _value(self, value: Any, key: str, kind: Kind | None, *, told: bool, depth: int) -> Any:
        if isinstance(value, str):
            return self._written(shortened(value) if told else value, kind, told=told)
        if depth >= MAX_NESTING:
            return value
        if isinstance(value, dict):
            kinds = kinds_in(value, key)
            return {
                self._written(name, None, told=told): self._value(
                    inner, name, kinds.get(name), told=told, depth=depth + 1
                )
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._value(v, key, kind, told=told, depth=depth + 1) for v in value]
        if isinstance(value, int) and not isinstance(value, bool):
            made = self._written(str(value), kind, told=told)
            return value if made == str(value) else made if told else int(made)
        return value

    def _written(self, text: str, kind: Kind | None, *, told: bool) -> str:
        short = len(text) <= _MAX_KEPT
        key = (told, kind, text)
        if short and key in self._kept:
            return self._kept[key]
        spans = self._spans_in_field(text, kind) if kind else []
        render = self._placeholder if told else self._stand_in
        made = _replaced(text, spans or self.spans(text), render)
        if short:
            self._kept[key] = made
        return made

    def spans(self, text: str) -> list[Span]:
        """Find the personal data in a text, in order."""
        found = [*spans_by_form(text), *self._people.spans(text), *self._births_in(text)]
        for match in self._phrases.finditer(text) if self._phrases else ():
            value = normal(Kind.ADDRESS, match[0])
            found.append(Span(*match.span(), self._values.get(value, Kind.ADDRESS), value))
        for match in self._phone.finditer(text) if self._phone else ():
            digits = normal(Kind.PHONE, match[0])
            found.append(Span(*match.span(), Kind.PHONE, self._phones[digits]))
        if self._values or self._people.have_names:
            found += filter(None, map(self._known_token, _TOKEN.finditer(text)))
        return without_overlaps(found)

    def _known_token(self, token: re.Match[str]) -> Span | None:
        """Recognise an identifier or a number that was known by its field or its label."""
        word = token[0]
        plain = word.isalpha()
        for form in dict.fromkeys((word.casefold(), normal(Kind.ID_NUMBER, word))):
            kind = self._values.get(form)
            # A word of letters is a secret, and only as it was told: "Blue", not "blue".
            meant = kind is Kind.SECRET and not word.islower() if plain else kind
            if kind is not None and meant and kind is not Kind.ADDRESS:
                return Span(*token.span(), kind, form)
        if not plain and not word.isdigit() and self._people.in_identifier(word):
            return Span(*token.span(), Kind.USER_ID, normal(Kind.USER_ID, word))
        return None

    def _births_in(self, text: str) -> Iterable[Span]:
        if not self._births or not any(map(str.isdigit, text)):
            return
        for written in dates_in(text):
            start, end = written.match.span()
            day = next((day for day in written.days if day in self._births), None)
            if day is None:
                continue
            if written.has_year or tells_birth(text[max(0, start - _NEAR) : start]):
                yield Span(start, end, Kind.DATE_OF_BIRTH, _iso(day))

    def _spans_in_field(self, text: str, kind: Kind) -> list[Span]:
        """Find what a field holds that is known by its name; none: it is read as any text."""
        if not text.strip() or len(text) > _MAX_FIELD:
            return []
        whole = Span(0, len(text), kind, normal(kind, text))
        digits = any(map(str.isdigit, text))
        if kind is Kind.DATE_OF_BIRTH:
            days = [replace(whole, value=_iso(day)) for day in _days(text)[:1]]
            # What is no day of the calendar is as personal: somebody mistyped theirs.
            return days or ([replace(whole, value=normal(Kind.ADDRESS, text))] if digits else [])
        if kind is Kind.ADDRESS:
            return self._spans_in_address(text)
        if kind is Kind.NAME:
            holds = bool(whole.value) and names_held(text) == [text]
            whole = replace(whole, value=self._people.person(text))
        elif kind is Kind.USER_ID:
            holds = tells_a_name(text)
        else:
            holds = kind is Kind.SECRET or (digits and kind is not Kind.EMAIL)
        return [whole] if holds else []

    def _spans_in_address(self, text: str) -> list[Span]:
        """Take the street and the postal code; of a city between them the name stays."""
        end = len(street_in(text))
        found = [Span(0, end, Kind.ADDRESS, normal(Kind.ADDRESS, text[:end]))] if end else []
        behind = [*postal_codes(text), *self.spans(text)]
        return without_overlaps([*found, *(span for span in behind if span.start >= end)])

    def _placeholder(self, span: Span, _: str) -> str:
        number = self._numbers.get((span.kind, span.value))
        if number is None:
            number = self._counts[span.kind] = self._counts.get(span.kind, 0) + 1
            self._numbers[span.kind, span.value] = number
        return f"<{span.kind}_{number}>"

    def _stand_in(self, span: Span, text: str) -> str:
        return self._synthetic.like(span.kind, text, span.value)


#: Characters: a longer value of a field is a text, whatever the field's name says.
_MAX_FIELD = 200


def _replaced(text: str, spans: list[Span], render: _Render) -> str:
    if not spans:
        return text
    parts: list[str] = []
    place = 0
    for span in spans:
        parts += [text[place : span.start], render(span, text[span.start : span.end])]
        place = span.end
    return "".join([*parts, text[place:]])


def _certain(births: list[tuple[Day, ...]]) -> Iterable[Day]:
    """Return the days that are meant: of two readings the one that is known otherwise."""
    known = {days[0] for days in births if len(set(days)) == 1}
    yield from sorted(known, key=str)
    for days in births:
        if known.isdisjoint(days):
            known.add(days[0])
            yield days[0]


def _days(text: str) -> list[Day]:
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return [written.days[0] for written in dates_in(text)]


def _iso(day: Day) -> str:
    return f"{day[0] or 0:04d}-{day[1]:02d}-{day[2]:02d}"


def _any_of(values: list[str]) -> re.Pattern[str] | None:
    """Return the pattern of any of these normal forms, as they may be written."""
    if not values:
        return None
    ways = [r"[\W_]{1,4}".join(map(re.escape, value.split())) for value in values]
    ways.sort(key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)
