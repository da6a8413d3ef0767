"""Turn steps: call the model, and run the tool calls that it requests."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.agents.agents.domain import Agent
from shared.agents.files.staging import StagedFiles
from shared.agents.sessions.domain import AgentSession
from shared.agents.tools.capabilities import RemoteSource, enabled_tools
from shared.agents.tools.notes import Notes
from shared.agents.tools.tool import AnyTool, ToolContext, ToolFailed
from shared.agents.turns.events import ToolOutcome
from shared.core.ids import ModelId
from shared.llm.port import ChatMessage, LanguageModel, ModelAnswer, ModelRequest, ToolCall
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.domain import Event

#: Tool calls of one answer that are run; the others fail.
MAX_CALLS = 20
_TOO_MANY_CALLS = f"an answer may call {MAX_CALLS} tools at most"


@dataclass(frozen=True, slots=True)
class TurnConfig:
    """Model, prompt, tools and effort of a turn."""

    model: Model
    agent: Agent
    tools: Mapping[str, AnyTool]
    effort: str | None


def configure_turn(
    session: AgentSession,
    agent: Agent,
    message: Event,
    models: ModelRegistry,
    default: ModelId,
    remote: RemoteSource,
) -> TurnConfig:
    """Return the configuration of the turn that answers a message.

    The message's model takes precedence, then the session's, the agent's and the default.
    Raises ``NotFound`` for a model that was removed from the stack, ``ToolsUnavailable`` for
    remote tools that cannot be had.
    """
    controls = message.data["message"].get("controls") or {}
    requested = controls.get("model_id")
    model_id = ModelId.parse(requested) if requested else session.model_id or agent.default_model_id
    return TurnConfig(
        model=models.get(model_id or default),
        agent=agent,
        tools=enabled_tools(agent.capabilities, session.capabilities, remote),
        effort=(controls.get("reasoning") or {}).get("effort"),
    )


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """A model's answer and its duration."""

    answer: ModelAnswer
    milliseconds: int


def call_model(
    provider: Callable[[Model], LanguageModel],
    config: TurnConfig,
    conversation: tuple[ChatMessage, ...],
    *,
    time_limit: float,
    on_text: Callable[[str], None],
) -> TimedAnswer:
    """Return the model's next message; ``time_limit`` is in seconds.

    ``on_text`` gets its text while it is written. Raises ``ModelFailed``, and what ``on_text``
    raises.
    """
    started = time.monotonic()
    answer = provider(config.model).answer(
        ModelRequest(
            model=config.model.name,
            system_prompt=config.agent.system_prompt,
            messages=conversation,
            tools=tuple(tool.specification for tool in config.tools.values()),
            effort=config.effort,
            time_limit=time_limit,
            on_text=on_text,
        )
    )
    return TimedAnswer(answer, _milliseconds_since(started))


def run_tool_calls(
    calls: tuple[ToolCall, ...],
    tools: Mapping[str, AnyTool],
    now: datetime,
    notes: Callable[[], Notes],
    files: Callable[[], StagedFiles],
) -> list[ToolOutcome]:
    """Run the tool calls of an answer in order; a failed one does not stop the others."""
    context = ToolContext(now=now, notes=notes, files=files)
    outcomes = [_run_tool_call(call, tools, context) for call in calls[:MAX_CALLS]]
    return outcomes + [ToolOutcome(call=call, error=_TOO_MANY_CALLS) for call in calls[MAX_CALLS:]]


def _run_tool_call(
    call: ToolCall, tools: Mapping[str, AnyTool], context: ToolContext
) -> ToolOutcome:
    started = time.monotonic()
    result, error = None, None
    try:
        if call.error is not None:
            raise ToolFailed(call.error)
        if call.name not in tools:
            raise ToolFailed(f"there is no tool '{call.name}'")
        result = tools[call.name].call(call.arguments, context)
    except ToolFailed as failed:
        error = str(failed)
    duration_ms = _milliseconds_since(started)
    return ToolOutcome(call=call, result=result, error=error, duration_ms=duration_ms)


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
