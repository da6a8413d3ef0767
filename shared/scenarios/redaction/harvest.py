"""Collects from a whole transcript whose data it holds, before anything is replaced.

A name is known as one only where something gives it away, a profile or an introduction;
from then on, and for what was said before, it is that person's name everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.redaction.dates import Day, dates_in, tells_birth
from shared.scenarios.redaction.fields import is_place, kinds_in, names_held
from shared.scenarios.redaction.introductions import (
    asks_for_name,
    asks_for_secret,
    beside,
    name_answered,
    names_given,
    secrets_answered,
)
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.redaction.normal_forms import normal
from shared.scenarios.redaction.patterns import postal_codes, spans_by_form, street_in, tells_a_name
from shared.scenarios.text import MAX_TURN
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Entry,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

_USER_ID = re.compile(r"user ?-?(?:id|name)|log-?in|customer id|member id", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z]{2,}[._-][a-z]{2,}[._-]?\d{2,}", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3}")
#: Characters between what announces a date of birth and the date.
_NEAR = 48
#: The latest year in which somebody was born who says so without being asked what it is.
_GROWN = 2012
#: Fields of a piece of data that are a whole value, wherever it is found again.
_WHOLE = frozenset({Kind.ADDRESS, Kind.USER_ID, Kind.ACCOUNT, Kind.ID_NUMBER, Kind.POSTAL_CODE})
#: Characters: a longer value under a personal name is no piece of data, but a text.
_MAX_VALUE = 200


@dataclass(slots=True)
class Harvest:
    """What is known of the people in a transcript."""

    names: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    births: list[tuple[Day, ...]] = field(default_factory=list)
    #: Values that are found again as they are, each with its kind: not by their form.
    values: dict[str, Kind] = field(default_factory=dict)

    def read(self, transcript: Transcript) -> None:
        asked = ""
        for entry in transcript.entries:
            self._entry(entry, asked)
            if isinstance(entry, AssistantSaid):
                asked = entry.text[-MAX_TURN:]
        self._read_companions(transcript)

    def _entry(self, entry: Entry, asked: str) -> None:
        if isinstance(entry, UserSaid):
            self._said(entry.text[:MAX_TURN], by_user=True)
            self._answered(entry.text[:MAX_TURN], asked)
        elif isinstance(entry, AssistantSaid):
            self._said(entry.text[:MAX_TURN], by_user=False)
        elif isinstance(entry, ToolCalled):
            self._value(entry.arguments, entry.tool)
        elif isinstance(entry, ToolAnswered):
            self._value(entry.output, entry.tool)
            if isinstance(entry.output, str):
                self._said(entry.output[:MAX_TURN], by_user=False)
        elif isinstance(entry, ApprovalDecided):
            self._said(entry.note[:MAX_TURN], by_user=False)

    def _said(self, text: str, *, by_user: bool) -> None:
        self.names += names_given(text, by_user=by_user)
        for span in spans_by_form(text):
            if span.kind in _WHOLE:
                self._keep(span.kind, text[span.start : span.end])
            elif span.kind is Kind.PHONE:
                self.values.setdefault(span.value, Kind.PHONE)
        for written in dates_in(text) if tells_birth(text) else ():
            if tells_birth(text[max(0, written.match.start() - _NEAR) : written.match.start()]):
                self.births.append(written.days)

    def _answered(self, text: str, asked: str) -> None:
        """Read an answer in the light of the question."""
        if asks_for_name(asked):
            self.names += name_answered(text)
        if tells_birth(asked):
            dates = [written for written in dates_in(text) if written.has_year]
            self.births += [
                written.days for written in dates if (written.days[0][0] or 0) <= _GROWN
            ]
            for mistyped in () if dates else _NUMERIC_DATE.finditer(text):
                self._keep(Kind.DATE_OF_BIRTH, mistyped[0])
        if asks_for_secret(asked):
            for secret in secrets_answered(text):
                self._keep(Kind.SECRET, secret)
        if "_" in text and _USER_ID.search(asked):
            for token in _TOKEN.findall(text):
                self._keep(Kind.USER_ID, token)

    def _value(self, value: Any, key: str) -> None:
        """Go through a value with a list of what is still to be looked at."""
        waiting: list[tuple[Any, str, Kind | None, int]] = [(value, key, None, 0)]
        while waiting:
            found, name, kind, depth = waiting.pop()
            if isinstance(found, dict) and depth < MAX_NESTING:
                kinds = kinds_in(found, name)
                if kind is Kind.NAME or Kind.NAME in kinds.values():
                    self._person(found, kinds)
                waiting += [
                    (inner, str(field_name), kinds.get(field_name), depth + 1)
                    for field_name, inner in reversed(found.items())
                ]
            elif isinstance(found, list) and depth < MAX_NESTING:
                waiting += [(inner, name, kind, depth + 1) for inner in reversed(found)]
            elif isinstance(found, str | int) and not isinstance(found, bool):
                if kind is not None:
                    self._keep(kind, str(found))
                elif isinstance(found, str) and is_place(name):
                    self.places.add(found[:_MAX_VALUE])

    def _person(self, fields: dict[str, Any], kinds: dict[str, Kind]) -> None:
        """Keep the whole name of somebody whose first and last names are fields."""
        named = [name for name, kind in kinds.items() if kind is Kind.NAME]
        if len(named) < _FIRST_AND_LAST:
            return
        parts = [
            fields[name]
            for word in ("first", "given", "middle", "last", "family", "surname")
            for name in named
            if name.lower().startswith(word) and isinstance(fields[name], str)
        ]
        if len(parts) > 1:
            self.names.append(" ".join(parts)[:_MAX_VALUE])

    def _keep(self, kind: Kind, text: str) -> None:
        digits = any(map(str.isdigit, text))
        if not 2 <= len(text) <= _MAX_VALUE:
            return
        if kind is Kind.NAME:
            self.names += [n for n in names_held(text) if not _COMPANY.search(n)]
        elif kind is Kind.DATE_OF_BIRTH:
            days = [written.days for written in dates_in(text)]
            self.births += days
            if digits and not days:
                self.values.setdefault(normal(Kind.ADDRESS, text), kind)
        elif kind is Kind.SECRET:
            self._keep_secret(text)
        elif kind is Kind.USER_ID and tells_a_name(text):
            self.values[normal(kind, text)] = kind
            self.names += _names_in_identifier(text)
        elif kind is Kind.ADDRESS:
            self._keep_address(text)
        elif digits and kind is not Kind.USER_ID:
            self._keep_number(kind, text)

    def _keep_number(self, kind: Kind, text: str) -> None:
        """Keep what has digits and is long enough to be meant wherever it stands."""
        value = normal(kind, text)
        if len(value) >= _SHORTEST:
            self.values.setdefault(value, kind)

    def _keep_address(self, text: str) -> None:
        street = street_in(text)
        if _LETTERS.search(street):
            self.values.setdefault(normal(Kind.ADDRESS, street), Kind.ADDRESS)
        for code in postal_codes(text[len(street) :]):
            self.values.setdefault(code.value, code.kind)

    def _keep_secret(self, text: str) -> None:
        """Keep a secret that is one word: it is told again as it is."""
        value = normal(Kind.SECRET, text)
        if _SHORTEST_SECRET <= len(value) <= _MAX_SECRET and value not in _NO_SECRETS:
            self.values.setdefault(value, Kind.SECRET)

    def _read_companions(self, transcript: Transcript) -> None:
        """Find those who are only named together with somebody known."""
        known = {name.split()[0] for name in self.names if name}
        for entry in transcript.entries[:_FIRST] if 0 < len(known) <= _MAX_KNOWN else ():
            if isinstance(entry, UserSaid):
                for name in sorted(known):
                    if name in entry.text[:MAX_TURN]:
                        self.names += _companions(name, entry.text[:MAX_TURN], self.places)


_SHORTEST = 4
_SHORTEST_SECRET = 3
_MAX_SECRET = 40
#: What a field of secrets holds that only says whether there is one.
_NO_SECRETS = frozenset({"null", "none", "true", "false", "yes", "unknown"})
#: In the field of a name: a company's, whose words are no person's.
_COMPANY = re.compile(
    r"\b(?:agency|associates?|bank|cent(?:er|re)s?|clinics?|company|corp|counseling|department|"
    r"depot|foundation|group|gmbh|health|hospital|inc|institute|llc|ltd|office|practice|salon|"
    r"school|services?|shop|solutions|spa|specialists?|store|studios?|team|therapy|university)\b",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"(?<![\w/.-])\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?![\w/-])")
_FIRST_AND_LAST = 2
#: Turns, and people, that companions are looked for with.
_FIRST = 1_000
_MAX_KNOWN = 12


def _companions(known: str, text: str, places: set[str]) -> Iterator[str]:
    for found in beside(known).finditer(text):
        if found["name"] not in places:
            yield found["name"]


def _names_in_identifier(identifier: str) -> list[str]:
    """Return the name that an identifier is made of: ``mia_li_3668`` is of Mia Li."""
    parts = re.fullmatch(r"([a-z]{2,})[._-]([a-z]{2,})[._-]?\d*", identifier, re.IGNORECASE)
    return [f"{parts[1].capitalize()} {parts[2].capitalize()}"] if parts else []
