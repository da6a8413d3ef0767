"""Scripted user: a deterministic simulated user without a model.

It opens with the test case's input, sends the scenario sentence by sentence, then asks for
the goal until the maximum number of turns ends the conversation. It never judges an answer: a
refusal has the words of the goal too, so it neither claims that the goal is achieved nor that
a stopping criterion is met. Only a model user does (``model_user``).
"""

import re
from collections.abc import Sequence

from shared.evaluations.simulation.domain import Exchange, SimulatedCase, SimulatedMessage

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
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
#: Questions for the goal, in turn; none says whether it was answered.
_GOAL_QUESTIONS = ("What I need is this: {}.", "Once more, this is what I need: {}.")


class ScriptedUser:
    """A :class:`~shared.evaluations.simulation.domain.SimulatedUser` without a model."""

    version = "scripted-2"

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the next message, never with a stopping reason."""
        return SimulatedMessage(_with_manners(_text(case, exchanges), case.persona))


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
        return _GOAL_QUESTIONS[(number - len(rest) - 1) % 2].format(goal)
    return "Yes, please go on." if is_question else "Is there anything else I should know?"


def _own_words(exchange: Exchange) -> str:
    """Return the product's answer without quotations of the user's message."""
    answer = exchange.answer or ""
    return answer.replace(exchange.message, " ") if exchange.message else answer


def _with_manners(message: str, persona: str | None) -> str:
    words = set(_WORD.findall((persona or "").casefold()))
    manner = next((manner for word, manner in _MANNERS.items() if word in words), None)
    return f"{message} {manner}" if manner else message
