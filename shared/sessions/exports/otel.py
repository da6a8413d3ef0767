"""OTLP format: spans of OpenTelemetry's GenAI conventions, one trace for each turn.

A ``chat`` span has the messages since the one before it and the model's answer, so the size
of an export follows that of the log. The object is OTLP's JSON and an import line in one:
OTLP's receivers ignore the fields of the line.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.json import as_text, dumps, nesting
from shared.sessions.domain import Event
from shared.sessions.exports.formats import ExportedSession, MessagesFormat, call_arguments
from shared.sessions.exports.messages import Message, Role
from shared.sessions.forms.span_content import NEW_MESSAGES

#: Levels of arguments as JSON values; deeper ones are text, so that the messages around them
#: stay readable.
_MAX_LEVELS = 80
_NANOSECONDS = 1000
_INTERNAL, _CLIENT = 1, 3


class OtlpSpans(MessagesFormat):
    """One object: OTLP's ``resourceSpans``, with the fields of an import line."""

    def __init__(self, session: ExportedSession) -> None:
        super().__init__(session)
        self._spans = 0
        self._turn = 0
        #: Messages since the last answer.
        self._input: list[Message] = []
        self._instructions = self.instructions()

    def begin(self) -> str:
        resource = {"attributes": _attributes({"service.name": "agent-sessions"})}
        spans = {"resource": resource, "scopeSpans": [{"scope": {"name": "agent-sessions"}}]}
        line = dumps({**self.session.line(), "resourceSpans": [spans]})
        return line.removesuffix("}]}]}") + ',"spans":['

    def events(self, events: Iterable[Event]) -> str:
        texts = []
        for message in self.messages(events):
            if message.role is Role.SYSTEM:
                self._instructions.append(message)
            elif message.role is Role.ASSISTANT:
                texts.append(self._span(message))
            else:
                self._input.append(message)
        return "".join(texts)

    def end(self) -> str:
        rest = self._span(None) if self._input or self._instructions else ""
        return rest + "]}]}]}\n"

    def _span(self, answer: Message | None) -> str:
        """Return the span of a model call; without an answer of what followed the last one."""
        taken, self._input = self._input, []
        self._turn += any(one.role is Role.USER for one in taken) or not self._turn
        messages = [*taken, *([answer] if answer else [])]
        name = "chat" if answer else "invoke_agent"
        attributes: dict[str, Any] = {
            "gen_ai.operation.name": name,
            "gen_ai.conversation.id": self.session.source_id,
            NEW_MESSAGES: True,
        }
        if self.session.agent:
            attributes["gen_ai.agent.name"] = self.session.agent
        if self._instructions:
            parts = [{"type": "text", "content": one.text} for one in self._instructions]
            attributes["gen_ai.system_instructions"] = dumps(parts)
            self._instructions = []
        if taken:
            attributes["gen_ai.input.messages"] = dumps([_message(one) for one in taken])
        if answer:
            attributes["gen_ai.output.messages"] = dumps([_message(answer)])
        times = [one.at for one in messages if one.at] or [self.session.created_at]
        self._spans += 1
        span = {
            "traceId": self._identifier("trace", self._turn, 32),
            "spanId": self._identifier("span", self._spans, 16),
            "name": name,
            "kind": _CLIENT if answer else _INTERNAL,
            "startTimeUnixNano": _nanoseconds(times[0]),
            "endTimeUnixNano": _nanoseconds(times[-1]),
            "attributes": _attributes(attributes),
            "status": {},
        }
        return ("," if self._spans > 1 else "") + dumps(span)

    def _identifier(self, kind: str, number: int, digits: int) -> str:
        parts = f"{self.session.id.hex} {kind} {number}"
        return hashlib.sha256(parts.encode()).hexdigest()[:digits]


def _message(message: Message) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if message.thought:
        parts.append({"type": "reasoning", "content": message.thought})
    if message.text:
        parts.append({"type": "text", "content": message.text})
    for call in message.calls:
        own = {"type": "tool_call", "id": call.identifier, "name": call.tool}
        shallow = isinstance(call.arguments, dict | list) and nesting(call.arguments) < _MAX_LEVELS
        parts.append({**own, "arguments": call.arguments if shallow else call_arguments(call)})
    if answer := message.answer:
        part = {"type": "tool_call_response", "id": answer.identifier, "name": answer.tool}
        if answer.error is None:
            part["response"] = as_text(answer.output)
        else:
            part |= {"response": answer.error, "error": answer.error}
        parts.append(part)
    found: dict[str, Any] = {"role": message.role.value, "parts": parts}
    if message.role is Role.ASSISTANT:
        found["finish_reason"] = "tool_call" if message.calls else "stop"
    if message.at is not None:
        found["timestamp"] = timestamp(message.at)
    return found


def _attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"boolValue" if value is True else "stringValue": value}}
        for key, value in values.items()
    ]


def _nanoseconds(at: datetime) -> str:
    microseconds = int(at.timestamp()) * 1_000_000 + at.microsecond
    return str(microseconds * _NANOSECONDS)
