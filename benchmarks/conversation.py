"""Conversation of the turn benchmarks: texts of captured conversations, cut to one length.

Repeated sentences would be compressed better than what people write. The sources and licenses of
the texts stand beside them.
"""

import json
from functools import cache
from itertools import cycle, islice
from pathlib import Path

#: Turns whose cost is printed.
SHOWN = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
_FOLDER = Path(__file__).parents[1] / "tests" / "fixtures" / "conversations"
#: Characters of a user's message, and of an answer.
_QUESTION, _ANSWER = 200, 400


def question(turn: int) -> str:
    """Return the user's message of 200 characters."""
    return _part("user", turn, _QUESTION)


def answer(turn: int) -> str:
    """Return the agent's answer of 400 characters."""
    return _part("assistant", turn, _ANSWER)


def _part(role: str, turn: int, length: int) -> str:
    text = _text(role)
    first = turn * length % len(text)
    return "".join(islice(cycle(text), first, first + length))


@cache
def _text(role: str) -> str:
    """Return the texts of one role in all conversations, one after the other."""
    files = sorted(_FOLDER.glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    messages = (message for line in lines for message in json.loads(line)["messages"])
    return " ".join(m["content"] for m in messages if m["role"] == role and m["content"])
