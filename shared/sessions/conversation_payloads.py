"""Conversation payloads: messages and tool events of the common model APIs.

Content is text or a list of parts; tool calls are beside the content or among its parts;
arguments and results are JSON values or text with JSON in it. Unknown forms are skipped: a
log is a record, not input to validate. (Imports read with ``shared/sessions/forms``.)
"""

import json
import math
from typing import Any

from shared.core.json import as_text, is_too_deep, valid_json
from shared.sessions.content_parts import as_parts, part_text
from shared.sessions.tool_errors import error_in, is_marked
from shared.sessions.transcript_recorder import TranscriptRecorder

_USER = frozenset({"user", "human", "customer"})
_ASSISTANT = frozenset({"assistant", "agent", "ai", "bot", "model"})
_TOOL = frozenset({"tool", "function", "tool_result"})
_CALL_PARTS = frozenset({"tool_call", "tool_use", "function_call"})
_RESULT_PARTS = frozenset({"tool_result", "function_call_output"})


def record_message(recorder: TranscriptRecorder, message: dict[str, Any]) -> None:
    """Record a message with its tool calls or results."""
    role = str(message.get("role") or message.get("type") or "").lower()
    content = message.get("content")
    if role in _USER:
        record_parts(recorder, content)
        recorder.user(text_of(content))
    elif role in _ASSISTANT:
        recorder.assistant(text_of([*as_parts(content), *_beside(message)]))
        record_parts(recorder, content)
        _record_calls(recorder, message)
    elif role in _TOOL and _has_parts(content, _RESULT_PARTS):
        record_parts(recorder, content)
    elif role in _TOOL and content is not None:
        _record_result(recorder, message, content)
    elif role in _CALL_PARTS | _RESULT_PARTS:
        record_parts(recorder, [{**message, "type": role}])


def _beside(message: dict[str, Any]) -> list[Any]:
    """Return a refusal and spoken words, which the chat form has beside the content."""
    audio = message.get("audio")
    found = [{"type": "audio", **audio}] if isinstance(audio, dict) else []
    return [{"type": "refusal", "refusal": message.get("refusal")}, *found]


def record_parts(recorder: TranscriptRecorder, content: Any) -> None:
    """Record the tool calls and results among the parts of a content."""
    for part in content if isinstance(content, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") in _CALL_PARTS:
            _record_call(recorder, part)
        elif part.get("type") in _RESULT_PARTS:
            result = part.get("result", part.get("output", part.get("content")))
            _record_result(recorder, part, result)


def record_tool_call(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    """Record the call of a tool event: its fields, or those of its ``tool_call``."""
    call = data["tool_call"] if isinstance(data.get("tool_call"), dict) else data
    part = {
        "type": "tool_call",
        "id": call.get("tool_call_id") or call.get("id"),
        "name": call.get("tool_name") or call.get("name") or call.get("tool"),
        "arguments": call.get("arguments"),
    }
    record_parts(recorder, [part])


def record_tool_result(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    """Record the result of a tool event; JSON is parsed only in the text of parts."""
    identifier = str(data.get("tool_call_id") or "")
    tool = str(data.get("tool_name") or data.get("tool") or "")
    error = data.get("error")
    if data.get("success") is False or error is not None:
        failed = error if error is not None else data.get("result")
        recorder.answer(identifier, tool, error=to_text(failed) or "failed")
        return
    value = data.get("result", data.get("output"))
    recorder.answer(identifier, tool, output=result_value(value) if is_parts(value) else value)


def to_text(value: Any) -> str:
    """Return a JSON value as text; null becomes ""."""
    return "" if value is None else as_text(value)


def is_parts(value: Any) -> bool:
    """Check whether a value is a list of content parts."""
    return isinstance(value, list) and any(
        isinstance(part, dict) and isinstance(part.get("type"), str) for part in value
    )


def text_of(content: Any) -> str:
    """Return the text of a content; media become a transcript or a placeholder as ``[image]``."""
    texts = (part_text(part) for part in as_parts(content))
    return "\n".join(text for text in texts if text)


def result_value(content: Any) -> Any:
    """Return a tool's result as a JSON value, extracted from parts or parsed from text."""
    if is_parts(content) and all(part_text(part) is not None for part in content):
        content = text_of(content)
    return parse_json(content)


def parse_json(value: Any) -> Any:
    """Parse a text that is a JSON object or array; return any other value unchanged.

    One that is nested too deeply to be stored and read as JSON stays text.
    """
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        parsed = json.loads(valid_json(value), parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        return value
    return value if is_too_deep(parsed) else parsed


def _finite(digits: str) -> float | str:
    """Parse a number; one beyond the range of JSON stays text."""
    number = float(digits)
    return number if math.isfinite(number) else digits


def _record_calls(recorder: TranscriptRecorder, message: dict[str, Any]) -> None:
    calls = message.get("tool_calls")
    if isinstance(message.get("function_call"), dict):
        calls = [message["function_call"]]
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, dict):
            _record_call(recorder, call)


def _record_call(recorder: TranscriptRecorder, call: dict[str, Any]) -> None:
    function = call["function"] if isinstance(call.get("function"), dict) else call
    name = function.get("name") or function.get("tool_name")
    if not isinstance(name, str) or not name:
        return
    identifier = _identifier(call)
    arguments = parse_json(function.get("arguments", function.get("input")))
    recorder.call(identifier, name, {} if arguments in (None, "") else arguments)
    for key in ("output", "result", "error"):
        if call.get(key) is not None:
            _record_result(recorder, {**call, "name": name}, call[key])
            return


def _record_result(recorder: TranscriptRecorder, result: dict[str, Any], content: Any) -> None:
    identifier = _identifier(result)
    tool = str(result.get("name") or result.get("tool_name") or "")
    value = result_value(content)
    error = result.get("error")
    if error is None:
        error = value if is_marked(result) else error_in(value)
    if error is None:
        recorder.answer(identifier, tool, output=value)
    else:
        recorder.answer(identifier, tool, error=as_text(error))


def _identifier(payload: dict[str, Any]) -> str:
    for key in ("tool_call_id", "tool_use_id", "call_id", "id"):
        if isinstance(payload.get(key), str):
            return str(payload[key])
    return ""


def _has_parts(content: Any, types: frozenset[str]) -> bool:
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") in types for part in content
    )
