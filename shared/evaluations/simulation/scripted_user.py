"""Scripted user: a deterministic simulated user without a model.

It opens with the test case's input, sends the scenario sentence by sentence, asks for the
goal, and ends when the product's answers contain the words of the goal or of a stopping
criterion. It is meant for rehearsals: it does not judge answers.
"""

import re
from collections.abc import Sequence

from shared.evaluations.simulation.domain import (
    CRITERIA_MET,
    GOAL_ACHIEVED,
    Exchange,
    SimulatedCase,
    SimulatedMessage,
)

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
#: Share of a goal's significant words that the answers must contain, at least.
_MIN_SHARE = 0.6
#: Endings that are ignored when words are compared.
_ENDINGS = ("ing", "ies", "es", "ed", "s", "e", "y")
#: Words without significance for a goal or a criterion.
_FILLER_TEXT = """\
    a about after agent an and any are as ask asks assistant at be been bot by can chatbot
    customer do does find for from get gets give gives given has have he her him his how i if in
    into is it its know learn me my need of on or our out please product receive reply response
    she should so tell tells that the their them they this to told understand until up user
    want wants was we what when where whether which who will with you your
"""
_FILLERS = frozenset(_FILLER_TEXT.split())
#: Sentence added to each message, by a word in the persona.
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
    """A :class:`~shared.evaluations.simulation.domain.SimulatedUser` without a model."""

    version = "scripted-1"

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the next message, or a farewell with the stopping reason."""
        if reason := stopping_reason(case, exchanges):
            return SimulatedMessage(_FAREWELL, reason)
        return SimulatedMessage(_with_manners(_text(case, exchanges), case.persona))


def stopping_reason(case: SimulatedCase, exchanges: Sequence[Exchange]) -> str | None:
    """Return the stopping reason that the words of the answers indicate, or None."""
    answers = " ".join(_own_words(exchange) for exchange in exchanges)
    if any(contains(answers, criterion) for criterion in case.stopping_criterias):
        return CRITERIA_MET
    return GOAL_ACHIEVED if case.goal and contains(answers, case.goal) else None


def contains(text: str, phrase: str) -> bool:
    """Return whether a text contains most of the significant words of a phrase."""
    significant = _stems(phrase) - _FILLERS
    if not significant:
        return bool(phrase.strip()) and phrase.strip().casefold() in text.casefold()
    return len(significant & _stems(text)) >= _MIN_SHARE * len(significant)


def _text(case: SimulatedCase, exchanges: Sequence[Exchange]) -> str:
    facts = [part.strip() for part in _SENTENCE.split(case.scenario or "") if part.strip()]
    goal = case.goal.strip().rstrip(".") if case.goal else ""
    number = len(exchanges)
    if number == 0:
        return f"Hello. {facts[0] if facts else goal or 'I need your help.'}"
    # Without an input of its own, the test case opened with the first fact.
    rest = facts if case.has_input else facts[1:]
    is_question = _own_words(exchanges[-1]).rstrip().endswith("?")
    if number <= len(rest):
        fact = rest[number - 1]
        return f"To answer that: {fact}" if is_question else f"You should also know: {fact}"
    if goal:
        forms = ("What I need is this: {}.", "I am still waiting for this: {}.")
        return forms[number % 2].format(goal)
    return "Yes, please go on." if is_question else "Is there anything else I should know?"


def _own_words(exchange: Exchange) -> str:
    """Return the product's answer without quotations of the user's message."""
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
