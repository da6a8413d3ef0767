"""Events of a turn, with their payloads (the Everruns API)."""

from dataclasses import dataclass
from typing import Any

from shared.agents import event_types as types
from shared.agents.messages.documents import message_document, result_parts
from shared.agents.messages.domain import PREVIEW_LENGTH, MessageRole, NewMessage
from shared.agents.sessions.documents import usage_to_document
from shared.agents.sessions.domain import Turn
from shared.core.ids import AgentId, MessageId
from shared.llm.port import ModelAnswer, TokenUsage, ToolCall
from shared.llm.registry import Model
from shared.sessions.domain import NewEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOutcome:
    """The result or error of a tool call."""

    call: ToolCall
    result: Any = None
    error: str | None = None
    duration_ms: int = 0


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
        """Return the events of one round of tool calls."""
        calls = [{"id": one.call.id, "name": one.call.name} for one in outcomes]
        failed = sum(one.error is not None for one in outcomes)
        completed = {
            "completed": True,
            "success_count": len(outcomes) - failed,
            "error_count": failed,
            "duration_ms": sum(one.duration_ms for one in outcomes),
        }
        return [
            self._event(types.ACT_STARTED, {"tool_calls": calls}),
            *(event for one in outcomes for event in self._tool_call(one)),
            self._event(types.ACT_COMPLETED, completed),
        ]

    def _tool_call(self, outcome: ToolOutcome) -> list[NewEvent]:
        call = {"tool_call_id": outcome.call.id, "tool_name": outcome.call.name}
        succeeded = outcome.error is None
        completed: dict[str, Any] = {
            **call,
            "success": succeeded,
            "status": "success" if succeeded else "error",
            "duration_ms": outcome.duration_ms,
        }
        if succeeded:
            completed["result"] = result_parts(outcome.result)
        else:
            completed["error"] = outcome.error
        return [
            self._event(types.TOOL_STARTED, {**call, "arguments": outcome.call.arguments}),
            self._event(types.TOOL_COMPLETED, completed),
        ]

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
        return [
            self._event(types.REASON_COMPLETED, reason),
            self._event(types.TURN_FAILED, failed),
            self.idled(),
        ]

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
