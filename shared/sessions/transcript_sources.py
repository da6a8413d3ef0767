"""From the events of each kind of session to a transcript.

The types of the events are the interface: what wrote them is not known here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from shared.core.json import as_text, dumps
from shared.sessions.conversation_payloads import (
    parsed,
    record_message,
    record_parts,
    result_value,
    text_of,
)
from shared.sessions.models import Event, SessionKind
from shared.sessions.transcript import ApprovalDecided, Ended, Entry, HandedOff, Signalled
from shared.sessions.transcript_recorder import TranscriptRecorder

#: Where the user's words stand in an input that is an object, the first found.
_SPOKEN = ("user_message", "userMessage", "message", "query", "question", "prompt", "text", "input")
#: Where a whole conversation stands in an object.
_CONVERSATION = ("messages", "conversation", "conversationTurns", "turns", "history")


def entries_of(kind: SessionKind, events: Iterable[Event], recorder: TranscriptRecorder) -> None:
    """Record the events of a session of a kind."""
    if kind is SessionKind.EVALUATION:
        _record_results(recorder, events)
        return
    for event in events:
        record = _EVENTS.get(event.type)
        if record is not None:
            record(recorder, event.data)


def ending_of(kind: SessionKind, state: dict[str, Any]) -> list[Entry]:
    """Return what a session's own fields tell of its end, where no event tells it."""
    if kind is not SessionKind.EVALUATION:
        return []
    told: list[Entry] = []
    error = state.get("error")
    reason = state.get("stopping_reason") or state.get("stoppingReason")
    if error:
        told.append(Signalled(f"error: {error}"))
    if reason:
        told.append(Ended(str(reason)))
    elif state.get("status") in ("COMPLETED", "FAILED"):
        told.append(Ended(str(state["status"]).lower()))
    return told


