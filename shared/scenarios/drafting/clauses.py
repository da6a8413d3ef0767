"""Clause classification: wants, statements and questions in the user's messages.

The rules are for English. An unclassified clause is dropped: small talk, or a bare answer
("Seattle.", an order number). The caller handles other languages.
"""

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from shared.scenarios.drafting.openings import announces_change, split_clauses, strip_courtesies
from shared.scenarios.drafting.requests import parse_question, parse_request
from shared.scenarios.drafting.small_talk import is_about_conversation, is_small_talk
from shared.scenarios.text import clean, split_sentences

_I = re.IGNORECASE


class Weight(IntEnum):
    """Relevance of a clause for the goal."""

    DETAIL = 1
    STATEMENT = 2
    WANT = 3


class Form(IntEnum):
    """Verb between "the user" and a clause."""

    WANTS = 1
    TELLS = 2
    ASKS = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """Clause in the user's words, without its introductory phrase.

    ``changes`` marks a clause that revises an earlier one; ``opening`` one from the messages
    up to the first goal.
    """

    form: Form
    weight: Weight
    words: str
    changes: bool = False
    opening: bool = False


def extract_clauses(turn: str) -> list[Clause]:
    """Return the clauses of a message that concern the goal, in order."""
    clauses: list[Clause] = []
    for sentence in split_sentences(clean(turn))[:_SENTENCES]:
        changes = announces_change(sentence)
        for part in split_clauses(sentence[:_MAX_SENTENCE]):
            clause = _classify(strip_courtesies(part), is_question=part.rstrip().endswith("?"))
            if clause is not None:
                clauses.append(replace(clause, changes=changes))
    return clauses


def _classify(text: str, *, is_question: bool) -> Clause | None:
    if elliptic := _ELLIPTIC.match(text):
        subject = "I am" if elliptic["being"] else "I"
        text = f"{subject} {text[:1].lower()}{text[1:]}"
    if not text or is_small_talk(text):
        return None
    if request := _request(text):
        empty = _EMPTY_WANT.match(request) or is_about_conversation(request)
        return None if empty else Clause(Form.WANTS, Weight.WANT, request)
    is_question = is_question or _ASKS.match(text) is not None
    return _choice(text) or (_question(text) if is_question else _statement(text))


def _request(text: str) -> str | None:
    """Return the request of a clause, its condition moved to the end."""
    if found := _CONDITION.match(text):
        request = parse_request(found["rest"])
        return request and f"{request} if {found['condition']}"
    return parse_request(text)


def _choice(text: str) -> Clause | None:
    choice = _CHOICE.match(text)
    request = f"to {choice['rest']}" if choice else parse_question(text)
    return Clause(Form.WANTS, Weight.STATEMENT, request) if request else None


def _question(text: str) -> Clause | None:
    if " " not in text:
        return None
    return Clause(Form.ASKS, Weight.DETAIL, f"{text[:1].upper()}{text[1:]}?")


def _statement(text: str) -> Clause | None:
    within = _WANT_WITHIN.search(text)
    if within and (request := parse_request(text[within.start() :])):
        return Clause(Form.WANTS, Weight.WANT, request)
    if unwanted := _UNWANTED.search(text):
        return Clause(Form.TELLS, Weight.STATEMENT, text[unwanted.start() :])
    words = text.count(" ") + 1
    if _OWN.match(text) and words >= _WORDS_OF_A_STATEMENT:
        return Clause(Form.TELLS, Weight.STATEMENT, text)
    is_sentence = _FINITE.search(text) or _ITEM.match(text)
    if is_sentence and words > _WORDS_OF_A_STATEMENT:
        return Clause(Form.TELLS, Weight.DETAIL, text)
    return None


#: Sentences of a message, and characters of a sentence, that are analyzed.
_SENTENCES = 40
_MAX_SENTENCE = 600
#: Minimum words of a statement; fewer are an answer: "I do.", "It is."
_WORDS_OF_A_STATEMENT = 3
_ELLIPTIC = re.compile(
    r"(?:also )?(?:(?:need|want|wish|would like) to|(?P<being>(?:looking|going|leaving|departing"
    r"|travell?ing|flying|returning|hoping|trying) (?:to|for|from|on|the)))\b",
    _I,
)
#: Requests to continue with what was agreed.
_EMPTY_WANT = re.compile(
    r"(?:the assistant )?to (?:proceed|go ahead|move (?:forward|on)|start|begin|continue|hold on"
    r"|double.?check|wait|know if (?:that|this|it) (?:would|will|works?|is))\b"
    r"|(?:some |your |a little )?(?:help|assistance)(?: here| (?:with|in|on) (?:that|this|it))?$",
    _I,
)
_CHOICE = re.compile(
    r"(?:i'll|i will|i'd|i would|let me) "
    r"(?P<rest>(?:go|use|take|pay|choose|have|stick|order)\b .+)",
    _I,
)
_ASKS = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|will|would"
    r"|can|could|should|am|isn't|aren't|doesn't|won't|don't (?:you|i|we|they))\b",
    _I,
)
_CONDITION = re.compile(r"if (?P<condition>[^,]{3,120}), (?:then )?(?P<rest>.+)", _I)
_WANT_WITHIN = re.compile(
    r"(?<=[\s,])i(?: also| really| just)?(?:'d like| would like| want| need|'d prefer| wanted)\b",
    _I,
)
_UNWANTED = re.compile(r"\bi (?:don't|do not|can't|cannot) (?:want|wish|like|accept|afford)\b", _I)
#: List item: "Coffee machine: same capacity, but lower pressure".
_ITEM = re.compile(r"[^\W\d]{1,30}(?: [\w-]{1,30}){0,3}: (?=\w)")
_OWN = re.compile(r"(?:i|i'm|i've|i'd|i'll|we|we're|we've|we'll|my|our)\b", _I)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|will|would|can|could|should|must|needs?|wants?"
    r"|keeps?|says?|shows?|it's|that's|there's)\b|n't\b",
    _I,
)
