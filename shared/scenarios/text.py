"""Text processing of drafts: cleaning, splitting into sentences, truncation at sentence ends."""

import re

#: End markers of simulators and test harnesses, such as ``###STOP###``.
_MARKER = re.compile(r"#{2,5}\s?\w{1,20}\s?#{2,5}|<\|\w{1,20}\|>|\[(?:END|STOP|DONE)\]")
_SPACE = re.compile(r"\s+")
_APOSTROPHE = re.compile("[\u2018\u2019\u02bc]")
#: End of a sentence: its mark before a space, or the end of a line; a full-width mark needs
#: no space. A full stop after a single letter or a title does not end a sentence.
_END = re.compile(
    # The mark is matched first: the lookbehinds cost more.
    r"(?=[.!?])"
    r"(?<!\b[A-Za-z])(?<!\b[Mm]r)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)"
    r"[.!?]{1,9}[\"')\u201d]{0,3}(?=\s|$)|(?<=[a-z])[.!?]{1,9}(?=[A-Z][a-z])|[\u0964\u3002\uff01\uff1f\u061f]|\n+"
)
#: Number or dash of a list item.
_BULLET = re.compile(r"^\s*(?:[-*\u2022]|\(?\d{1,2}[.)])\s+")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]$")
_LETTER = re.compile(r"[^\W\d_]")
#: Characters of a message that are analyzed: users state their goal early.
MAX_TURN = 4_000
#: Characters that :func:`shorten` keeps, so that what begins in those analyzed is complete.
_MAX_SHORTENED = MAX_TURN + 400


def any_of(*patterns: str) -> str:
    """Return the pattern that matches any of several."""
    return f"(?:{'|'.join(patterns)})"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def without_markers(text: str) -> str:
    """Return a message without harness markers."""
    return _MARKER.sub(" ", text).strip()


def clean(text: str) -> str:
    """Return a message without harness markers and with plain apostrophes."""
    return _APOSTROPHE.sub("'", _MARKER.sub(" ", text[:MAX_TURN])).strip()


def shorten(text: str) -> str:
    """Cut an over-long text between words, after the characters that are analyzed."""
    if len(text) <= _MAX_SHORTENED:
        return text
    return text[: max(text.rfind(" ", MAX_TURN, _MAX_SHORTENED), MAX_TURN)]


def collapse_spaces(text: str) -> str:
    """Return a text on one line, with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences with their end marks; list numbers are dropped."""
    found: list[str] = []
    start = 0
    text = "\n".join(_BULLET.sub("", line) for line in text.split("\n"))
    for end in _END.finditer(text):
        found.append(text[start : end.end()])
        start = end.end()
    found.append(text[start:])
    return [line for sentence in found if _LETTER.search(line := collapse_spaces(sentence))]


def truncate(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of a text, cut after a sentence.

    If the first sentence alone is longer, it is cut between words, with an ellipsis.
    """
    if len(text) <= limit:
        return text
    ends = [end.end() for end in _END.finditer(text[: limit + 1]) if end.end() <= limit]
    # The number of a list item ends no sentence: "1. One-way 2. Economy".
    ends = [end for end in ends if not _NUMBERED.search(text[:end])]
    if ends and ends[-1] >= limit // 3:
        return text[: ends[-1]].rstrip()
    short = text[: limit - 1]
    space = short.rfind(" ")
    if space >= limit // 2:
        short = short[:space]
    return short.rstrip(" ,;:") + "\u2026"
