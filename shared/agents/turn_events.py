"""The events that a turn writes: their payloads, as the Everruns API has them."""

from dataclasses import dataclass
from typing import Any

from shared.agents.documents import usage_to_document
from shared.agents.domain import PREVIEW_LENGTH, MessageRole, NewMessage, Turn
from shared.agents.event_types import (
    ACT_COMPLETED,
    ACT_STARTED,
    OUTPUT_MESSAGE_COMPLETED,
    OUTPUT_MESSAGE_STARTED,
    REASON_COMPLETED,
    REASON_STARTED,
    SESSION_ACTIVATED,
    SESSION_IDLED,
    TOOL_COMPLETED,
    TOOL_STARTED,
    TURN_CANCELLED,
    TURN_COMPLETED,
    TURN_FAILED,
    TURN_STARTED,
)
from shared.agents.message_log import message_document, result_parts
from shared.core.ids import AgentId, MessageId
from shared.llm.port import ModelAnswer, TokenUsage, ToolCall
from shared.sessions.models import NewEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOutcome:
    """What a call came to: a result, or an error in words."""

    call: ToolCall
    result: Any = None
    error: str | None = None
    duration_ms: int = 0


def usage_data(usage: TokenUsage) -> dict[str, int] | None:
    """Return tokens as the API shows them: null while there are none."""
    if not usage:
        return None
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        **usage_to_document(usage),
    }


class TurnEvents:
    """Makes the events of one turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._id = str(turn.id)
        self._input = str(turn.input_message_id)

    def started(self, agent_id: AgentId) -> list[NewEvent]:
        begun = {"turn_id": self._id, "input_message_id": self._input}
        return [
            self._event(SESSION_ACTIVATED, begun),
            self._event(TURN_STARTED, begun),
            self.reason_started(agent_id),
        ]

    def reason_started(self, agent_id: AgentId) -> NewEvent:
        return self._event(REASON_STARTED, {"turn_id": self._id, "agent_id": str(agent_id)})

    def answered(
        self, message_id: MessageId, answer: ModelAnswer, model: str, duration_ms: int
    ) -> list[NewEvent]:
        """Return the end of a reasoning: what was said, if anything was, and how it ended."""
        said = self._said(message_id, answer, model) if answer.text else []
        completed: dict[str, Any] = {
            "turn_id": self._id,
            "success": True,
            "has_tool_calls": bool(answer.tool_calls),
            "tool_call_count": len(answer.tool_calls),
            "duration_ms": duration_ms,
        }
        if answer.text:
            completed["text_preview"] = answer.text[:PREVIEW_LENGTH]
        if answer.usage:
            completed["usage"] = usage_data(answer.usage)
        return [*said, self._event(REASON_COMPLETED, completed)]

    def _said(self, message_id: MessageId, answer: ModelAnswer, model: str) -> list[NewEvent]:
        calls: list[dict[str, Any]] = [
            {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
            for call in answer.tool_calls
        ]
        text: dict[str, Any] = {"type": "text", "text": answer.text}
        message = NewMessage(role=MessageRole.AGENT, content=(text, *calls))
        completed: dict[str, Any] = {
            "turn_id": self._id,
            "message": message_document(message_id, message),
        }
        if answer.usage:
            completed["usage"] = usage_data(answer.usage)
        return [
            self._event(OUTPUT_MESSAGE_STARTED, {"turn_id": self._id, "model": model}),
            self._event(OUTPUT_MESSAGE_COMPLETED, completed),
        ]

    def acted(self, outcomes: list[ToolOutcome]) -> list[NewEvent]:
        """Return a round of tools, from its start to its end."""
        calls = [{"id": one.call.id, "name": one.call.name} for one in outcomes]
        failed = sum(one.error is not None for one in outcomes)
        completed = {
            "turn_id": self._id,
            "completed": True,
            "success_count": len(outcomes) - failed,
            "error_count": failed,
            "duration_ms": sum(one.duration_ms for one in outcomes),
        }
        return [
            self._event(ACT_STARTED, {"turn_id": self._id, "tool_calls": calls}),
            *(event for one in outcomes for event in self._tool(one)),
            self._event(ACT_COMPLETED, completed),
        ]

    def _tool(self, outcome: ToolOutcome) -> list[NewEvent]:
        call = outcome.call
        started = {
            "turn_id": self._id,
            "tool_call_id": call.id,
            "tool_name": call.name,
            "arguments": call.arguments,
        }
        succeeded = outcome.error is None
        completed: dict[str, Any] = {
            "turn_id": self._id,
            "tool_call_id": call.id,
            "tool_name": call.name,
            "success": succeeded,
            "status": "success" if succeeded else "error",
            "duration_ms": outcome.duration_ms,
        }
        if succeeded:
            completed["result"] = result_parts(outcome.result)
        else:
            completed["error"] = outcome.error
        return [self._event(TOOL_STARTED, started), self._event(TOOL_COMPLETED, completed)]

    def completed(self, duration_ms: int) -> list[NewEvent]:
        told = {"iterations": self._turn.iterations, "usage": usage_data(self._turn.usage)}
        return [
            self._event(TURN_COMPLETED, {"turn_id": self._id, "duration_ms": duration_ms, **told}),
            self._event(SESSION_IDLED, {"turn_id": self._id, **told}),
        ]

    def failed(self, error: str, *, code: str, retryable: bool) -> list[NewEvent]:
        """Return the end of a turn that came to nothing.

        The reasoning that was going on ends with it. ``retryable``: the same message, sent
        again, may well be answered.
        """
        reason = {
            "turn_id": self._id,
            "success": False,
            "has_tool_calls": False,
            "tool_call_count": 0,
            "error": error,
        }
        told = {"turn_id": self._id, "error": error, "error_code": code, "retryable": retryable}
        return [
            self._event(REASON_COMPLETED, reason),
            self._event(TURN_FAILED, told),
            self._event(SESSION_IDLED, {"turn_id": self._id}),
        ]

    def cancelled(self, reason: str) -> list[NewEvent]:
        told = {"turn_id": self._id, "reason": reason, "usage": usage_data(self._turn.usage)}
        return [
            self._event(TURN_CANCELLED, told),
            self._event(SESSION_IDLED, {"turn_id": self._id}),
        ]

    def _event(self, name: str, data: dict[str, Any]) -> NewEvent:
        context = {"turn_id": self._id, "input_message_id": self._input}
        return NewEvent(type=name, data=data, context=context)
