"""The scripted user: says what a test case gives it to say, the same each time.

It opens with the case's input, tells the scenario piece by piece, asks for the goal, and
ends when what the product answered holds the words of the goal or of a stopping criterion.
No model is asked: it rehearses a simulation, it does not judge one.
"""

import re
from collections.abc import Sequence

from shared.evaluations.simulation import (
    CRITERIA_MET,
    GOAL_ACHIEVED,
    Exchange,
    SimulatedCase,
    SimulatedMessage,
)

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
#: Part of a goal's telling words that the answers must hold, at least.
_ENOUGH = 0.6
#: Endings that a word may have in one text and lack in the other.
_ENDINGS = ("ing", "ies", "es", "ed", "s", "e", "y")
#: Words that a goal or a criterion is put with, not what it is about.
_FILLER_TEXT = """\
    a about after agent an and any are as ask asks assistant at be been bot by can chatbot
    customer do does find for from get gets give gives given has have he her him his how i if in
    into is it its know learn me my need of on or our out please product receive reply response
    she should so tell tells that the their them they this to told understand until up user
    want wants was we what when where whether which who will with you your
"""
_FILLERS = frozenset(_FILLER_TEXT.split())
#: What a persona adds to each message, by a word in it.
_MANNERS = {
    "hurry": "Please be brief, I am in a hurry.",
    "impatient": "Please be brief, I am in a hurry.",
    "busy": "Please be brief, I am in a hurry.",
    "angry": "This is taking far too long.",
    "frustrated": "This is taking far too long.",
    "upset": "This is taking far too long.",
    "polite": "Thank you for your help.",
    "friendly": "Thank you for your help.",
}
_FAREWELL = "Thank you, that is all I needed."


class ScriptedUser:
    """A :class:`~shared.evaluations.simulation.SimulatedUser` that needs nobody."""

    version = "scripted-1"

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return a farewell with its reason, or what is to be said next."""
        if reason := stopping_reason(case, exchanges):
            return SimulatedMessage(_FAREWELL, reason)
        return SimulatedMessage(_with_manners(_words(case, exchanges), case.persona))


def stopping_reason(case: SimulatedCase, exchanges: Sequence[Exchange]) -> str | None:
    """Return why the conversation is over, as far as words can tell, or None."""
    answers = " ".join(_own_words(exchange) for exchange in exchanges)
    if any(holds(answers, criterion) for criterion in case.stopping_criterias):
        return CRITERIA_MET
    return GOAL_ACHIEVED if case.goal and holds(answers, case.goal) else None


def holds(text: str, wanted: str) -> bool:
    """Tell whether a text holds most of the telling words of another."""
    there, telling = _stems(text), _stems(wanted) - _FILLERS
    if not telling:
        return bool(wanted.strip()) and wanted.strip().casefold() in text.casefold()
    return len(telling & there) >= _ENOUGH * len(telling)


def _words(case: SimulatedCase, exchanges: Sequence[Exchange]) -> str:
    facts = [part.strip() for part in _SENTENCE.split(case.scenario or "") if part.strip()]
    goal = case.goal.strip().rstrip(".") if case.goal else ""
    place = len(exchanges)
    if place == 0:
        return f"Hello. {facts[0] if facts else goal or 'I need your help.'}"
    # Without an input of its own, the case's opening has told the first fact.
    rest = facts if case.has_input else facts[1:]
    asked = _own_words(exchanges[-1]).rstrip().endswith("?")
    if place <= len(rest):
        fact = rest[place - 1]
        return f"To answer that: {fact}" if asked else f"You should also know: {fact}"
    if goal:
        forms = ("What I need is this: {}.", "I am still waiting for this: {}.")
        return forms[place % 2].format(goal)
    return "Yes, please go on." if asked else "Is there anything else I should know?"


def _own_words(exchange: Exchange) -> str:
    """Return the product's answer without what it only repeats of the user's words."""
    answer = exchange.answer or ""
    return answer.replace(exchange.message, " ") if exchange.message else answer


def _with_manners(message: str, persona: str | None) -> str:
    words = set(_WORD.findall((persona or "").casefold()))
    manner = next((manner for word, manner in _MANNERS.items() if word in words), None)
    return f"{message} {manner}" if manner else message


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text.casefold())}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word
