"""Redactor: placeholders for personal data in texts, pseudonyms in the mock world.

Personal data is collected from the whole transcript first (see ``collector.py``) and then
replaced as needed: a value has the same placeholder, or the same pseudonym, everywhere. The
finished texts of a draft are read once more.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.collector import PiiCollector
from shared.scenarios.redaction.fields import classify_fields, parse_names
from shared.scenarios.redaction.forms.addresses import find_postal_codes, find_street
from shared.scenarios.redaction.forms.dates import Day, find_dates
from shared.scenarios.redaction.forms.labeled import contains_name
from shared.scenarios.redaction.forms.patterns import find_by_form
from shared.scenarios.redaction.free_texts import is_free_text, strings
from shared.scenarios.redaction.kinds import Kind, Span, normalize, without_overlaps
from shared.scenarios.redaction.known_values import KnownValues, to_iso
from shared.scenarios.redaction.names.people import People
from shared.scenarios.redaction.outlines import outline
from shared.scenarios.redaction.pseudonyms import Pseudonyms
from shared.scenarios.redaction.reader import Reader
from shared.scenarios.redaction.replacements import Replacements
from shared.scenarios.text import shorten
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, Transcript

type _Render = Callable[[Span, str], str]

_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*_\d+>")
#: Fields of transcript entries that are texts of people.
_TEXT_FIELDS = ("text", "error", "note", "signal", "reason")
#: Kinds of which a whole field's value is replaced, whatever it is.
_SECRETS = frozenset({Kind.SECRET, Kind.CREDENTIAL})
#: Characters of a text whose replacement is cached.
_MAX_CACHED = 64
#: Characters of a field's value; a longer one is a text, whatever the field's name.
_MAX_FIELD = 200


class Unread(Exception):  # a limit that was reached, not an error
    """A value holds a free text that the classifier's budget did not reach."""


class Redactor:
    """Personal data of one transcript, with its placeholders and pseudonyms."""

    def __init__(self, pii: PiiCollector, reader: Reader, salt: str) -> None:
        self._reader = reader
        self._read = pii.read
        self._people = People(pii.names, pii.places)
        self._known = KnownValues(pii)
        self._pseudonyms = Pseudonyms(salt, self._people)
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._counts: dict[Kind, int] = {}
        self.replacements = Replacements()
        self._cache: dict[tuple[bool, Kind | None, str], str] = {}

    @classmethod
    def of(cls, transcript: Transcript, classify: Classifier) -> "Redactor":
        """Collect the personal data of a transcript."""
        pii = PiiCollector()
        reader = pii.collect(transcript, classify)
        first = next(iter(transcript.user_turns()), "")
        salt = hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(pii, reader, salt)

    def redact(self, text: str) -> str:
        """Return a text with placeholders, shortened if it is over-long."""
        return self._replace(shorten(text), None, redact=True)

    @property
    def known_names(self) -> int:
        """Number of names that were found so far."""
        return self._people.known_names

    def redact_again(self, *texts: str) -> list[str]:
        """Return finished texts with placeholders for what is still personal in them.

        The classifier reads them; a name that it finds is replaced in all of them.
        """
        read = [self._reader.read(text) for text in texts]
        self._people.add(
            text[span.start : span.end]
            for text, spans in zip(texts, read, strict=True)
            for span in self._outside_placeholders(text, spans)
            if span.kind is Kind.NAME
        )
        self._cache.clear()
        return [self._redact_with(text, spans) for text, spans in zip(texts, read, strict=True)]

    def _redact_with(self, text: str, read: list[Span]) -> str:
        known = [
            replace(span, value=self._people.resolve(text[span.start : span.end]))
            if span.kind is Kind.NAME
            else span
            for span in read
        ]
        spans = self._outside_placeholders(text, [*self.find_spans(text), *known])
        return _render(text, without_overlaps(spans), self._placeholder)

    def _outside_placeholders(self, text: str, spans: Iterable[Span]) -> list[Span]:
        own = set(self._placeholders.values())
        taken = [found.span() for found in _PLACEHOLDER.finditer(text) if found[0] in own]
        return [
            span
            for span in spans
            if not any(span.start < end and start < span.end for start, end in taken)
        ]

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
        """Return a JSON value with pseudonyms.

        Raises ``Unread`` if the value holds a free text that was not read.
        """
        if any(is_free_text(text) and text not in self._read for text in strings(value)):
            raise Unread
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
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._replace_number(value, kind, redact=redact)
        return value

    def _replace_number(self, value: float, kind: Kind | None, *, redact: bool) -> Any:
        """Return a number, or what replaces it: of the same type if that is possible."""
        text = str(int(value)) if float(value).is_integer() else str(value)
        new = self._replace(text, kind, redact=redact)
        if new == text:
            return value
        try:
            return new if redact else type(value)(new)
        except ValueError:  # a credential or an address of a network
            return new

    def pseudonymize_text(self, text: str) -> str:
        """Return a text, such as the name of a tool, with pseudonyms."""
        return self._replace(text, None, redact=False)

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
        spans = [*map(self._known.resolve, find_by_form(text)), *self._known.find_spans(text)]
        # A secret that is a name stays a secret: of equal spans, the first is used.
        return without_overlaps([*spans, *self._people.find_spans(text)])

    def personal_values(self, text: str) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the pseudonym of each personal value in a text.

        A value is read where it stands: alone it may not be recognized.
        """
        for span in self.find_spans(text):
            yield span.kind, self._pseudonym(span, text[span.start : span.end])

    def _spans_in_field(self, text: str, kind: Kind) -> list[Span]:
        """Find personal data by the kind of its field; none if the value is an ordinary text."""
        if not text.strip() or len(text) > _MAX_FIELD:
            return []
        whole = Span(0, len(text), kind, normalize(kind, text))
        digits = any(map(str.isdigit, text))
        if kind is Kind.DATE_OF_BIRTH:
            days = [replace(whole, value=to_iso(day)) for day in _days(text)[:1]]
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
            matches = kind in _SECRETS or (digits and kind is not Kind.EMAIL)
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
            self.replacements.add_placeholder(*key, self._placeholders[key])
        return self._placeholders[key]

    def _pseudonym(self, span: Span, text: str) -> str:
        pseudonym = self._pseudonyms.get(span.kind, text, span.value)
        self.replacements.add_pseudonym(span.kind, span.value, pseudonym)
        return pseudonym


def _render(text: str, spans: list[Span], render: _Render) -> str:
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += [text[end : span.start], render(span, text[span.start : span.end])]
        end = span.end
    return "".join([*parts, text[end:]])


def _days(text: str) -> list[Day]:
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return [written.days[0] for written in find_dates(text)]
