"""Recorded world of a scenario, parsed from its ``mock_world``."""

from collections.abc import Mapping
from typing import Any

from shared.core.errors import Conflict

#: Longest delay of a tool in milliseconds, as in graphs.
_MAX_DELAY = 60_000
#: Characters of a tool's name in an error.
_MAX_NAME = 200

type World = dict[str, dict[str, Any]]


def parse_world(mock_world: Mapping[str, Any]) -> World:
    """Parse a scenario's mock world into answers of tools.

    Each tool has an ``output`` or an ``error``, or ``calls``; a call without either has those
    of its tool. Scenarios may be written by hand: raises ``Conflict``
    (``mock_world_not_replayable``) naming the field that no tool can answer with.
    """
    return {
        tool: _parse_tool(f"mock_world.{tool[:_MAX_NAME]}", entry)
        for tool, entry in mock_world.items()
    }


def _parse_tool(field: str, entry: Any) -> dict[str, Any]:
    calls = entry.get("calls") if isinstance(entry, Mapping) else None
    if calls is None:
        return _parse_answer(field, entry)
    if not isinstance(calls, list):
        raise _not_replayable(f"{field}.calls: must be a list")
    answers = [_parse_call(f"{field}.calls.{n}", call, entry) for n, call in enumerate(calls)]
    if answers and all(map(_has_answer, answers)):
        return {"calls": answers}
    return _parse_answer(field, entry) | {"calls": answers}


def _parse_call(field: str, call: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    # No defaults: of many short calls they would multiply the size of the item.
    if not isinstance(call, Mapping):
        raise _not_replayable(f"{field}: must be an object")
    given = {"arguments": call["arguments"]} if "arguments" in call else {}
    if not _has_answer(call) and _has_answer(entry):
        return given
    return given | _parse_answer(field, call)


def _has_answer(entry: Any) -> bool:
    return isinstance(entry, Mapping) and ("output" in entry or "error" in entry)


def _parse_answer(field: str, entry: Any) -> dict[str, Any]:
    if not _has_answer(entry):
        raise _not_replayable(f"{field}: must have an output or an error")
    answer = {"error": str(entry["error"])} if "error" in entry else {"output": entry["output"]}
    delay = entry.get("delay_ms", 0)
    if not isinstance(delay, int) or not 0 <= delay <= _MAX_DELAY:
        raise _not_replayable(f"{field}.delay_ms: must be an integer from 0 to {_MAX_DELAY}")
    return answer | {"delay_ms": delay} if delay else answer


def _not_replayable(reason: str) -> Conflict:
    return Conflict(f"{reason}; correct the scenario.", code="mock_world_not_replayable")
