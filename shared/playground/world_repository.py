"""World repository: recorded mock worlds of replayed scenarios, by content hash.

A world may have hundreds of kilobytes: a session stores its hash instead of rewriting it
in every turn, and stays pinned to it when the scenario changes.
"""

from collections.abc import Mapping
from typing import Any

from shared.core.errors import Conflict
from shared.core.ids import OrganizationId
from shared.playground.content_store import ContentStore
from shared.storage.table import Table

#: Longest delay of a tool in milliseconds, as in graphs.
_MAX_DELAY = 60_000

#: Characters of a tool's name in an error.
_MAX_NAME = 200

type World = dict[str, dict[str, Any]]


class WorldRepository(ContentStore[World]):
    """Repository of recorded worlds."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, "mock_world", "world", lambda document: document, cache_size=8)

    def add(self, organization_id: OrganizationId, world: World) -> str:
        """Store a world unless it exists: one write. Return its hash."""
        return self._store(organization_id, world)


def parse_world(mock_world: Mapping[str, Any]) -> World:
    """Parse a scenario's mock world into answers of tools.

    Each tool has an ``output`` or an ``error``, or ``calls`` that each have one. Scenarios
    may be written by hand: raises ``Conflict`` (``mock_world_not_replayable``) naming the
    field that no tool can answer with.
    """
    world: World = {}
    for tool, entry in mock_world.items():
        field = f"mock_world.{tool[:_MAX_NAME]}"
        calls = entry.get("calls") if isinstance(entry, Mapping) else None
        if not calls:
            world[tool] = _parse_answer(field, entry)
            continue
        if not isinstance(calls, list):
            raise _not_replayable(f"{field}.calls: must be a list")
        answers = []
        for number, call in enumerate(calls):
            answer = _parse_answer(f"{field}.calls.{number}", call)
            # No defaults: of many short calls they would multiply the size of the item.
            given = {"arguments": call["arguments"]} if "arguments" in call else {}
            answers.append(given | answer)
        world[tool] = {"calls": answers}
    return world


def _parse_answer(field: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or not ("output" in entry or "error" in entry):
        raise _not_replayable(f"{field}: must have an output or an error")
    answer = {"error": str(entry["error"])} if "error" in entry else {"output": entry["output"]}
    delay = entry.get("delay_ms", 0)
    if not isinstance(delay, int) or not 0 <= delay <= _MAX_DELAY:
        raise _not_replayable(f"{field}.delay_ms: must be an integer from 0 to {_MAX_DELAY}")
    return answer | {"delay_ms": delay} if delay else answer


def _not_replayable(reason: str) -> Conflict:
    return Conflict(f"{reason}; correct the scenario.", code="mock_world_not_replayable")
