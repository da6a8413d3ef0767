"""Answers of Chat Completions, in the forms that OpenAI-compatible servers give them."""

from collections.abc import Mapping
from typing import Any

from shared.core.json import loads_strict
from shared.llm.conversations import distinct_id
from shared.llm.port import (
    MAX_CALLS,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    TokenUsage,
    ToolCall,
)

#: Characters of a tool's name and a call's id, at most.
_MAX_NAME = 256
_UNNAMED = "unnamed"


class Unreadable(Exception):
    """Answer that is no Chat Completion; ``str`` is the reason."""


def parse_completion(body: Mapping[str, Any], request: ModelRequest) -> ModelAnswer:
    """Return the answer in a complete response.

    Raises ``ModelFailed`` for an answer that the content filter withholds or that consists of
    reasoning only, and ``Unreadable`` for a body that is no completion.
    """
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise Unreadable("it has no choices with a message")
    return build_answer(
        request,
        text=text_of(message.get("content")),
        calls=_raw_calls(message),
        has_reasoning=has_reasoning(message),
        finish_reason=choice.get("finish_reason"),
        usage=body.get("usage"),
    )


def build_answer(
    request: ModelRequest,
    *,
    text: str,
    calls: list[dict[str, Any]],
    has_reasoning: bool,
    finish_reason: Any,
    usage: Any,
) -> ModelAnswer:
    """Return an answer from its parts; raises as :func:`parse_completion` does.

    An answer that is neither text nor calls is empty, which a model may say after a tool's
    result. Calls without an id, and with one that the conversation has already, get a new one.
    """
    is_cut = finish_reason == "length"
    if finish_reason == "content_filter":
        raise ModelFailed("The model's content filter withheld the answer.", retryable=False)
    if not text.strip() and not calls:
        if is_cut:
            reason = "The model reached its length limit before it answered."
            raise ModelFailed(reason, retryable=False)
        if has_reasoning:
            raise ModelFailed("The model returned its reasoning and no answer.", retryable=True)
    return ModelAnswer(
        text=text,
        tool_calls=_tool_calls(calls[:MAX_CALLS], request, is_cut=is_cut),
        usage=parse_usage(usage),
        is_cut=is_cut,
    )


def text_of(content: Any) -> str:
    """Return the text of ``content``: text, null, or a list of parts.

    Raises ``Unreadable`` for a number.
    """
    if isinstance(content, int | float):
        raise Unreadable("its content is a number")
    if isinstance(content, list):
        return "".join(text_of(one) for one in content if not isinstance(one, int | float))
    if isinstance(content, dict):
        return text_of(content.get("text")) if content.get("type", "text") == "text" else ""
    return content if isinstance(content, str) else ""


def has_reasoning(message: Mapping[str, Any]) -> bool:
    """Return whether a message, or a piece of one, has reasoning, which is never shown."""
    return bool(message.get("reasoning_content") or message.get("reasoning"))


def _raw_calls(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the calls of a message; ``function_call`` is the form before ``tool_calls``."""
    calls = message.get("tool_calls")
    if not calls and isinstance(message.get("function_call"), dict):
        return [{"function": message["function_call"]}]
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _tool_calls(
    raw_calls: list[dict[str, Any]], request: ModelRequest, *, is_cut: bool
) -> tuple[ToolCall, ...]:
    taken = {
        part["id"]
        for message in request.messages
        for part in message.content
        if part["type"] == "tool_call"
    }
    calls = []
    for raw in raw_calls:
        function = raw.get("function")
        function = function if isinstance(function, dict) else {}
        name = function.get("name")
        name = name[:_MAX_NAME] if isinstance(name, str) and name else _UNNAMED
        arguments, error = _arguments(function.get("arguments"), is_cut=is_cut)
        identifier = distinct_id(_given_id(raw.get("id")), taken, len(taken))
        taken.add(identifier)
        calls.append(ToolCall(identifier, name, arguments, error))
    return tuple(calls)


def _given_id(given: Any) -> str:
    return given if isinstance(given, str) and len(given) <= _MAX_NAME else ""


def _arguments(given: Any, *, is_cut: bool) -> tuple[dict[str, Any], str | None]:
    """Return the arguments of a call, which should be JSON text, and why they are unreadable."""
    if given is None or given == "":
        given = {}
    if isinstance(given, str):
        try:
            given = loads_strict(given)
        except ValueError as error:
            cut = "were cut at the model's length limit" if is_cut else f"are not JSON ({error})"
            return {}, f"the arguments {cut}; call the tool again with one JSON object"
    if not isinstance(given, dict):
        return {}, "the arguments are no JSON object; call the tool again with one"
    return given, None


def parse_usage(usage: Any) -> TokenUsage:
    """Return the tokens of a response; those that it does not state are 0.

    ``prompt_tokens`` includes cached tokens; the port counts them apart.
    """
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    prompt, completion = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    cached = min(_count(details if isinstance(details, dict) else {}, "cached_tokens"), prompt)
    return TokenUsage(
        input_tokens=prompt - cached, output_tokens=completion, cache_read_tokens=cached
    )


def _count(counts: Mapping[str, Any], name: str) -> int:
    value = counts.get(name)
    return int(value) if isinstance(value, int | float) and 0 <= value < 2**53 else 0
