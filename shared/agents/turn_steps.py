"""The two kinds of steps of a turn: ask the model, and carry out what it calls for."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.agents.domain import Agent, AgentSession
from shared.agents.tools.notes import Notes
from shared.agents.tools.tool import Tool, ToolContext, ToolFailed
from shared.agents.tools.toolbox import effective_capabilities, tools_of
from shared.agents.turn_events import ToolOutcome
from shared.core.ids import ModelId
from shared.llm.port import ChatMessage, LanguageModel, ModelAnswer, ModelRequest, ToolCall
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.models import Event

#: Calls that are carried out of one answer; the others are told that they were too many.
MAX_CALLS = 20
_TOO_MANY = f"an answer may call {MAX_CALLS} tools at most"


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a turn runs with: model, prompt, tools, effort."""

    model: Model
    agent: Agent
    tools: Mapping[str, Tool[Any]]
    effort: str | None


def equip(
    session: AgentSession, agent: Agent, question: Event, models: ModelRegistry, default: ModelId
) -> Equipment:
    """Choose what a turn runs with; the message's own wish goes first, then the session's.

    Raises ``NotFound`` for a model that the stack does not have any more.
    """
    controls = question.data["message"].get("controls") or {}
    wish = controls.get("model_id")
    chosen = ModelId.parse(wish) if wish else session.model_id or agent.default_model_id
    capabilities = effective_capabilities(agent.capabilities, session.capabilities)
    return Equipment(
        model=models.get(chosen or default),
        agent=agent,
        tools=tools_of(capabilities),
        effort=(controls.get("reasoning") or {}).get("effort"),
    )


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """A model's answer, and how long it took."""

    answer: ModelAnswer
    milliseconds: int


def ask(
    provider: Callable[[Model], LanguageModel],
    equipment: Equipment,
    conversation: tuple[ChatMessage, ...],
    *,
    time_limit: float,
) -> TimedAnswer:
    """Ask the model for the next message. Raises ``ModelFailed``."""
    started = time.monotonic()
    answer = provider(equipment.model).answer(
        ModelRequest(
            model=equipment.model.name,
            system_prompt=equipment.agent.system_prompt,
            messages=conversation,
            tools=tuple(tool.specification for tool in equipment.tools.values()),
            effort=equipment.effort,
            time_limit=time_limit,
        )
    )
    return TimedAnswer(answer, _milliseconds_since(started))


def act(
    calls: tuple[ToolCall, ...],
    tools: Mapping[str, Tool[Any]],
    now: datetime,
    notes: Callable[[], Notes],
) -> list[ToolOutcome]:
    """Carry out the calls of an answer in their order; one that fails stops none."""
    context = ToolContext(now=now, notes=notes)
    outcomes = [_carried_out(call, tools, context) for call in calls[:MAX_CALLS]]
    return outcomes + [ToolOutcome(call=call, error=_TOO_MANY) for call in calls[MAX_CALLS:]]


def _carried_out(
    call: ToolCall, tools: Mapping[str, Tool[Any]], context: ToolContext
) -> ToolOutcome:
    started = time.monotonic()
    tool = tools.get(call.name)
    try:
        if tool is None:
            raise ToolFailed(f"there is no tool '{call.name}'")
        result = tool.call(call.arguments, context)
    except ToolFailed as error:
        spent = _milliseconds_since(started)
        return ToolOutcome(call=call, error=str(error), duration_ms=spent)
    return ToolOutcome(call=call, result=result, duration_ms=_milliseconds_since(started))


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
