"""Turn steps: call the model, and run the tool calls that it requests."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from shared.agents.agents.documents import tools_from_document
from shared.agents.agents.domain import Agent
from shared.agents.sessions.domain import AgentSession
from shared.agents.tools.capabilities import RemoteSource, enabled_tools
from shared.agents.tools.client_tools import client_tools
from shared.agents.tools.tool import (
    AnyTool,
    RecordedResult,
    ToolContext,
    ToolFailed,
    ToolPlace,
)
from shared.agents.turns.events import ToolOutcome
from shared.core.ids import ModelId
from shared.llm.conversations import distinct_id
from shared.llm.port import ChatMessage, LanguageModel, ModelAnswer, ModelRequest, ToolCall
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.domain import Event

#: Tool calls of one answer that are run; the others fail.
MAX_CALLS = 20
_TOO_MANY_CALLS = f"an answer may call {MAX_CALLS} tools at most"
_OUT_OF_TIME = "the call took longer than the turn may"


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

    The message's model takes precedence, then the session's, the agent's and the default; so
    do client-side tools of the same name, and all of them over tools of capabilities.
    Raises ``NotFound`` for a model that was removed from the stack, ``ToolsUnavailable`` for
    remote tools that cannot be had.
    """
    controls = message.data["message"].get("controls") or {}
    requested = controls.get("model_id")
    own_tools = tools_from_document(message.data["message"].get("tools", []))
    model_id = ModelId.parse(requested) if requested else session.model_id or agent.default_model_id
    return TurnConfig(
        model=models.get(model_id or default),
        agent=agent,
        tools={
            **enabled_tools(agent.capabilities, session.capabilities, remote),
            **client_tools(agent.tools, session.tools, own_tools),
        },
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
    """Return the model's next message, with distinct ids of its calls; ``time_limit`` in seconds.

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
    return TimedAnswer(_with_distinct_ids(answer), _milliseconds_since(started))


def _with_distinct_ids(answer: ModelAnswer) -> ModelAnswer:
    """Return an answer whose tool calls differ in their ids: results refer to them."""
    ids: set[str] = set()
    calls = []
    for number, call in enumerate(answer.tool_calls):
        distinct = distinct_id(call.id, ids, number)
        ids.add(distinct)
        calls.append(replace(call, id=distinct))
    return replace(answer, tool_calls=tuple(calls))


@dataclass(frozen=True, slots=True)
class CallPlan:
    """The tool calls of an answer, by the place where they run.

    A call of an unknown tool, and one above the limit, fails at once.
    """

    at_once: list[ToolCall]
    remote: list[ToolCall]
    client: list[ToolCall]
    too_many: list[ToolCall]


def plan_calls(calls: tuple[ToolCall, ...], tools: Mapping[str, AnyTool]) -> CallPlan:
    """Return the calls by place, each in the order of the answer."""

    def at(*places: ToolPlace) -> list[ToolCall]:
        return [call for call in calls[:MAX_CALLS] if _place(call, tools) in places]

    return CallPlan(
        at_once=at(ToolPlace.FUNCTION),
        remote=at(ToolPlace.REMOTE),
        client=at(ToolPlace.CLIENT),
        too_many=list(calls[MAX_CALLS:]),
    )


def _place(call: ToolCall, tools: Mapping[str, AnyTool]) -> ToolPlace:
    return tools[call.name].place if call.name in tools else ToolPlace.FUNCTION


def run_tool_calls(
    plan: CallPlan, tools: Mapping[str, AnyTool], context: ToolContext
) -> list[ToolOutcome]:
    """Run the calls of a plan that run at once, in order; a failed one does not stop others."""
    outcomes = [_run_tool_call(call, tools, context) for call in plan.at_once]
    return outcomes + [ToolOutcome(call=call, error=_TOO_MANY_CALLS) for call in plan.too_many]


def run_remote_calls(
    calls: Iterable[ToolCall],
    tools: Mapping[str, AnyTool],
    context: ToolContext,
    *,
    time_limit: float,
) -> list[ToolOutcome]:
    """Run calls of remote tools at the same time; one that is late fails, and is not awaited."""
    calls = list(calls)
    if not calls:
        return []
    threads = ThreadPoolExecutor(len(calls))
    running = [threads.submit(_run_tool_call, call, tools, context) for call in calls]
    wait(running, timeout=max(0.0, time_limit))
    threads.shutdown(wait=False, cancel_futures=True)
    return [
        future.result()
        if future.done() and not future.cancelled()
        else ToolOutcome(call=call, error=_OUT_OF_TIME, duration_ms=round(time_limit * 1000))
        for call, future in zip(calls, running, strict=True)
    ]


def repeatable_calls(calls: Iterable[ToolCall], tools: Mapping[str, AnyTool]) -> list[ToolCall]:
    """Return the calls of remote tools that may run again."""
    return [
        call
        for call in calls
        if _place(call, tools) is ToolPlace.REMOTE and tools[call.name].is_repeatable
    ]


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
    if isinstance(result, RecordedResult):
        return _recorded_outcome(call, result)
    duration_ms = _milliseconds_since(started)
    return ToolOutcome(call=call, result=result, error=error, duration_ms=duration_ms)


def _recorded_outcome(call: ToolCall, recorded: RecordedResult) -> ToolOutcome:
    # The delay is not waited for, but counts.
    return ToolOutcome(
        call=call,
        result=recorded.output,
        error=recorded.error,
        duration_ms=recorded.delay_ms,
        recorded=recorded,
    )


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
