"""Search for labels in a text."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from shared.scenarios.redaction.forms.labels import LABELS
from shared.scenarios.redaction.kinds import Kind, Span, normalize

#: Scripts that write words without spaces between them, and Devanagari with its marks.
_UNSPACED = "\u0900-\u0963\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_START = re.compile(rf"(?<![^\W\d_])[^\W\d_]|[{_UNSPACED}]")
_WORD = re.compile(r"[^\W\d_]*(?:['\u2019][^\W\d_]{1,4}\b)?")
_LINE = re.compile(r"[^\n]+")
#: Lines of a signature before and after its e-mail address, and characters of one.
_SIGNATURE = 3
_LONGEST_LINE = 80
#: German and Dutch numbers of other things: "Vertragsnummer", "bestelnummer".
_COMPOUND = re.compile(r"[^\W\d_]{3,24}nummer(?![^\W\d_])")
#: "My number" after another label is what that labels.
_NUMBER_WORDS = frozenset({"numaram", "numaramiz"})
#: Text between a label and its number: the rest of a sentence, without other digits.
_GAP = re.compile(r"\.?(?:\b(?:no|nr|n|num|tel|mob|моб|тел|telp)\.|[^\d\n.!?;\u3002\uff01\uff1f])*")
#: Text between a number and the thing after it that it belongs to: "... numaralı siparişim".
_OF_THING = re.compile(
    r" ?(?:numarali|nolu|no'?lu|sayili|n'?lu|number(?:ed)?)\b[^\d.!?;,\n]{0,16}"
    r"|[ 」』]?(?:の|号|號|번|नंबर)[^\d.!?;,\n]{0,8}"
)
#: Characters between a label and a number that it belongs to.
_NEAR = 48
#: Letters of a label that can be those of a number, and labels that are no such letters.
_SHORT = 3
_NO_CODES = frozenset({"tel", "fax", "pin", "mob", "gsm", "iban"})
_SPACED = re.compile(rf"[^{_UNSPACED}]+\*?")


def _plain_letters() -> dict[int, str]:
    undecomposed = zip("\u0131\u0142\u0141\u00f8\u00d8\u0111\u0110", "ilLoOdD", strict=True)
    table = {ord(letter): base for letter, base in undecomposed}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table.setdefault(code, base)
    # Digits of all scripts, full-width letters and punctuation.
    for code in [*range(0x660, 0x66A), *range(0x6F0, 0x6FA), *range(0x966, 0x970)]:
        table[code] = str(unicodedata.digit(chr(code)))
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    table |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")
    return table | dict.fromkeys((0xA0, 0x2009, 0x202F, 0x3000), " ") | {0x2019: "'"}


_PLAIN = _plain_letters()


def fold(text: str) -> str:
    """Return a text of the same length without accents, with ASCII digits and hyphens."""
    return text if text.isascii() else text.translate(_PLAIN)


def fold_case(text: str) -> str:
    """Return a text of the same length, folded and in lower case."""
    lower = fold(text).lower()
    return lower if len(lower) == len(text) else "".join(_lower(one) for one in fold(text))


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


@dataclass(frozen=True, slots=True)
class Label:
    """Label in a text; its kind is None if what it labels is no personal data."""

    start: int
    end: int
    kind: Kind | None


def _index() -> dict[str, list[tuple[str, bool, Kind | None]]]:
    index: dict[str, list[tuple[str, bool, Kind | None]]] = {}
    for kind, lines in LABELS.items():
        for entry in re.split(r"[,\n]+", lines.strip()):
            label = entry.strip()
            word = label.rstrip("*")
            index.setdefault(word[:2], []).append((word, label.endswith("*"), kind))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


_LABELS = _index()


def find_labels(folded: str) -> list[Label]:
    """Find the labels in a folded text in lower case, in order; the longest at a place."""
    found: list[Label] = []
    end = 0
    for match in _START.finditer(folded):
        label = _label_at(folded, match.start()) if match.start() >= end else None
        if label:
            end = label.end
            word = folded[label.start : end]
            if word in _NUMBER_WORDS and found and found[-1].end == label.start - 1:
                label = replace(label, kind=found[-1].kind)
            found.append(label)
    return found


def _label_at(folded: str, start: int) -> Label | None:
    for word, open_ended, kind in _LABELS.get(folded[start : start + 2], ()):
        if folded.startswith(word, start):
            end = start + len(word)
            if not _SPACED.fullmatch(word):
                return Label(start, end, kind)
            short = len(word) <= _SHORT and word not in _NO_CODES
            if kind and short and _is_code(folded, start, end):
                continue
            stop = _end_of_word(folded, end)
            if open_ended or folded[end:stop] in ("", "'s"):
                return Label(start, stop, kind)
    compound = _COMPOUND.match(folded, start)
    return Label(start, compound.end(), None) if compound else None


def _is_code(folded: str, start: int, end: int) -> bool:
    """Check for letters of a number: "RG735993137", "CF/2053"."""
    before, after = folded[max(0, start - 1) : start], folded[end : end + 1]
    return before.isdigit() or before in tuple("-/_") or after.isdigit() or after in tuple("-/_")


def _end_of_word(text: str, start: int) -> int:
    match = _WORD.match(text, start)
    return match.end() if match else start


@dataclass(frozen=True, slots=True)
class Page:
    """Text with its labels, for the recognizers; all its forms have the same length."""

    text: str
    #: Folded, in the case of the text.
    plain: str
    lower: str
    labels: list[Label]

    @classmethod
    def of(cls, text: str) -> "Page":
        lower = fold_case(text)
        return cls(text, fold(text), lower, find_labels(lower))

    def label_before(self, position: int) -> Label | None:
        """Return the closest label that ends at or before a position."""
        index = bisect_left(self.labels, position + 1, key=attrgetter("end"))
        return self.labels[index - 1] if index else None

    def label_after(self, position: int) -> Label | None:
        """Return the closest label that starts at or after a position."""
        index = bisect_left(self.labels, position, key=attrgetter("start"))
        return self.labels[index] if index < len(self.labels) else None

    def near_label(self, start: int) -> Label | None:
        """Return the closest label before a number, in its sentence."""
        label = self.label_before(start)
        near = label and start - label.end <= _NEAR and _GAP.fullmatch(self.lower, label.end, start)
        return label if near else None

    def numbers_thing(self, start: int, end: int) -> bool:
        """Check for a number of an order, a product or another thing, by its label."""
        before = self.near_label(start)
        after = self.label_after(end)
        return (
            self.plain[start - 1 : start] == "#"
            or (before is not None and before.kind is None)
            or (
                after is not None
                and after.kind is None
                and _OF_THING.fullmatch(self.lower, end, after.start) is not None
            )
        )

    def reaches(self) -> Iterator[tuple[Label, int]]:
        """Yield the labels of personal data, each with the end of its reach: the next label."""
        for position, label in enumerate(self.labels):
            if label.kind is not None:
                last = position + 1 == len(self.labels)
                yield label, len(self.text) if last else self.labels[position + 1].start

    def span(self, start: int, end: int, kind: Kind) -> Span:
        """Return the span of a value."""
        return Span(start, end, kind, normalize(kind, self.plain[start:end]))

    def is_impersonal(self, start: int, end: int) -> bool:
        """Check whether a piece contains the label of an order, a product or another thing."""
        return any(
            label.kind is None
            and start <= label.start
            and label.end <= end
            # Not the name of a street: "12 Police Station Road".
            and (label.start == start or not self.text[label.start].isupper())
            for label in self.labels
        )

    def signature_lines(self) -> list[tuple[int, int]]:
        """Return the lines around the e-mail address of a signature."""
        if "@" not in self.text or "\n" not in self.text:
            return []
        lines = [(found.start(), found.end()) for found in _LINE.finditer(self.text)]
        mails = [n for n, (start, end) in enumerate(lines) if "@" in self.text[start:end]]
        near = {n + step for n in mails for step in range(-_SIGNATURE, _SIGNATURE + 1)}
        return [
            line for n, line in enumerate(lines) if n in near and line[1] - line[0] <= _LONGEST_LINE
        ]
