"""Calls of a simulation's world, its tools as models see them, and their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.llm.tool_names import acceptable
from shared.sessions.recorded_worlds.answers import SUBSTITUTES, Matched, OnUnmatched
from shared.sessions.recorded_worlds.schemas import Schema, input_schema
from shared.sessions.recorded_worlds.world import World

#: Calls of one simulation, at most: an agent in a loop ends there.
MAX_CALLS = 1_000
#: Bytes of the arguments of one call as JSON, at most.
MAX_ARGUMENTS = 100_000
#: Seconds that one request waits for answers with a ``delay_ms``, in total. API Gateway allows
#: 29 seconds per answer, and a waiting function costs money.
MAX_WAIT = 10.0

#: Indexes of recorded calls that were repeated, by tool.
type Used = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class SimulationKey:
    """Identity of a simulation: its run, and its number there."""

    organization_id: OrganizationId
    run_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class OpenWorld:
    """World of a simulation that runs, and its rule for calls that were not recorded."""

    simulation: SimulationKey
    world: World
    on_unmatched: OnUnmatched = "error"

    def tool_of(self, name: str) -> str:
        """Return the recorded tool of a name: its own, or the one that a listing shows."""
        if name in self.world:
            return name
        return next((tool for tool in self.world if acceptable(tool) == name), name)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldCall:
    """Call that a world answered, once for all.

    Attributes
    ----------
    index
        Number among the calls of the simulation, from 0, without gaps.
    matched, recorded
        Rule that chose the answer, and the index of the recorded call, None without one.
    output, error, delay_ms
        The answer: an output, or an error if it is not None.
    used
        Recorded calls that were repeated up to this call, which the next one depends on.
    """

    index: int
    tool: str
    arguments: dict[str, Any]
    matched: Matched
    recorded: int | None
    at: datetime
    output: Any = None
    error: str | None = None
    delay_ms: int = 0
    used: Used


@dataclass(frozen=True, slots=True)
class WorldTool:
    """Tool of a world: the name that models accept, the recorded name, and its arguments."""

    name: str
    recorded_name: str
    input_schema: Schema


def list_tools(world: World) -> list[WorldTool]:
    """Return the tools of a world by name."""
    return [WorldTool(acceptable(tool), tool, input_schema(world[tool])) for tool in sorted(world)]


def add_used(
    used: Mapping[str, tuple[int, ...]], tool: str, found: tuple[Matched, int | None]
) -> Used:
    """Return the repeated calls after an answer; a substitute repeats none."""
    matched, index = found
    before = used.get(tool, ())
    if index is None or matched in SUBSTITUTES or index in before:
        return dict(used)
    return {**used, tool: (*before, index)}
