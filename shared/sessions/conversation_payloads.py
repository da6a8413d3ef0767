"""Reads messages as the common model APIs write them, into a transcript.

The forms differ: text or a list of parts as content, tool calls beside the content or
among its parts, arguments and results as JSON values or as text that holds JSON. What is
not recognised is passed over: a captured conversation is evidence, not input to refuse.
"""

import json
import math
import re
from typing import Any

from shared.core.json import as_text
from shared.sessions.transcript_recorder import TranscriptRecorder

_USER = frozenset({"user", "human", "customer"})
_ASSISTANT = frozenset({"assistant", "agent", "ai", "bot", "model"})
_TOOL = frozenset({"tool", "function", "tool_result"})
_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
_CALL_PARTS = frozenset({"tool_call", "tool_use", "function_call"})
_RESULT_PARTS = frozenset({"tool_result", "function_call_output"})
_IMAGE_PARTS = frozenset({"image", "image_file", "image_url", "input_image"})
#: Tools that answer with text only tell an error by its first word.
_ERROR = re.compile(r"\s*error\b", re.IGNORECASE)


def record_message(recorder: TranscriptRecorder, message: dict[str, Any]) -> None:
    """Record one message with the tool calls or results that it carries."""
    role = str(message.get("role") or message.get("type") or "").lower()
    content = message.get("content")
    if role in _USER:
        record_parts(recorder, content)
        recorder.user(text_of(content))
    elif role in _ASSISTANT:
        recorder.assistant(text_of(content))
        record_parts(recorder, content)
        _record_calls(recorder, message)
    elif role in _TOOL and _has_parts(content, _RESULT_PARTS):
        record_parts(recorder, content)
    elif role in _TOOL and content is not None:
        _record_result(recorder, message, content)
    elif role in _CALL_PARTS | _RESULT_PARTS:
        record_parts(recorder, [{**message, "type": role}])


def record_parts(recorder: TranscriptRecorder, content: Any) -> None:
    """Record the tool calls and results among the parts of a message's content."""
    for part in content if isinstance(content, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") in _CALL_PARTS:
            _record_call(recorder, part)
        elif part.get("type") in _RESULT_PARTS:
            result = part.get("result", part.get("output", part.get("content")))
            _record_result(recorder, part, result)


def text_of(content: Any) -> str:
    """Return the words in a message's content; an image is told by ``[image]``."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        content = [content]
    texts = []
    for part in content if isinstance(content, list) else []:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and part.get("type", "text") in _TEXT_PARTS:
            texts.append(str(part.get("text") or ""))
        elif isinstance(part, dict) and part.get("type") in _IMAGE_PARTS:
            texts.append("[image]")
    return "\n".join(text for text in texts if text)


def result_value(content: Any) -> Any:
    """Return a tool's result as a JSON value: out of parts, out of text that holds JSON."""
    if isinstance(content, list) and _has_parts(content, _TEXT_PARTS | _IMAGE_PARTS):
        content = text_of(content)
    return parsed(content)


def parsed(value: Any) -> Any:
    """Return the object or array that a text holds; anything else as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json.loads(value, parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        return value


def _finite(digits: str) -> float | str:
    """Read a number; one too large to be written again stays its text."""
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
    arguments = parsed(function.get("arguments", function.get("input")))
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
    if error is None and (result.get("is_error") or _tells_error(value)):
        error = value
    if error is None:
        recorder.answer(identifier, tool, output=value)
    else:
        recorder.answer(identifier, tool, error=as_text(error))


def _tells_error(value: Any) -> bool:
    return isinstance(value, str) and _ERROR.match(value) is not None


def _identifier(carrier: dict[str, Any]) -> str:
    for key in ("tool_call_id", "tool_use_id", "call_id", "id"):
        if isinstance(carrier.get(key), str):
            return str(carrier[key])
    return ""


def _has_parts(content: Any, types: frozenset[str]) -> bool:
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") in types for part in content
    )
