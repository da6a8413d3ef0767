"""Conversations recorded model call by model call, each with the history so far."""

import re
from collections import Counter
from typing import Any

from shared.core.json import dumps
from shared.sessions.forms.steps import Answered, Called, Instructed, Step, Steps, Thought
from shared.sessions.transcript import AssistantSaid

#: Agents that alternate, at most: each history is compared with the calls of so many.
_MAX_AGENTS = 8
_WORD = re.compile(r"\w+")


class Histories:
    """Merges the histories of successive model calls into one conversation.

    Each step is added once: a history begins with what earlier calls had, completely or from
    some message on. A history that does not is added as a whole. Calls of several agents may
    alternate: each continues its own ones.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        #: Keys that the calls of each agent had, the last one to go on at the end.
        self._recorded: list[list[str]] = []
        self._aside: Counter[str] = Counter()

    def add(self, history: Steps) -> None:
        """Add what a model call has beyond the calls before it."""
        steps = history.steps
        compared = [_is_compared(steps, position) for position in range(len(steps))]
        keys = [step_key(step) for step, is_one in zip(steps, compared, strict=True) if is_one]
        recorded, known = self._continued(keys)
        left = known
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
        recorded += keys[known:]

    def _continued(self, keys: list[str]) -> tuple[list[str], int]:
        """Return what an agent recorded that a history continues, and how much it repeats."""
        if not keys:
            return [], 0
        overlaps = [_overlap(one, keys) for one in self._recorded[-_MAX_AGENTS:]]
        longest = max(overlaps, default=0)
        if not longest:
            self._recorded.append([])
        else:
            start = len(self._recorded) - len(overlaps)
            found = max(n for n, overlap in enumerate(overlaps) if overlap == longest)
            self._recorded.append(self._recorded.pop(start + found))
        return self._recorded[-1], longest


def _overlap(recorded: list[str], keys: list[str]) -> int:
    """Count the leading steps of a history that equal the last recorded ones."""
    # Knuth, Morris and Pratt: of the keys compared so far, the longest that may go on.
    shorter = [0] * len(keys)
    length = 0
    for position, key in enumerate(keys[1:], 1):
        length = shorter[position] = _longer(keys, shorter, length, key)
    length = 0
    for key in recorded[-len(keys) :]:
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
        self._calls = {step.identifier for step in steps if isinstance(step, Called)}
        self._answers: Counter[str] = Counter()
        self._runs = _Runs()
        for history in histories:
            # A history repeats the earlier ones: the longest count is the true one.
            self._answers |= Counter(key for step in history.steps for key in _answer_keys(step))
            self._runs.add(history)
        # Each once: the histories of a conversation have its texts as often as it has turns.
        texts = (getattr(step, "text", None) for step in steps)
        self._texts = "\n".join(dict.fromkeys(one for one in texts if isinstance(one, str)))
        self._words = {match[0] for match in _WORD.finditer(self._texts)}

    def lacks_answer(self, answer: Answered) -> bool:
        """Return whether a tool's answer is in no history; each covers one run."""
        key = next((key for key in _answer_keys(answer) if self._answers[key] > 0), None)
        if key is None:
            return True
        self._answers[key] -= 1
        return False

    def lacks_run(self, call: Called, answer: Answered) -> bool:
        """Return whether a tool's run is in no history.

        A tracer may record it without an identifier: it is known by its arguments then, or
        by its answer.
        """
        if not answer.identifier and self._runs.match(call, answer):
            return False
        return self.lacks_answer(answer)

    def lacks_call(self, call: Called) -> bool:
        """Return whether a call is in no history, by its identifier or by its arguments."""
        return not (call.identifier and call.identifier in self._calls) and self.lacks_step(call)

    def lacks_step(self, step: Step) -> bool:
        """Return whether a step is in no history."""
        return step_key(step) not in self._keys

    def lacks_text(self, text: str) -> bool:
        """Return whether a text is in none of the histories' texts, as whole words.

        A part of a text is enough: prompts are made of inputs, and outputs parsed from answers.
        """
        text = text.strip()
        if any(match[0] not in self._words for match in _WORD.finditer(text)):
            return True
        start = self._texts.find(text)
        while start >= 0:
            if _is_whole(self._texts, start, start + len(text)):
                return False
            start = self._texts.find(text, start + 1)
        return True


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a part of a text neither begins nor ends within a word."""
    return not any(
        0 < edge < len(text) and _WORD.match(text[edge - 1]) and _WORD.match(text[edge])
        for edge in (start, end)
    )


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


class _Runs:
    """Calls with their answers, found by their arguments or by their answer."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._by_key: dict[str, list[tuple[str, str]]] = {}

    def add(self, history: Steps) -> None:
        """Add the runs of a history, which repeats those of earlier ones."""
        answers = {s.identifier: s for s in history.steps if isinstance(s, Answered)}
        runs = Counter(
            (step_key(step), f"{step.tool} {step_key(answers[step.identifier])}")
            for step in history.steps
            if isinstance(step, Called) and step.identifier and step.identifier in answers
        )
        for run in runs.keys() - self._counts.keys():
            for key in run:
                self._by_key.setdefault(key, []).append(run)
        self._counts |= runs

    def match(self, call: Called, answer: Answered) -> bool:
        """Return whether a run is among them; each is found once."""
        for key in (step_key(call), f"{call.tool} {step_key(answer)}"):
            runs = self._by_key.get(key, [])
            while runs and not self._counts[runs[-1]]:
                runs.pop()
            if runs:
                self._counts[runs[-1]] -= 1
                return True
        return False


def _answer_keys(step: Step) -> list[str]:
    if not isinstance(step, Answered):
        return []
    return [f"id {step.identifier}"] if step.identifier else [step_key(step)]
