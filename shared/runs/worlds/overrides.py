"""Tool overrides: canned answers in place of a scenario's recorded ones."""

from collections.abc import Mapping
from typing import Any

from shared.core.errors import InvalidInput
from shared.sessions.recorded_worlds.world import World

#: Longest delay of a canned answer in milliseconds.
MAX_DELAY = 60_000


def merge_overrides(world: World, overrides: Mapping[str, Mapping[str, Any]]) -> World:
    """Return the world with canned answers: each replaces a tool's recorded calls, or adds a tool.

    An override has an ``output``, which may be null, or a non-empty ``error``, and may have a
    ``delay_ms``. Raises ``InvalidInput`` naming the field.
    """
    return world | {
        tool: _parse(f"tool_overrides.{tool[:200]}", canned) for tool, canned in overrides.items()
    }


def _parse(field: str, canned: Mapping[str, Any]) -> dict[str, Any]:
    error = canned.get("error")
    if (error is not None) == ("output" in canned):
        raise InvalidInput(f"{field}: must have an output or an error, and not both.")
    if error is not None and (not isinstance(error, str) or not error):
        raise InvalidInput(f"{field}.error: must be a non-empty text.")
    delay = canned.get("delay_ms") or 0
    if not isinstance(delay, int) or isinstance(delay, bool) or not 0 <= delay <= MAX_DELAY:
        raise InvalidInput(f"{field}.delay_ms: must be an integer from 0 to {MAX_DELAY}.")
    answer = {"output": canned["output"]} if error is None else {"error": error}
    return answer | {"delay_ms": delay} if delay else answer
