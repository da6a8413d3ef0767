"""Events of a turn, with their payloads (the Everruns API)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shared.agents import event_types as types
from shared.agents.messages.documents import message_document, result_parts
from shared.agents.messages.domain import PREVIEW_LENGTH, MessageRole, NewMessage
from shared.agents.sessions.documents import usage_to_document
from shared.agents.sessions.domain import Turn
from shared.core.ids import AgentId, MessageId
from shared.llm.port import ModelAnswer, TokenUsage, ToolCall
from shared.llm.registry import Model
from shared.sessions.domain import NewEvent

if TYPE_CHECKING:
    from shared.agents.tools.tool import RecordedResult


class CallStatus(StrEnum):
    """Status of a completed tool call (the Everruns API)."""

    SUCCESS = "success"
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOutcome:
    """The result or error of a tool call; ``ended`` is the reason of one that was given up.

    ``recorded`` is the answer of a recorded world, if one answered.
    """

    call: ToolCall
    result: Any = None
    error: str | None = None
    duration_ms: int = 0
    ended: CallStatus | None = None
    recorded: "RecordedResult | None" = None

    @property
    def status(self) -> CallStatus:
        """Status of the call."""
        return self.ended or (CallStatus.SUCCESS if self.error is None else CallStatus.ERROR)


class TurnEvents:
    """Factory of the events of one turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._id = str(turn.id)
        self._input = str(turn.input_message_id)

    def started(self, agent_id: AgentId) -> list[NewEvent]:
        """Return the events of a turn's start."""
        data = {"input_message_id": self._input}
        return [
            self._event(types.SESSION_ACTIVATED, data),
            self._event(types.TURN_STARTED, data),
            self.reason_started(agent_id),
        ]

    def reason_started(self, agent_id: AgentId) -> NewEvent:
        """Return the event of the start of one model call."""
        return self._event(types.REASON_STARTED, {"agent_id": str(agent_id)})

    def answered(
        self, message_id: MessageId, answer: ModelAnswer, model: Model, duration_ms: int
    ) -> list[NewEvent]:
        """Return the events of a model's answer: message, generation, and its end."""
        completed: dict[str, Any] = {
            "success": True,
            "has_tool_calls": bool(answer.tool_calls),
            "tool_call_count": len(answer.tool_calls),
            "duration_ms": duration_ms,
        }
        if answer.text:
            completed["text_preview"] = answer.text[:PREVIEW_LENGTH]
        if answer.usage:
            completed["usage"] = _usage(answer.usage)
        return [
            *self._message(message_id, answer, model),
            self._generation(answer, model, duration_ms),
            self._event(types.REASON_COMPLETED, completed),
        ]

    def delta(self, text: str, offset: int) -> NewEvent:
        """Return the event of a text so far, of which a reader knows ``offset`` characters.

        In no log.
        """
        data = {"delta": text[offset:], "accumulated": text}
        return self._event(types.OUTPUT_MESSAGE_DELTA, data)

    def _message(self, message_id: MessageId, answer: ModelAnswer, model: Model) -> list[NewEvent]:
        """Return the events of the agent's message; none of an answer that says nothing."""
        parts: list[dict[str, Any]] = [{"type": "text", "text": answer.text}] if answer.text else []
        parts += [
            {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
            for call in answer.tool_calls
        ]
        if not parts:
            return []
        message = NewMessage(role=MessageRole.AGENT, content=tuple(parts))
        completed: dict[str, Any] = {
            "message": message_document(message_id, message),
            "metadata": {"model": model.name},
        }
        if answer.usage:
            completed["usage"] = _usage(answer.usage)
        return [
            self._event(types.OUTPUT_MESSAGE_STARTED, {"model": model.name}),
            self._event(types.OUTPUT_MESSAGE_COMPLETED, completed),
        ]

    def _generation(self, answer: ModelAnswer, model: Model, duration_ms: int) -> NewEvent:
        """Return the event of one model call; readers take its output from the message before."""
        metadata: dict[str, Any] = {
            "model": model.name,
            "provider": model.provider,
            "success": True,
            "duration_ms": duration_ms,
        }
        if answer.usage:
            metadata["usage"] = _usage(answer.usage)
        if answer.is_cut:
            metadata["finish_reasons"] = ["length"]
        return self._event(types.LLM_GENERATION, {"metadata": metadata})

    def tools_called(self, outcomes: list[ToolOutcome]) -> list[NewEvent]:
        """Return the events of one round of tool calls that all ran at once."""
        failed = sum(one.error is not None for one in outcomes)
        return [
            self._act_started([one.call for one in outcomes]),
            *self._ran(outcomes),
            self.act_completed(
                succeeded=len(outcomes) - failed,
                failed=failed,
                milliseconds=sum(one.duration_ms for one in outcomes),
            ),
        ]

    def calls_opened(
        self,
        outcomes: list[ToolOutcome],
        open_calls: Sequence[ToolCall],
        requested: Mapping[str, str | None],
    ) -> list[NewEvent]:
        """Return the events of a round of which some calls run outside.

        ``requested`` has the ids of the calls that the client runs, with their tools' names
        for people.
        """
        client = [call for call in open_calls if call.id in requested]
        return [
            self._act_started([*(one.call for one in outcomes), *open_calls]),
            *self._ran(outcomes),
            *map(self._tool_started, open_calls),
            *([self._call_requested(client, requested)] if client else ()),
        ]

    def calls_completed(self, outcomes: Iterable[ToolOutcome]) -> list[NewEvent]:
        """Return the events of results that came later than their calls."""
        return [self._tool_completed(outcome) for outcome in outcomes]

    def act_completed(self, *, succeeded: int, failed: int, milliseconds: int) -> NewEvent:
        """Return the event of the end of a round of tool calls."""
        data = {
            "completed": True,
            "success_count": succeeded,
            "error_count": failed,
            "duration_ms": milliseconds,
        }
        return self._event(types.ACT_COMPLETED, data)

    def _act_started(self, calls: list[ToolCall]) -> NewEvent:
        data = {"tool_calls": [{"id": call.id, "name": call.name} for call in calls]}
        return self._event(types.ACT_STARTED, data)

    def _ran(self, outcomes: list[ToolOutcome]) -> list[NewEvent]:
        return [
            event
            for one in outcomes
            for event in (self._tool_started(one.call), self._tool_completed(one))
        ]

    def _tool_started(self, call: ToolCall) -> NewEvent:
        data = {"tool_call_id": call.id, "tool_name": call.name, "arguments": call.arguments}
        return self._event(types.TOOL_STARTED, data)

    def _tool_completed(self, outcome: ToolOutcome) -> NewEvent:
        completed: dict[str, Any] = {
            "tool_call_id": outcome.call.id,
            "tool_name": outcome.call.name,
            "success": outcome.error is None,
            "status": outcome.status.value,
            "duration_ms": outcome.duration_ms,
        }
        if outcome.error is None:
            completed["result"] = result_parts(outcome.result)
        else:
            completed["error"] = outcome.error
        if outcome.recorded is not None:
            completed["matched"] = outcome.recorded.matched
            if outcome.recorded.index is not None:
                completed["recorded"] = outcome.recorded.index
        return self._event(types.TOOL_COMPLETED, completed)

    def _call_requested(
        self, calls: list[ToolCall], display_names: Mapping[str, str | None]
    ) -> NewEvent:
        data: dict[str, Any] = {
            "tool_calls": [
                {"id": call.id, "name": call.name, "arguments": call.arguments} for call in calls
            ]
        }
        summaries = [
            {"id": call.id, "name": call.name, "display_name": name}
            for call in calls
            if (name := display_names[call.id])
        ]
        if summaries:
            data["tool_summaries"] = summaries
        return self._event(types.TOOL_CALL_REQUESTED, data)

    def completed(self, duration_ms: int) -> list[NewEvent]:
        """Return the events of a turn's successful end."""
        data = {"iterations": self._turn.iterations, "usage": _usage(self._turn.usage)}
        return [
            self._event(types.TURN_COMPLETED, {"duration_ms": duration_ms, **data}),
            self._event(types.SESSION_IDLED, data),
        ]

    def failed(self, error: str, *, code: str, retryable: bool) -> list[NewEvent]:
        """Return the events of a turn's failure, which ends the running model call too.

        ``retryable``: the same message, sent again, may be answered.
        """
        reason = {
            "success": False,
            "has_tool_calls": False,
            "tool_call_count": 0,
            "error": error,
        }
        failed = {"error": error, "error_code": code, "retryable": retryable}
        # No model call runs while tool calls are open.
        running = [] if self._turn.open_calls else [self._event(types.REASON_COMPLETED, reason)]
        return [*running, self._event(types.TURN_FAILED, failed), self.idled()]

    def cancelled(self, reason: str) -> NewEvent:
        """Return the event of a turn's cancellation."""
        data = {"reason": reason, "usage": _usage(self._turn.usage)}
        return self._event(types.TURN_CANCELLED, data)

    def idled(self) -> NewEvent:
        """Return the event of a session that no turn occupies any more."""
        return self._event(types.SESSION_IDLED, {})

    def _event(self, event_type: str, data: dict[str, Any]) -> NewEvent:
        context = {"turn_id": self._id, "input_message_id": self._input}
        return NewEvent(type=event_type, data={"turn_id": self._id, **data}, context=context)


def _usage(usage: TokenUsage) -> dict[str, int] | None:
    """Return token counts as the API has them: null if there are none."""
    if not usage:
        return None
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        **usage_to_document(usage),
    }
