"""Text as drafts need it: cleaned, divided into sentences, cut where a sentence ends."""

import re

#: What simulators and harnesses put into a turn to end it, as ``###STOP###``.
_MARKER = re.compile(r"#{2,5}\s?\w{1,20}\s?#{2,5}|<\|\w{1,20}\|>|\[(?:END|STOP|DONE)\]")
_SPACE = re.compile(r"\s+")
_APOSTROPHE = re.compile("[\u2018\u2019\u02bc]")
#: Where a sentence ends: at its mark before a space, at a line's end; a full-width mark
#: needs no space. A full stop behind a single letter or a title does not end a sentence.
_END = re.compile(
    # The mark is looked for first: what may not stand before it costs more to find.
    r"(?=[.!?])"
    r"(?<!\b[A-Za-z])(?<!\b[Mm]r)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)"
    r"[.!?]{1,9}[\"')\u201d]{0,3}(?=\s|$)|(?<=[a-z])[.!?]{1,9}(?=[A-Z][a-z])|[\u3002\uff01\uff1f\u061f]|\n+"
)
#: The number or dash that an item of a list begins with.
_BULLET = re.compile(r"^\s*(?:[-*\u2022]|\(?\d{1,2}[.)])\s+")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]$")
_LETTER = re.compile(r"[^\W\d_]")
#: Characters of a turn that are looked at: what is wanted is said before.
MAX_TURN = 4_000


#: Characters of a turn that are kept, so that what begins in those that are looked at is whole.
_MAX_KEPT = MAX_TURN + 400


def any_of(*patterns: str) -> str:
    """Return the pattern of a text that fits one of several."""
    return f"(?:{'|'.join(patterns)})"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set: lists of words read best as text."""
    return frozenset(text.split())


def cleaned(text: str) -> str:
    """Return a turn without markers of harnesses, with plain apostrophes."""
    return _APOSTROPHE.sub("'", _MARKER.sub(" ", text[:MAX_TURN])).strip()


def shortened(text: str) -> str:
    """Cut an over-long text between words, behind all that is looked at of it."""
    if len(text) <= _MAX_KEPT:
        return text
    return text[: max(text.rfind(" ", MAX_TURN, _MAX_KEPT), MAX_TURN)]


def writable(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def sentences(text: str) -> list[str]:
    """Divide a text into sentences, each with the mark it ends in; list numbers dropped."""
    found: list[str] = []
    start = 0
    text = "\n".join(_BULLET.sub("", line) for line in text.split("\n"))
    for end in _END.finditer(text):
        found.append(text[start : end.end()])
        start = end.end()
    found.append(text[start:])
    return [line for sentence in found if _LETTER.search(line := one_line(sentence))]


def cut(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters, cut behind a sentence.

    Where the first sentence alone is longer, it is cut between words and marked by an
    ellipsis.
    """
    if len(text) <= limit:
        return text
    ends = [end.end() for end in _END.finditer(text[: limit + 1]) if end.end() <= limit]
    # The number of an item ends no sentence: "1. One-way 2. Economy".
    ends = [end for end in ends if not _NUMBERED.search(text[:end])]
    if ends and ends[-1] >= limit // 3:
        return text[: ends[-1]].rstrip()
    short = text[: limit - 1]
    space = short.rfind(" ")
    if space >= limit // 2:
        short = short[:space]
    return short.rstrip(" ,;:") + "\u2026"
