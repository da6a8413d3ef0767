"""Generations: events of model calls; their output is read from the message before them.

A generation is written together with the agent's message, directly behind it. Its output is
that message's content, which is stored once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from shared.agents.event_types import LLM_GENERATION, OUTPUT_MESSAGE_COMPLETED
from shared.sessions.domain import Event


def complete_generations(
    events: Iterable[Event], find: Callable[[int], Event | None]
) -> Iterator[Event]:
    """Yield successive events of a log, their generations with output.

    ``find`` looks an event up by its sequence: called if the first one is a generation.
    """
    before: Event | None = None
    for event in events:
        if event.type == LLM_GENERATION:
            before = before or find(event.sequence - 1)
            yield replace(event, data=event.data | {"messages": [], "output": _output(before)})
        else:
            yield event
        before = event


def _output(before: Event | None) -> dict[str, Any]:
    """Return text and tool calls of the message before a generation, if there is one."""
    if before is None or before.type != OUTPUT_MESSAGE_COMPLETED:
        return {"text": None, "tool_calls": []}
    content = before.data["message"]["content"]
    texts = [part["text"] for part in content if part["type"] == "text"]
    calls = [
        {name: part[name] for name in ("id", "name", "arguments")}
        for part in content
        if part["type"] == "tool_call"
    ]
    return {"text": texts[0] if texts else None, "tool_calls": calls}
