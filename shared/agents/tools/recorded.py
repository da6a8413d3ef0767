"""Recorded tools: a scenario's world answers in place of the tools of a simulated agent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.tools.capabilities import RemoteSource
from shared.agents.tools.results import limited
from shared.agents.tools.tool import (
    AnyTool,
    RecordedResult,
    ToolContext,
    ToolPlace,
    ToolsUnavailable,
)
from shared.core.observability import logger
from shared.llm.port import ToolSpecification
from shared.llm.tool_names import acceptable
from shared.sessions.recorded_worlds.answers import (
    NO_RECORDED_ANSWER,
    SUBSTITUTES,
    OnUnmatched,
    find_answer,
)
from shared.sessions.recorded_worlds.schemas import input_schema
from shared.sessions.recorded_worlds.world import World


@dataclass(frozen=True, slots=True)
class RecordedTool:
    """A tool that the recorded world answers; nothing is called.

    ``recorded_name`` is that in the world, which lacks it if the tool was never called there.
    """

    specification: ToolSpecification
    recorded_name: str
    world: World
    on_unmatched: OnUnmatched

    @property
    def name(self) -> str:
        return self.specification.name

    @property
    def place(self) -> ToolPlace:
        return ToolPlace.FUNCTION

    @property
    def is_repeatable(self) -> bool:
        return True

    def call(self, arguments: dict[str, Any], context: ToolContext) -> RecordedResult:
        """Return the recorded answer, and note the recorded call as used."""
        name = self.recorded_name
        if name not in self.world:
            missing = f"{NO_RECORDED_ANSWER}: {name}: no call of this tool was recorded."
            return RecordedResult(error=missing, matched="none")
        used = context.used.get(name, ())
        found = find_answer(self.world, name, arguments, used, self.on_unmatched)
        index = found.index
        if index is not None and index not in used and found.matched not in SUBSTITUTES:
            context.used[name] = (*used, index)
        error = found.answer.get("error")
        return RecordedResult(
            output=limited(found.answer.get("output")) if error is None else None,
            error=None if error is None else str(error),
            matched=found.matched,
            index=index,
            delay_ms=found.answer.get("delay_ms", 0),
        )


def recorded_tools(
    tools: Mapping[str, AnyTool], world: World, on_unmatched: OnUnmatched
) -> dict[str, AnyTool]:
    """Return the tools of a simulated turn by name.

    Tools with a recording, remote tools and client-side tools are answered by the world alone,
    with the descriptions that the agent has; tools of this stack without a recording run as they
    are. Recorded tools that the agent lacks are offered too.
    """
    recorded = {acceptable(name): name for name in sorted(world)}
    offered: dict[str, AnyTool] = {}
    for name, tool in tools.items():
        if name in world or name in recorded or tool.place is not ToolPlace.FUNCTION:
            recorded_name = name if name in world else recorded.get(name, name)
            offered[name] = RecordedTool(tool.specification, recorded_name, world, on_unmatched)
        else:
            offered[name] = tool
    for name, recorded_name in recorded.items():
        if name not in offered:
            schema = input_schema(world[recorded_name])
            specification = ToolSpecification(name, f"Calls {recorded_name}.", schema)
            offered[name] = RecordedTool(specification, recorded_name, world, on_unmatched)
    return offered


def known_listings(remote: RemoteSource) -> RemoteSource:
    """Return a source without the capabilities whose tools cannot be listed."""

    def listed(capabilities: list[CapabilityConfig], taken: Iterable[str]) -> dict[str, AnyTool]:
        found: dict[str, AnyTool] = {}
        for one in capabilities:
            try:
                found |= remote([one], [*taken, *found])
            except ToolsUnavailable as failed:
                logger.info("simulated without a listing", extra={"reason": failed.reason})
        return found

    return listed
