"""PII collector: the personal data of a whole transcript, collected before any redaction.

Fields, forms and introductions reveal some of it, and the classifier reads the messages and the
free texts of the tools. What is collected is redacted everywhere, also in earlier messages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.fields import (
    classify_fields,
    is_place_field,
    is_thing_field,
    parse_names,
)
from shared.scenarios.redaction.forms.addresses import find_postal_codes, find_street
from shared.scenarios.redaction.forms.answers import find_answers
from shared.scenarios.redaction.forms.dates import Day, find_births, find_dates, mentions_birth
from shared.scenarios.redaction.forms.labeled import contains_name
from shared.scenarios.redaction.forms.patterns import find_by_form
from shared.scenarios.redaction.forms.secret_answers import (
    asks_for_secret,
    find_passwords,
    mentions_password,
    parse_secret_answer,
)
from shared.scenarios.redaction.free_texts import (
    MAX_READ,
    cost,
    entries_to_collect,
    messages_to_read,
    values_to_read,
)
from shared.scenarios.redaction.kinds import Kind, Span, normalize
from shared.scenarios.redaction.names.answered_names import asks_for_name, parse_name_answer
from shared.scenarios.redaction.names.introductions import find_introduced_names
from shared.scenarios.redaction.names.vetoes import Vetoes
from shared.scenarios.redaction.reader import Reader
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
_TOKEN = re.compile(r"(?<![a-z])[a-z]{2,}[._-][a-z]{2,}[._-]?\d{2,}", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3}")
#: Latest year of birth in an answer; later dates are not dates of birth.
_LATEST_BIRTH = 2012
#: Kinds that are recognized again as whole values.
_WHOLE = frozenset(
    {
        Kind.ADDRESS,
        Kind.USER_ID,
        Kind.ACCOUNT,
        Kind.ID_NUMBER,
        Kind.POSTAL_CODE,
        Kind.CREDENTIAL,
        Kind.NETWORK_ADDRESS,
    }
)
#: Characters of a value; a longer one in a personal field is a text.
_MAX_VALUE = 200


@dataclass(slots=True)
class PiiCollector:
    """Personal data of the people in a transcript."""

    names: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    births: list[tuple[Day, ...]] = field(default_factory=list)
    #: Credentials as they are written.
    credentials: set[str] = field(default_factory=set)
    #: Products and other things that the tools name.
    things: set[str] = field(default_factory=set)
    #: Free texts of the tools that were read.
    read: set[str] = field(default_factory=set)
    #: Answers to the question for a name.
    answers: set[str] = field(default_factory=set)
    #: Normal forms that are recognized again by equality, with their kinds.
    values: dict[str, Kind] = field(default_factory=dict)

    def collect(self, transcript: Transcript, classify: Classifier) -> Reader:
        """Collect from all entries; return the reader for the texts of a draft."""
        question = ""
        about_password = False
        for entry in entries_to_collect(transcript):
            self._collect_entry(entry, question)
            if isinstance(entry, UserSaid | AssistantSaid):
                about_password = about_password or mentions_password(entry.text[:MAX_TURN])
                if about_password:
                    self.credentials.update(find_passwords(entry.text[:MAX_TURN]))
            if isinstance(entry, AssistantSaid):
                question = entry.text[-MAX_TURN:]
        tools = {entry.tool for entry in transcript.entries if isinstance(entry, ToolCalled)}
        own = [
            *(tool for tool in tools if "@" not in tool),
            transcript.agent.name if transcript.agent else "",
        ]
        self.places = set(_without_people(sorted(self.places), classify))
        reader = Reader(classify, Vetoes([*self.places, *self.things], own))
        for text in messages_to_read(transcript):
            self._add_spans(reader, text)
            if text in self.answers:
                self.names += [text[a:b] for a, b in reader.read_answer(text)]
        room = MAX_READ
        for text in values_to_read(transcript):
            if cost(text) <= room:
                room -= cost(text)
                self._add_introduced(text[:MAX_TURN], by_user=True)
                self._add_spans(reader, text)
                self.read.add(text)
        return reader

    def _add_introduced(self, text: str, *, by_user: bool) -> None:
        self.names += [text[a:b] for a, b in find_introduced_names(text, by_user=by_user)]

    def _add_spans(self, reader: Reader, text: str) -> None:
        for span in reader.read(text):
            self.learn(span, text)

    def learn(self, span: Span, text: str) -> None:
        """Add what the classifier found in a text."""
        if span.kind is Kind.NAME:
            self.names.append(text[span.start : span.end])
        else:
            self.values.setdefault(span.value, span.kind)

    def _collect_entry(self, entry: Entry, question: str) -> None:
        if isinstance(entry, UserSaid):
            self._collect_text(entry.text[:MAX_TURN], by_user=True)
            self._collect_reply(entry.text[:MAX_TURN], question)
        elif isinstance(entry, AssistantSaid):
            self._collect_text(entry.text[:MAX_TURN], by_user=False)
        elif isinstance(entry, ToolCalled):
            self._collect_value(entry.arguments, entry.tool)
        elif isinstance(entry, ToolAnswered):
            self._collect_value(entry.output, entry.tool)
            if isinstance(entry.output, str):
                self._collect_text(entry.output[:MAX_TURN], by_user=False)
        elif isinstance(entry, ApprovalDecided):
            self._collect_text(entry.note[:MAX_TURN], by_user=False)

    def _collect_text(self, text: str, *, by_user: bool) -> None:
        self._add_introduced(text, by_user=by_user)
        for span in find_by_form(text):
            if span.kind in _WHOLE:
                self._add(span.kind, text[span.start : span.end])
            elif span.kind is Kind.PHONE:
                self.values.setdefault(span.value, Kind.PHONE)
        self.births += [written.days for written in find_births(text)]

    def _collect_reply(self, text: str, question: str) -> None:
        """Collect the data that a message reveals as the answer to a question."""
        if asks_for_name(question):
            self.names += [text[a:b] for a, b in parse_name_answer(text)]
            self.answers.add(text)
        if mentions_birth(question):
            dates = [written for written in find_dates(text) if written.has_year]
            self.births += [
                written.days for written in dates if (written.days[0][0] or 0) <= _LATEST_BIRTH
            ]
            for mistyped in () if dates else _NUMERIC_DATE.finditer(text):
                self._add(Kind.DATE_OF_BIRTH, mistyped[0])
        for span in find_answers(text, question):
            self._add(span.kind, text[span.start : span.end])
        if asks_for_secret(question):
            for secret in parse_secret_answer(text):
                self._add(Kind.SECRET, secret)
        if "_" in text and _USER_ID.search(question):
            for token in _TOKEN.findall(text):
                self._add(Kind.USER_ID, token)

    def _collect_value(self, value: Any, key: str) -> None:
        """Collect from a JSON value, iteratively: values can be nested deeply."""
        pending: list[tuple[Any, str, Kind | None, int]] = [(value, key, None, 0)]
        while pending:
            item, name, kind, depth = pending.pop()
            if isinstance(item, dict) and depth < MAX_NESTING:
                kinds = classify_fields(item, name)
                if kind is Kind.NAME or Kind.NAME in kinds.values():
                    self._add_full_name(item, kinds)
                pending += [
                    (inner, str(field_name), kinds.get(field_name), depth + 1)
                    for field_name, inner in reversed(item.items())
                ]
            elif isinstance(item, list) and depth < MAX_NESTING:
                pending += [(inner, name, kind, depth + 1) for inner in reversed(item)]
            elif isinstance(item, str | int) and not isinstance(item, bool):
                if kind is not None:
                    self._add(kind, str(item))
                elif isinstance(item, str) and is_place_field(name):
                    self.places.add(item[:_MAX_VALUE])
                elif isinstance(item, str) and is_thing_field(name):
                    self.things.add(item[:_MAX_VALUE])

    def _add_full_name(self, fields: dict[str, Any], kinds: dict[str, Kind]) -> None:
        """Add the full name of a person with fields for first and last name."""
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

    def _add(self, kind: Kind, text: str) -> None:
        if not 2 <= len(text) <= _MAX_VALUE:
            return
        if kind is Kind.NAME:
            self.names += [n for n in parse_names(text) if not _COMPANY.search(n)]
        elif kind is Kind.DATE_OF_BIRTH:
            self._add_birth(text)
        elif kind is Kind.SECRET:
            self._add_secret(text)
        elif kind is Kind.CREDENTIAL and len(text) >= _SHORTEST_CREDENTIAL:
            self.credentials.add(text)
        elif kind is Kind.USER_ID and contains_name(text):
            self.values[normalize(kind, text)] = kind
            self.names += _names_in_identifier(text)
        elif kind is Kind.ADDRESS:
            self._add_address(text)
        elif kind is not Kind.USER_ID and any(map(str.isdigit, text)):
            value = normalize(kind, text)
            if len(value) >= _SHORTEST:  # unambiguous in any text
                self.values.setdefault(value, kind)

    def _add_birth(self, text: str) -> None:
        days = [written.days for written in find_dates(text)]
        self.births += days
        if not days and any(map(str.isdigit, text)):
            self.values.setdefault(normalize(Kind.ADDRESS, text), Kind.DATE_OF_BIRTH)

    def _add_address(self, text: str) -> None:
        street = find_street(text)
        if _LETTERS.search(street):
            self.values.setdefault(normalize(Kind.ADDRESS, street), Kind.ADDRESS)
        for code in find_postal_codes(text[len(street) :]):
            self.values.setdefault(code.value, code.kind)

    def _add_secret(self, text: str) -> None:
        """Add a secret of one word; it is recognized by equality."""
        value = normalize(Kind.SECRET, text)
        if _SHORTEST_SECRET <= len(value) <= _MAX_SECRET and value not in _NOT_SECRETS:
            self.values.setdefault(value, Kind.SECRET)


_SHORTEST = 4
_SHORTEST_SECRET = 3
_MAX_SECRET = 40
_SHORTEST_CREDENTIAL = 6
#: Values of a field of secrets that only state its presence.
_NOT_SECRETS = frozenset({"null", "none", "true", "false", "yes", "unknown"})
#: Words of company names, which are not redacted.
_COMPANY = re.compile(
    r"\b(?:agency|associates?|bank|cent(?:er|re)s?|clinics?|company|corp|counseling|department|"
    r"depot|foundation|group|gmbh|health|hospital|inc|institute|llc|ltd|office|practice|salon|"
    r"school|services?|shop|solutions|spa|specialists?|store|studios?|team|therapy|university)\b",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"(?<![\w/.-])\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?![\w/-])")
_FIRST_AND_LAST = 2
#: Value that can be a person's name; of so many, the classifier tells people from places.
_PERSON = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ '’-][^\W\d_]+){1,3}")
_MAX_DOUBTFUL = 100
_SURE = 0.5


def _without_people(values: list[str], classify: Classifier) -> Iterator[str]:
    """Yield the values that do not name a person: "from" can be a city or a sender."""
    doubtful = [one for one in values if _PERSON.fullmatch(one)]
    known = dict(zip(doubtful[:_MAX_DOUBTFUL], classify(doubtful[:_MAX_DOUBTFUL]), strict=True))
    for value in values:
        labels = {one.label for one in known.get(value, ()) if one.score >= _SURE}
        is_known = value in known or value not in doubtful
        if is_known and not {"GIVEN_NAME", "SURNAME"} <= labels:
            yield value


def _names_in_identifier(identifier: str) -> list[str]:
    """Return the name in an identifier: ``mia_li_3668`` contains Mia Li."""
    parts = re.fullmatch(r"([a-z]{2,})[._-]([a-z]{2,})[._-]?\d*", identifier, re.IGNORECASE)
    return [f"{parts[1].capitalize()} {parts[2].capitalize()}"] if parts else []
