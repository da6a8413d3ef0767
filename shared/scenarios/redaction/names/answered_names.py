"""Answers to the question for a name: a name as a whole, in lower case, or among other words."""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.names.person_names import (
    IN_NAME,
    NOT_NAMES,
    PARTICLES,
    WORD,
    fold,
    name_at,
)
from shared.scenarios.redaction.names.unspaced_names import find_unspaced_names

#: Words of a name that the classifier does not recognize.
_FEWEST, _MOST = 2, 4
#: Common words beside them.
_BESIDE = 3
_NO_ANSWER = re.compile(r"[\d?]")
_ASKS_NAME = re.compile(
    r"\b(?:your|passengers?'?s?'?|full|first|last|their|contact|guest|holder'?s?|good)(?: \w+){0,2}"
    r" names?\b|what (?:is|are) the names?|(?:what|which|whose) name\b|who (?:am i|do i have"
    r"|is speaking|(?:is|are|will be) (?:the|your|hosting))|who's (?:the|your|hosting|calling)"
    r"|wie hei(?:ß|ss)en|\b(?:namen?|nombre|llamas?|nom|appelez|nome|chiam[ai]|chama|naam|heet"
    r"|imię|nazywa\w*|nazwisk\w+|имя|имени|зовут|обращаться|фамил\w+|adınız|adına|isim|isminiz)\b"
    r"(?=[^.!]*\?)|com quem|con (?:chi|qui[eé]n) (?:parl|habl)|à l'appareil|qui ai-je|met wie"
    r"|mit wem|auf wen|na kogo|z kim|с кем|на кого|фио\b|kiminle|kimin ad|名前|姓名|名字|称呼"
    r"|贵姓|성함|이름",
    re.IGNORECASE,
)
#: Before the name in an answer.
_LEAD = re.compile(
    r"(?:(?:it's|it is|this is|the name is|name|sure|yes|i'm|i am|hi|ok|okay|under|auf|ja|op|sí|oui"
    r"|au nom de|a nombre de|a nome|em nome de|na|на|да|это|soy|sono|sou|ik ben|ich bin|je suis)\b"
    r"[,.!:]? )*",
    re.IGNORECASE,
)
#: Characters of an answer, or of a line, that consists of a name.
_MAX_ANSWER = 60


def asks_for_name(text: str) -> bool:
    """Check whether the assistant asks for a name."""
    return _ASKS_NAME.search(text) is not None


def parse_name_answer(text: str) -> Iterator[tuple[int, int]]:
    """Find the name in an answer to that question, which can consist of the name."""
    yield from find_unspaced_names(text, answer=len(text) <= _MAX_ANSWER)
    start = 0
    for line in re.split(r"(?<=[\n;,])", text):
        lead = _LEAD.match(line)
        begin = start + len(line) - len(line.lstrip()) if lead is None else start + lead.end()
        begin += len(text[begin:]) - len(text[begin:].lstrip())
        start += len(line)
        span = name_at(text, begin, any_case=len(text) <= _MAX_ANSWER)
        if span and len(line) <= _MAX_ANSWER and not text[span[1] : start].strip(" .!,;\n"):
            yield span


def with_capitals(text: str) -> str:
    """Return an answer with its words as they are written in a name."""
    return WORD.sub(lambda word: _with_capital(word[0]), text)


def names_in_answer(text: str, labeled: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the names in an answer by the spans that the classifier labels in it."""
    whole = [_trimmed(text, *_with_neighbors(with_capitals(text), *span)) for span in labeled]
    found = [span for span in whole if span]
    return found or [span for span in [_uncommon(text)] if span] or _capitalized(text)


def _with_capital(word: str) -> str:
    if _is_common(word):
        return word
    capital = word[0].upper()
    return capital + word[1:] if len(capital) == 1 else word


def _with_neighbors(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a part of a name with the capitalized words beside it."""
    rare = [word for word in WORD.finditer(text) if not _is_common(word[0])]
    capitals = [word.span() for word in rare if word[0][0].isupper()]
    for begin, last in capitals:
        if begin > end and IN_NAME.fullmatch(text, end, begin) and text[end] != ",":
            end = last
    for begin, last in reversed(capitals):
        if last < start and IN_NAME.fullmatch(text, last, start) and text[last] != ",":
            start = begin
    return start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return a span without the common words at its ends."""
    rare = [word for word in WORD.finditer(text, start, end) if not _is_common(word[0])]
    return (rare[0].start(), rare[-1].end()) if rare else None


def _uncommon(text: str) -> tuple[int, int] | None:
    """Return the words of a short answer that are no common words, if they are together."""
    words = WORD.findall(text)
    span = _trimmed(text, 0, len(text))
    inside = WORD.findall(text, *span) if span else []
    rare = [word for word in inside if not _is_common(word)]
    together = len(rare) == len([word for word in inside if fold(word) not in PARTICLES])
    if not _FEWEST <= len(rare) <= _MOST or len(words) > len(inside) + _BESIDE or not together:
        return None
    return None if _NO_ANSWER.search(text) else span


def _is_common(word: str) -> bool:
    return fold(word) in NOT_NAMES or fold(word) in PARTICLES


def _capitalized(text: str) -> list[tuple[int, int]]:
    """Return the runs of two and more capitalized words."""
    rare = [word for word in WORD.finditer(text) if not _is_common(word[0])]
    named = [word.span() for word in rare if word[0][0].isupper()]
    runs = [_with_neighbors(text, *span) for span in named]
    return sorted({run for run in runs if " " in text[slice(*run)]})
