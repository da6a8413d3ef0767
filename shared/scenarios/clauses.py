"""Recognises what a clause of the user does: want something, tell something, ask, or neither.

The rules are for English. A clause that none of them knows is dropped: it is small talk, or
a bare answer ("Seattle.", an order number). Other languages are left to the caller.
"""

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from shared.scenarios.openings import announces_change, bare, parts_of
from shared.scenarios.requests import asked_for, requested
from shared.scenarios.small_talk import asks_to_go_on, tells_nothing
from shared.scenarios.text import cleaned, sentences

_I = re.IGNORECASE


class Weight(IntEnum):
    """How much a clause tells about the goal."""

    DETAIL = 1
    STATEMENT = 2
    WANT = 3


class Form(IntEnum):
    """How a clause goes on behind "the user"."""

    WANTS = 1
    TELLS = 2
    ASKS = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in the user's words, without what opens it.

    ``changes`` is set where the user says that it takes the place of something, ``opening``
    where it stands in what they opened with.
    """

    form: Form
    weight: Weight
    words: str
    changes: bool = False
    opening: bool = False


def clauses_of(turn: str) -> list[Clause]:
    """Return the clauses of a turn that tell about the goal, in order."""
    found: list[Clause] = []
    for sentence in sentences(cleaned(turn))[:_SENTENCES]:
        changes = announces_change(sentence)
        for part in parts_of(sentence[:_MAX_SENTENCE]):
            clause = _clause(bare(part), asked=part.rstrip().endswith("?"))
            if clause is not None:
                found.append(replace(clause, changes=changes))
    return found


def _clause(text: str, *, asked: bool) -> Clause | None:
    if elliptic := _ELLIPTIC.match(text):
        subject = "I am" if elliptic["being"] else "I"
        text = f"{subject} {text[:1].lower()}{text[1:]}"
    if not text or tells_nothing(text):
        return None
    if wanted := _requested(text):
        empty = _EMPTY_WANT.match(wanted) or asks_to_go_on(wanted)
        return None if empty else Clause(Form.WANTS, Weight.WANT, wanted)
    return _chosen(text) or (_question(text) if asked or _ASKS.match(text) else _statement(text))


def _requested(text: str) -> str | None:
    """Return what a clause asks for, what it depends on behind it."""
    if found := _CONDITION.match(text):
        wanted = requested(found["rest"])
        return wanted and f"{wanted} if {found['condition']}"
    return requested(text)


def _chosen(text: str) -> Clause | None:
    if chosen := _CHOICE.match(text):
        return Clause(Form.WANTS, Weight.STATEMENT, "to " + chosen["rest"])
    if wondered := asked_for(text):
        return Clause(Form.WANTS, Weight.STATEMENT, wondered)
    return None


def _question(text: str) -> Clause | None:
    if " " not in text:
        return None
    return Clause(Form.ASKS, Weight.DETAIL, f"{text[:1].upper()}{text[1:]}?")


def _statement(text: str) -> Clause | None:
    within = _WANT_WITHIN.search(text)
    if within and (wanted := requested(text[within.start() :])):
        return Clause(Form.WANTS, Weight.WANT, wanted)
    if refused := _UNWANTED.search(text):
        return Clause(Form.TELLS, Weight.STATEMENT, text[refused.start() :])
    words = text.count(" ") + 1
    if _OWN.match(text) and words >= _WORDS_OF_A_STATEMENT:
        return Clause(Form.TELLS, Weight.STATEMENT, text)
    told = _FINITE.search(text) or _ITEM.match(text)
    if told and words > _WORDS_OF_A_STATEMENT:
        return Clause(Form.TELLS, Weight.DETAIL, text)
    return None


#: Sentences of a turn, and characters of a sentence, that are looked at.
_SENTENCES = 40
_MAX_SENTENCE = 600
#: Fewer are an answer: "I do.", "It is."
_WORDS_OF_A_STATEMENT = 3
_ELLIPTIC = re.compile(
    r"(?:also )?(?:(?:need|want|wish|would like) to|(?P<being>(?:looking|going|leaving|departing"
    r"|travell?ing|flying|returning|hoping|trying) (?:to|for|from|on|the)))\b",
    _I,
)
#: Wants that only ask to go on with what was agreed.
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
#: An item of a list: "Coffee machine: same capacity, but lower pressure".
_ITEM = re.compile(r"[^\W\d]{1,30}(?: [\w-]{1,30}){0,3}: (?=\w)")
_OWN = re.compile(r"(?:i|i'm|i've|i'd|i'll|we|we're|we've|we'll|my|our)\b", _I)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|will|would|can|could|should|must|needs?|wants?"
    r"|keeps?|says?|shows?|it's|that's|there's)\b|n't\b",
    _I,
)
