"""Data that an agent asks for: the kinds in its request, and in what the user can say."""

import re
from collections.abc import Sequence
from enum import StrEnum

from shared.simulation.conversation import Conversation, Said


class Asked(StrEnum):
    """Kind of data that agents ask users for."""

    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    POSTAL_CODE = "postal_code"
    NUMBER = "number"
    NAME = "name"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


#: Words of a request for a kind, in the languages of the most users.
_REQUESTED = {
    Asked.EMAIL: _words(r"e-?mail|correo|courriel|メール|邮箱|邮件"),
    Asked.PHONE: _words(r"phone|telefon|handynummer|tel[eé]fono|t[eé]l[eé]phone|電話|电话|手机"),
    Asked.DATE: _words(
        r"\bdates?\b|\bwhen\b|\b(?:what|which) day\b|datum|\bwann\b|fecha|cu[aá]ndo|\bquand\b"
        r"|\bquando\b|日付|いつ|日期"
    ),
    Asked.POSTAL_CODE: _words(
        r"\bzip\b|post(?:al)? ?code|\bplz\b|postleitzahl|c[oó]digo postal|郵便番号|邮编"
    ),
    Asked.NUMBER: _words(
        r"\b(?:number|code|id|identifier|reference|locator|pin|nummer|referenz|n[uú]mero"
        r"|num[eé]ro|r[eé]f[eé]rence|codice|c[oó]digo)s?\b|\w(?:nummer|_id)\b|番号|号码|编号"
    ),
    Asked.NAME: _words(r"\bnames?\b|\bnombre\b|\bnom\b|\bnome\b|名前|姓名"),
}
#: Words that make a sentence without a question mark a request.
_ASKS = _words(
    r"\?|\uff1f|\b(?:please|provide|share|send me|tell me|give me|need|enter|confirm|bitte"
    r"|brauche|ben[oö]tige|por favor|necesito|veuillez|s'il vous pla[iî]t)\b|ください|请"
)
_SENTENCE = re.compile(r"(?<=[.!?\u3002\uff1f\uff01])\s*(?=\S)|\n+")
_MONTH = (
    r"(?:jan|feb|mar|m[aä]r|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic"
    r"|janv|f[eé]v|avr|juin|juil|ao[uû]t|d[eé]c)[a-zéû]*"
)
#: Values by kind. A value counts once: those of the first kinds are removed before the next.
_VALUES = (
    (Asked.EMAIL, _words(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        Asked.DATE,
        _words(
            r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})?\b"
            rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b"
            rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of |de )?{_MONTH}\b"
            r"|\b(?:tomorrow|today|tonight|morgen|heute|ma[nñ]ana|hoy|demain"
            r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|\d{1,2}月\d{1,2}"
        ),
    ),
    (Asked.PHONE, _words(r"\+\d[\d ()/.-]{6,}\d|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b")),
    (Asked.POSTAL_CODE, _words(r"(?<![#\w-])\d{5}(?:-\d{4})?(?![\w-])")),
    (
        Asked.NUMBER,
        _words(r"\b(?=(?:[\w-]{0,30}\d){3})[\w-]{3,}\b|\b(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{5,}\b"),
    ),
)
_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Nn]ame'?s?:?|I am|I'm|[Tt]his is|ich hei(?:ss|ß)e|ich bin|me llamo"
    r"|je m'appelle|je suis|mi chiamo) [A-Z]\w+|^\W*[A-Z]\w+(?: [A-Z]\w+){1,2}\W*$"
)
_WORD = re.compile(r"[^\W\d_]{4,}")
#: Letters by which two forms of a word are the same.
_STEM = 5


def last_words(conversation: Conversation) -> str:
    """Return the agent's words since the user's last message."""
    said: list[str] = []
    for entry in reversed(conversation.entries):
        if isinstance(entry, Said):
            if entry.role == "user":
                break
            said.append(entry.text)
    return "\n".join(reversed(said))


def asked_index(said: str, candidates: Sequence[str]) -> int | None:
    """Return the index of the candidate with the data that the agent asks for.

    It is the first one, unless a later one holds more kinds of the data, or shares more words
    with the request: of two numbers that of the order, say. None where none holds any.
    """
    requests = [one for one in _SENTENCE.split(said) if _ASKS.search(one)]
    kinds = {kind for kind, words in _REQUESTED.items() if any(map(words.search, requests))}
    if not kinds:
        return None
    stems = _stems(" ".join(requests))
    # "Phone number" and "zip code" ask for no other number.
    if kinds & {Asked.PHONE, Asked.POSTAL_CODE}:
        kinds.discard(Asked.NUMBER)
    best = (0, 0)
    found: int | None = None
    for index, candidate in enumerate(candidates):
        held = len(kinds & _held(candidate))
        rank = (held, len(stems & _stems(candidate)))
        if held and rank > best:
            best, found = rank, index
    return found


def _held(text: str) -> set[Asked]:
    """Return the kinds of data in a text; a bare row of digits can be of three."""
    held = {Asked.NAME} if _NAME.search(text) else set()
    for kind, pattern in _VALUES:
        rest = pattern.sub(" ", text)
        if rest != text:
            held.add(kind)
            text = rest
    if held & {Asked.PHONE, Asked.POSTAL_CODE}:
        held.add(Asked.NUMBER)
    return held


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM].casefold() for word in _WORD.findall(text))
