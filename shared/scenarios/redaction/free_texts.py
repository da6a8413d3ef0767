"""Texts of a session that are collected from and read, within budgets of characters.

A draft quotes the start and the end of a long session. On one core the rules collect from about
500,000 characters a second, and the classifier reads 16,000: with these limits, and a journey of
20,000 characters, a draft takes about eight seconds at most.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shared.core.json import MAX_NESTING
from shared.scenarios.text import MAX_TURN
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Entry,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

#: Characters from which the rules collect.
_MAX_COLLECTED = 400_000
#: Characters that the classifier reads of the messages, and of the free texts of tools.
MAX_READ = 20_000
#: Characters that the classifier reads in the time of its shortest run.
_SHORTEST = 60
_WORDS = re.compile(
    r"[^\W\d_]{2}\W{1,3}(?:\w{1,40}\W{1,3}){0,2}[^\W\d_]|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}"
)
_CASED = re.compile(r"[^\W\d_a-z]")


def is_free_text(text: str) -> bool:
    """Check whether a value of a tool can name a person among other words."""
    return _CASED.search(text) is not None and _WORDS.search(text) is not None


def entries_to_collect(transcript: Transcript) -> list[Entry]:
    """Return the entries from which the rules collect: those at the start and at the end."""
    return _ends(transcript.entries, _size, _MAX_COLLECTED)


def messages_to_read(transcript: Transcript) -> Iterator[str]:
    """Yield the messages at the start and at the end of a session, each once."""
    texts = [text[:MAX_TURN] for entry in transcript.entries if (text := _text(entry))]
    yield from dict.fromkeys(_ends(texts, cost, MAX_READ))


def cost(text: str) -> int:
    """Return the characters that a text counts for: the shortest takes the time of some more."""
    return max(len(text), _SHORTEST)


def _ends[T](items: Sequence[T], size: Callable[[T], int], room: int) -> list[T]:
    """Return the first items, up to two thirds of the room, and the last ones."""
    left = room * 2 // 3
    first = 0
    while first < len(items) and left > 0:
        left -= size(items[first])
        first += 1
    left += room // 3
    last = len(items)
    while last > first and left > 0:
        last -= 1
        left -= size(items[last])
    return [*items[:first], *items[last:]]


def _size(entry: Entry) -> int:
    if isinstance(entry, ToolCalled):
        return sum(map(len, strings(entry.arguments)))
    if isinstance(entry, ToolAnswered):
        return sum(map(len, strings(entry.output)))
    return min(len(_text(entry)), MAX_TURN)


def values_to_read(transcript: Transcript) -> Iterator[str]:
    """Yield the free texts in arguments and answers, each once: those of the last calls first."""
    calls = list(transcript.calls())
    last = {called.tool: called.call for called, _ in calls}
    seen: set[str] = set()
    for called, answered in sorted(calls, key=lambda pair: last[pair[0].tool] != pair[0].call):
        values = [called.arguments, *((answered.output, answered.error) if answered else ())]
        for text in strings(values):
            if text not in seen and is_free_text(text):
                seen.add(text)
                yield text


def strings(value: Any) -> Iterator[str]:
    """Yield the strings in a JSON value, iteratively: values can be nested deeply."""
    pending = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and depth < MAX_NESTING:
            pending += [(inner, depth + 1) for inner in reversed(item.values())]
        elif isinstance(item, list) and depth < MAX_NESTING:
            pending += [(inner, depth + 1) for inner in reversed(item)]


def _text(entry: Entry) -> str:
    if isinstance(entry, UserSaid | AssistantSaid):
        return entry.text
    return entry.note if isinstance(entry, ApprovalDecided) else ""
