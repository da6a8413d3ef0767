"""Events of this project's own logs, as an export writes them: one JSON line each.

The first line of an export is the session's; the reader of import files makes one line of them
all (``read_lines`` in cli/agent_sessions_cli/lines.py).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.json import as_text
from shared.sessions.conversation_payloads import parse_json, text_of
from shared.sessions.forms import chat
from shared.sessions.forms.content import plain_text
from shared.sessions.forms.fields import arguments_of
from shared.sessions.forms.messages import read_message
from shared.sessions.forms.steps import Answered, Called, Instructed, Steps, refuse
from shared.sessions.forms.times import time_of
from shared.sessions.recorded_turns import RecordedTurns

#: Value of ``type`` in the session's line; those of events have a point or an underscore.
SESSION_LINE = "session"
#: Event of a turn of an evaluation.
RESULT = "inference_result"
#: Key of an imported conversation's instructions, in the first message or in an event.
INSTRUCTIONS = "instructions"
#: Fields of a stored message with content.
_MESSAGE = ("content", "thinking")


def matches(value: Any) -> bool:
    """Return whether a value is an event of a log."""
    return (
        isinstance(value, dict)
        and type(value.get("sequence")) is int
        and isinstance(value.get("type"), str)
        and isinstance(value.get("data"), dict)
    )


class EventLog:
    """Reader of successive events of one log: adds what was said, called and answered.

    Events about anything else, such as the progress of a turn, are left out. ``began`` is the
    begin of the session: the event of an evaluation's turn has the time of its last message.
    """

    def __init__(self, began: datetime | None = None) -> None:
        self._began = began
        self._is_first = True
        self._turns = RecordedTurns()
        #: Calls in messages whose own events follow.
        self._announced: set[str] = set()
        self._readers: dict[str, Callable[[Steps, str, dict[str, Any]], None]] = {
            "input.message": self._read_input,
            "output.message.completed": self._read_output,
            "session.started": _read_instructions,
            "tool.started": self._read_call,
            "tool.called": self._read_call,
            "tool.completed": _read_answer,
            "tool.answered": _read_answer,
            "user.message": _read_text(by_user=True),
            "assistant.message": _read_text(by_user=False),
            RESULT: self._read_result,
        }

    def read(self, steps: Steps, path: str, event: dict[str, Any]) -> None:
        """Add an event's steps, at its time. Raises ``InvalidInput`` for a damaged one."""
        if not matches(event):
            refuse(path, "must be an event: an object with a sequence, a type and data")
        steps.at = time_of(path, {"ts": event.get("ts")})
        before = len(steps.steps)
        if (read := self._readers.get(event["type"])) is not None:
            read(steps, f"{path}.data", event["data"])
        if self._is_first and event["type"] == RESULT and len(steps.steps) > before + 1:
            steps.times[before] = min(filter(None, (self._began, steps.at)), default=None)
        self._is_first = False

    def _read_input(self, steps: Steps, path: str, data: dict[str, Any]) -> None:
        fields = self._message(steps, path, data)
        chat.read(steps, f"{path}.message", {"role": "user", **fields})

    def _read_output(self, steps: Steps, path: str, data: dict[str, Any]) -> None:
        fields = self._message(steps, path, data)
        before = len(steps.steps)
        chat.read(steps, f"{path}.message", {"role": "assistant", **fields})
        calls = (step for step in steps.steps[before:] if isinstance(step, Called))
        self._announced.update(call.identifier for call in calls)

    def _message(self, steps: Steps, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """Return the content of a stored message; instructions with the first are added."""
        message = data.get("message")
        if not isinstance(message, dict):
            refuse(f"{path}.message", "must be an object")
        if self._is_first and isinstance(message.get("metadata"), dict):
            _read_instructions(steps, path, message["metadata"])
        return {key: message[key] for key in _MESSAGE if message.get(key) is not None}

    def _read_call(self, steps: Steps, path: str, data: dict[str, Any]) -> None:
        identifier, tool = _call_of(data)
        if identifier in self._announced:
            self._announced.discard(identifier)
            return
        if not tool.strip():
            refuse(path, "must name a tool")
        steps.add(Called(identifier, tool, arguments_of(data)))

    def _read_result(self, steps: Steps, path: str, data: dict[str, Any]) -> None:
        """Add a turn's messages; one of an unknown form is kept as text."""
        for number, message in enumerate(self._turns.new_messages(data)):
            inner = Steps()
            try:
                read_message(inner, f"{path}.{number}", message)
            except InvalidInput:
                by_user = str(message.get("role")).lower() in chat.USER
                inner = Steps()
                inner.say(text_of(message.get("content")) or as_text(message), by_user=by_user)
            for step in inner.steps:
                steps.add(step)


def _read_instructions(steps: Steps, _: str, fields: dict[str, Any]) -> None:
    if isinstance(text := fields.get(INSTRUCTIONS), str):
        steps.add(Instructed(text))


def _read_text(*, by_user: bool) -> Callable[[Steps, str, dict[str, Any]], None]:
    def read(steps: Steps, path: str, data: dict[str, Any]) -> None:
        if not isinstance(text := data.get("text"), str):
            refuse(f"{path}.text", "must be a string")
        steps.say(text, by_user=by_user)

    return read


def _read_answer(steps: Steps, _: str, data: dict[str, Any]) -> None:
    identifier, tool = _call_of(data)
    if (error := data.get("error")) is not None:
        steps.add(Answered(identifier, tool, error=as_text(error) or "failed"))
        return
    parts = data.get("result", data.get("output"))
    text = plain_text(parts) if isinstance(parts, list) and "result" in data else None
    steps.add(Answered(identifier, tool, parts if text is None else parse_json(text)))


def _call_of(data: dict[str, Any]) -> tuple[str, str]:
    """Return the identifier and the tool of a call."""
    identifier, tool = data.get("tool_call_id"), data.get("tool_name", data.get("tool"))
    return as_text(identifier or ""), tool if isinstance(tool, str) else ""
