"""Conversations in the form that providers require: each tool call with its result."""

from collections.abc import Collection
from itertools import count

from shared.llm.port import ChatMessage, Part

_NO_RESULT = "the call was not completed"


def with_all_results(messages: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
    """Return messages in which each tool call has a result before the next message.

    A turn that ended between a call and its result leaves a call without one, for which servers
    reject the whole conversation: it gets an error as its result.
    """
    complete: list[ChatMessage] = []
    open_calls: dict[str, None] = {}
    for message in messages:
        if message.role == "tool_result":
            for part in message.content:
                open_calls.pop(part["tool_call_id"], None)
        else:
            complete += _missing_results(open_calls)
            calls = (part for part in message.content if part["type"] == "tool_call")
            open_calls = {part["id"]: None for part in calls}
        complete.append(message)
    return (*complete, *_missing_results(open_calls))


def distinct_id(given: str, taken: Collection[str], number: int) -> str:
    """Return the id of a call, or one that is not taken if it is or if there is none.

    ``number`` is that of the first one that is tried.
    """
    if given and given not in taken:
        return given
    others = (f"{given or 'call'}_{one}" for one in count(number))
    return next(one for one in others if one not in taken)


def _missing_results(open_calls: dict[str, None]) -> list[ChatMessage]:
    parts: list[Part] = [
        {"type": "tool_result", "tool_call_id": identifier, "error": _NO_RESULT}
        for identifier in open_calls
    ]
    return [ChatMessage("tool_result", tuple(parts))] if parts else []
