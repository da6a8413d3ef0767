"""Recorded mock worlds by their content hash, as graphs are kept.

A world may be hundreds of kilobytes: a session points at it instead of carrying it through
every turn, and is pinned to it, whatever becomes of the scenario that it came from.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.core.errors import Conflict, NotFound
from shared.core.ids import OrganizationId
from shared.core.json import fingerprint
from shared.storage.records import Key, Record
from shared.storage.table import Table

#: Worlds that a process keeps. They never change, so a warm function need not read again.
_KEPT = 8
#: Milliseconds that a tool may take, at most, as in graphs.
_MAX_DELAY = 60_000

type World = dict[str, dict[str, Any]]


class WorldRepository:
    """Where recorded worlds are kept."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    def add(self, organization_id: OrganizationId, world: World) -> str:
        """Store a world, if it is not there yet: one write. Return its hash."""
        digest = fingerprint(world)
        self._table.create(
            Record(key=_key(organization_id, digest), type="mock_world", body={"world": world})
        )
        return digest

    def get(self, organization_id: OrganizationId, digest: str) -> World:
        """Return the organisation's world with this hash. Raises ``NotFound``."""
        return self._kept(organization_id, digest)

    def _read(self, organization_id: OrganizationId, digest: str) -> World:
        record = self._table.get(_key(organization_id, digest))
        if record is None:
            raise NotFound("Mock world not found")
        world: World = record.body["world"]
        return world


def read_world(told: Mapping[str, Any]) -> World:
    """Return a scenario's mock world as tools can answer from it.

    Each tool has an ``output`` or an ``error``, or ``calls`` that each have one. Scenarios
    may be written by hand: raises ``Conflict`` (``mock_world_not_replayable``) that names
    what no tool could answer with.
    """
    world: World = {}
    for tool, entry in told.items():
        calls = entry.get("calls") if isinstance(entry, Mapping) else None
        if not calls:
            world[tool] = _answer(f"mock_world.{tool}", entry)
            continue
        if not isinstance(calls, list):
            raise _refused(f"mock_world.{tool}.calls: expected a list")
        answers = []
        for number, call in enumerate(calls):
            answer = _answer(f"mock_world.{tool}.calls.{number}", call)
            answers.append({"arguments": call.get("arguments", {}), **answer})
        world[tool] = {"calls": answers}
    return world


def _answer(where: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or not ("output" in entry or "error" in entry):
        raise _refused(f"{where}: expected an output or an error")
    kept = {"error": str(entry["error"])} if "error" in entry else {"output": entry["output"]}
    delay = entry.get("delay_ms", 0)
    if not isinstance(delay, int) or not 0 <= delay <= _MAX_DELAY:
        raise _refused(f"{where}.delay_ms: expected 0 to {_MAX_DELAY}")
    return kept | {"delay_ms": delay} if delay else kept


def _refused(reason: str) -> Conflict:
    return Conflict(f"The scenario cannot be replayed: {reason}", code="mock_world_not_replayable")


def _key(organization_id: OrganizationId, digest: str) -> Key:
    return Key(f"{organization_id}#mock-world#{digest}", "mock-world")