def _agent_message(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    message = data.get("message")
    if isinstance(message, dict):
        record_message(recorder, message if message.get("role") else {**message, "role": "user"})


def _agent_output(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    message = data.get("message")
    if isinstance(message, dict):
        record_message(recorder, {**message, "role": "assistant"})


def _tool_started(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    call = data["tool_call"] if isinstance(data.get("tool_call"), dict) else data
    record_parts(
        recorder,
        [
            {
                "type": "tool_call",
                "id": call.get("tool_call_id") or call.get("id"),
                "name": call.get("tool_name") or call.get("name") or call.get("tool"),
                "arguments": call.get("arguments"),
            }
        ],
    )


def _tool_completed(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    identifier = str(data.get("tool_call_id") or "")
    tool = str(data.get("tool_name") or data.get("tool") or "")
    error = data.get("error")
    if data.get("success") is False or error is not None:
        failed = error if error is not None else data.get("result")
        recorder.answer(identifier, tool, error=_text(failed) or "failed")
        return
    # Results are parts of content here; a part's text may hold JSON. Values stay as they are.
    value = data.get("result", data.get("output"))
    recorder.answer(identifier, tool, output=result_value(value) if _is_parts(value) else value)


def _node_signal(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    signal = str(data.get("signal") or "")
    if signal == "handoff":
        recorder.add(HandedOff())
    elif signal == "completed":
        recorder.add(Ended(signal))
    elif signal:
        recorder.add(Signalled(signal))


def _approval(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    recorder.add(ApprovalDecided(str(data.get("decision") or ""), str(data.get("note") or "")))


def _turn_failed(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    recorder.add(Signalled(f"turn failed: {_text(data.get('error')) or 'unknown'}"))


type _Record = Callable[[TranscriptRecorder, dict[str, Any]], None]

_EVENTS: dict[str, _Record] = {
    # agent sessions
    "input.message": _agent_message,
    "output.message.completed": _agent_output,
    "tool.started": _tool_started,
    "tool.completed": _tool_completed,
    "turn.failed": _turn_failed,
    "turn.cancelled": lambda recorder, _: recorder.add(Signalled("turn cancelled")),
    # playground sessions
    "user.message": lambda recorder, data: recorder.user(_text(data.get("text"))),
    "assistant.message": lambda recorder, data: recorder.assistant(_text(data.get("text"))),
    "tool.called": _tool_started,
    "tool.answered": _tool_completed,
    "approval.decided": _approval,
    "signal": _node_signal,
}


def _record_results(recorder: TranscriptRecorder, events: Iterable[Event]) -> None:
    """Record the inference results of an evaluation, in the order of their index."""
    results = [event for event in events if event.type == "inference_result"]
    results.sort(key=lambda event: (_index(event), event.sequence))
    told: list[str] = []
    for event in results:
        if not event.data.get("deletedAt"):
            _record_result(recorder, event.data, told)


def _index(event: Event) -> int:
    index = event.data.get("index")
    return index if isinstance(index, int) else event.sequence - 1


def _record_result(recorder: TranscriptRecorder, data: dict[str, Any], told: list[str]) -> None:
    messages = _said_by_user(data.get("input"))
    fresh = messages[_overlap(told, [_mark(message) for message in messages]) :]
    fresh += _said_by_assistant(data.get("actualOutput"))
    for message in fresh:
        told.append(_mark(message))
        record_message(recorder, message)
    if data.get("error"):
        recorder.add(Signalled(f"turn failed: {_text(data['error'])}"))


def _said_by_user(value: Any) -> list[dict[str, Any]]:
    """Return an input as messages: a text, an object around it, or a conversation."""
    found = _conversation(value)
    spoken = value
    if isinstance(value, dict):
        spoken = next((value[key] for key in _SPOKEN if value.get(key)), None)
        if spoken is None and not found and value:
            spoken = value
    elif found:
        return found
    if not found and (inner := _conversation(spoken)):
        return inner
    if spoken in (None, "") or (found and _text(spoken) == text_of(found[-1].get("content"))):
        return found
    return [*found, {"role": "user", "content": _text(spoken)}]


def _said_by_assistant(value: Any) -> list[dict[str, Any]]:
    """Return an output as messages; text that holds a model API's answer is read as that."""
    held = parsed(value)
    found = _conversation(held)
    if found:
        return found
    if isinstance(held, dict):
        choices = held.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            held = choices[0].get("message") or held
        if isinstance(held, dict) and (held.get("tool_calls") or _is_parts(held.get("content"))):
            return [{**held, "role": "assistant"}]
    if value in (None, ""):
        return []
    return [{"role": "assistant", "content": _text(value)}]


def _conversation(value: Any) -> list[dict[str, Any]]:
    """Return the messages in a value, or none."""
    value = parsed(value)
    if isinstance(value, dict):
        if "role" in value and ("content" in value or "tool_calls" in value):
            value = [value]
        else:
            value = next((value[key] for key in _CONVERSATION if value.get(key)), None)
            value = parsed(value)
    if not isinstance(value, list):
        return []
    messages = [m for m in value if isinstance(m, dict) and (m.get("role") or m.get("type"))]
    if len(messages) != len(value):
        return []
    return [m for m in messages if m.get("role") not in ("system", "developer")]


def _overlap(told: list[str], messages: list[str]) -> int:
    """Count how many of the first messages were told already, as the last ones told.

    Many clients send the whole conversation so far with each turn.
    """
    for length in range(min(len(told), len(messages)), 0, -1):
        if told[-length:] == messages[:length]:
            return length
    return 0


def _mark(message: dict[str, Any]) -> str:
    kept = {key: message[key] for key in ("content", "tool_calls") if message.get(key)}
    role = "user" if message.get("role") in ("user", "human") else message.get("role")
    return dumps([role, kept])


def _is_parts(value: Any) -> bool:
    return isinstance(value, list) and any(
        isinstance(part, dict) and isinstance(part.get("type"), str) for part in value
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return as_text(value)
