"""Conversations recorded model call by model call, each with the history so far."""

import re
from collections import Counter
from typing import Any

from shared.core.json import dumps
from shared.sessions.forms.steps import Answered, Called, Instructed, Step, Steps, Thought
from shared.sessions.transcript import AssistantSaid


class Histories:
    """Merges the histories of successive model calls into one conversation.

    Each step is added once: a history begins with what earlier calls had, completely or from
    some message on. A history that does not is added as a whole.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._recorded: list[str] = []
        self._aside: Counter[str] = Counter()

    def add(self, history: Steps) -> None:
        """Add what a model call has beyond the calls before it."""
        steps = history.steps
        compared = [_is_compared(steps, position) for position in range(len(steps))]
        keys = [step_key(step) for step, is_one in zip(steps, compared, strict=True) if is_one]
        known = left = self._overlap(keys)
        aside: Counter[str] = Counter()
        for step, at, is_one in zip(steps, history.times, compared, strict=True):
            if is_one:
                if not left:
                    self._steps.add(step, at)
                left = max(left - 1, 0)
            else:
                key = step_key(step)
                aside[key] += 1
                is_apart = not known and not isinstance(step, Instructed)
                if is_apart or aside[key] > self._aside[key]:
                    self._steps.add(step, at)
        self._aside |= aside
        self._recorded += keys[known:]

    def _overlap(self, keys: list[str]) -> int:
        """Count the leading steps that equal the last recorded ones."""
        if not keys:
            return 0
        # Knuth, Morris and Pratt: of the keys compared so far, the longest that may go on.
        shorter = [0] * len(keys)
        length = 0
        for position, key in enumerate(keys[1:], 1):
            length = shorter[position] = _longer(keys, shorter, length, key)
        length = 0
        for key in self._recorded[-len(keys) :]:
            length = _longer(keys, shorter, length, key)
        return length


def _longer(keys: list[str], shorter: list[int], length: int, key: str) -> int:
    """Return how many leading keys a sequence ends with, given those without its last key."""
    while length and key != keys[length]:
        length = shorter[length - 1]
    return length + (key == keys[length])


class Uncovered:
    """Answers and texts that the histories lack."""

    def __init__(self, histories: list[Steps]) -> None:
        steps = [step for history in histories for step in history.steps]
        self._keys = {step_key(step) for step in steps}
        self._answers: Counter[str] = Counter()
        for history in histories:
            # A history repeats the earlier ones: the longest count is the true one.
            self._answers |= Counter(key for step in history.steps for key in _answer_keys(step))
        self._texts = "\n".join(
            text for step in steps if isinstance(text := getattr(step, "text", None), str)
        )

    def lacks_answer(self, answer: Answered) -> bool:
        """Return whether a tool's answer is in no history; each covers one run."""
        key = next((key for key in _answer_keys(answer) if self._answers[key] > 0), None)
        if key is None:
            return True
        self._answers[key] -= 1
        return False

    def lacks_step(self, step: Step) -> bool:
        """Return whether a step is in no history."""
        return step_key(step) not in self._keys

    def lacks_text(self, text: str) -> bool:
        """Return whether a text is in none of the histories' texts, as whole words.

        A part of a text is enough: prompts are made of inputs, and outputs parsed from answers.
        """
        text = text.strip()
        if text not in self._texts:
            return True
        start, end = (r"\b" if re.match(r"\w", edge) else "" for edge in (text[:1], text[-1:]))
        return re.search(f"{start}{re.escape(text)}{end}", self._texts) is None


def step_key(step: Step) -> str:
    """Return a key that is equal for equal steps, whatever their identifiers."""
    fields: list[Any]
    if isinstance(step, Called):
        fields = [step.tool, step.arguments]
    elif isinstance(step, Answered):
        fields = [step.output, step.error]
    else:
        fields = [step.text]
    return dumps([type(step).__name__, *fields])


def _is_compared(steps: list[Step], position: int) -> bool:
    """Return whether histories repeat a step: many lack thoughts, and texts beside calls."""
    step = steps[position]
    if isinstance(step, AssistantSaid):
        following = steps[position + 1 : position + 2]
        return not (following and isinstance(following[0], Called))
    return not isinstance(step, Thought | Instructed)


def _answer_keys(step: Step) -> list[str]:
    if not isinstance(step, Answered):
        return []
    return [f"id {step.identifier}"] if step.identifier else [step_key(step)]
