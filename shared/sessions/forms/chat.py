"""Messages with a role: OpenAI's chat form, and the forms that differ in their parts only.

Those are OpenAI's functions, Anthropic, Bedrock Converse, Gemini and the AI SDK.
"""

import re
from collections.abc import Iterable
from typing import Any

from shared.core.json import as_text, dumps
from shared.sessions.content_parts import media_text
from shared.sessions.forms.ai_sdk import read_invocation
from shared.sessions.forms.anthropic import thought_text
from shared.sessions.forms.content import Texts, joined
from shared.sessions.forms.fields import answer_of, first_of, read_call
from shared.sessions.forms.parts import read_content, read_part, text_of_all
from shared.sessions.forms.steps import (
    Answered,
    Called,
    Instructed,
    Step,
    Steps,
    Thought,
    refuse,
)
from shared.sessions.forms.times import TIME_KEYS
from shared.sessions.forms.unmatched import Unmatched
from shared.sessions.transcript import AssistantSaid, UserSaid

USER = frozenset({"user", "human", "customer"})
ASSISTANT = frozenset({"assistant", "ai", "agent", "bot", "model", "chatbot"})
INSTRUCTIONS = frozenset({"system", "developer"})
TOOL = frozenset({"tool", "function", "tool_result", "ipython"})
_ROLES = USER | ASSISTANT | INSTRUCTIONS | TOOL

_CONTENT = ("content", "text", "message")
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
#: Lists of reasoning, of OpenRouter and LiteLLM, which mostly repeat the text beside them.
_THOUGHT_LISTS = ("reasoning_details", "thinking_blocks")
_CALLS = ("tool_calls", "toolCalls", "invalid_tool_calls")
#: Fields beside the content, which are no part of what was said.
_KNOWN = frozenset(
    {
        "role", "type", "id", "name", "parts", "refusal", "audio", "function_call",
        "toolInvocations", "experimental_attachments", "tool_call_id", "toolCallId", "tool_use_id",
        "tool_name", "toolName", "tool", "call_id", "is_error", "isError", "status", "error",
        "index", "object", "model", "usage", "usage_metadata", "metadata", "response_metadata",
        "additional_kwargs", "finish_reason", "stop_reason", "stop_sequence", "logprobs",
        "annotations", "cache_control", "provider_specific_fields", "tool_call_chunks", "example",
        "weight", "artifact", "provider", "phase", "lc_source",
        "system_fingerprint", "toolMetadata",
        *_CONTENT, *_THOUGHTS, *_THOUGHT_LISTS, *_CALLS, *TIME_KEYS,
    }
)  # fmt: skip
#: Fields with content, and their types.
_TYPES: tuple[tuple[str, type, str], ...] = (
    ("refusal", str, "a string"),
    ("audio", dict, "an object"),
    ("toolInvocations", list, "a list"),
    ("experimental_attachments", list, "a list"),
    ("parts", list, "a list"),
    *((key, list, "a list") for key in _THOUGHT_LISTS),
)
_CALL_LIKE = re.compile(r"tool|function|calls?(?![a-z])", re.IGNORECASE)


def matches(message: dict[str, Any]) -> bool:
    """Return whether a message has a role."""
    return "role" in message


def read(steps: Steps, path: str, message: dict[str, Any]) -> None:
    """Add a message by its role. Raises ``InvalidInput`` for what it does not know."""
    role = message["role"].lower() if isinstance(message.get("role"), str) else ""
    if role not in _ROLES:
        refuse(f"{path}.role", f"must be one of {', '.join(sorted(_ROLES))}")
    before = len(steps.steps)
    _check_fields(path, message)
    if role in TOOL:
        _read_answer(steps, path, message)
    else:
        for key in _CONTENT:
            if not isinstance(message.get(key), str | list | dict | None):
                refuse(f"{path}.{key}", "must be a string, a list of parts, or null")
        if role in INSTRUCTIONS:
            keys = ("parts", *_CONTENT)
            steps.add(Instructed(joined(_distinct(text_of_all(message.get(k)) for k in keys))))
        else:
            _read_message(steps, path, message, by_user=role in USER)
    if len(steps.steps) == before and role not in INSTRUCTIONS:
        _check_empty(path, message)


def _read_message(steps: Steps, path: str, message: dict[str, Any], *, by_user: bool) -> None:
    said = Steps(at=steps.at)
    if parts := message.get("parts"):
        read_content(said, f"{path}.parts", parts, by_user=by_user)
    apart = Steps(at=steps.at)
    # Those of a message precede its text, which is the answer to their results.
    for number, invocation in enumerate(message.get("toolInvocations") or []):
        read_invocation(apart, f"{path}.toolInvocations.{number}", invocation)
    _extend_by_new(said, apart)
    for key in _CONTENT:
        content = Steps(at=steps.at)
        read_content(content, f"{path}.{key}", message.get(key), by_user=by_user)
        _extend_by_new(said, content)
    calls = Steps(at=steps.at)
    _read_calls(calls, path, message)
    for channel in (_beside(message, by_user=by_user), calls):
        _extend_by_new(said, channel)
    known = joined(step.text for step in said.steps if isinstance(step, Thought))
    for text in _distinct([known, *_thoughts(path, message)])[bool(known) :]:
        steps.add(Thought(text))
    steps.extend(said)


def _thoughts(path: str, message: dict[str, Any]) -> list[str]:
    """Return the reasoning beside the content, from each field that has some."""
    found = [as_text(message[key]) for key in _THOUGHTS if message.get(key)]
    for key in _THOUGHT_LISTS:
        texts = []
        for number, part in enumerate(message.get(key) or []):
            fields = part if isinstance(part, dict) else {"text": part}
            texts.append(thought_text(f"{path}.{key}.{number}", fields))
        found.append(joined(texts))
    return found


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return texts without those that an earlier one contains."""
    found: list[str] = []
    for text in texts:
        if text.strip() and not Texts(found).contain(text):
            found.append(text)
    return found


def _beside(message: dict[str, Any], *, by_user: bool) -> Steps:
    """Return what stands beside the content: a refusal, audio, attachments."""
    found = Steps()
    if isinstance(message.get("refusal"), str):
        found.say(message["refusal"], by_user=by_user)
    if isinstance(message.get("audio"), dict):
        found.say(media_text("audio", message["audio"]), by_user=by_user)
    for attachment in message.get("experimental_attachments") or []:
        fields = attachment if isinstance(attachment, dict) else {}
        medium = {"mime_type": fields.get("contentType")}
        found.say(media_text("file", medium), by_user=by_user)
    return found


def _read_calls(steps: Steps, path: str, message: dict[str, Any]) -> None:
    for key in _CALLS:
        calls = message.get(key)
        if calls is not None and not isinstance(calls, list):
            refuse(f"{path}.{key}", "must be a list")
        for number, call in enumerate(calls or []):
            _read_one_call(steps, f"{path}.{key}.{number}", call)
    if (call := message.get("function_call")) is not None:
        read_call(steps, f"{path}.function_call", call)


def _read_one_call(steps: Steps, path: str, call: Any) -> None:
    """Add a call; the reason why LangChain could not parse one is not its answer."""
    if isinstance(call, dict) and call.get("type") == "invalid_tool_call":
        call = {key: value for key, value in call.items() if key != "error"}
    read_call(steps, path, call)


def _extend_by_new(steps: Steps, channel: Steps) -> None:
    """Add what a second place of the same message has beyond the first.

    A message may have a text or a call in two places, such as ``parts`` and ``content``; two
    equal calls in one place are two calls.
    """
    if not channel.steps:
        return
    said = Texts(s.text for s in steps.steps if isinstance(s, UserSaid | AssistantSaid))
    free = Unmatched()
    for position, step in enumerate(steps.steps):
        free.add(position, *_keys(step))
    new: list[UserSaid | AssistantSaid] = []
    for step, at in zip(channel.steps, channel.times, strict=True):
        if isinstance(step, UserSaid | AssistantSaid):
            new += [] if said.contain(step.text) else [step]
            continue
        same = free.match(*_accepted(step))
        if same is None:
            _continue_text(steps, new)
            new = []
            steps.add(step, at)
        elif isinstance(step, Called) and step.arguments != {}:
            steps.steps[same] = step
    _continue_text(steps, new)


def _continue_text(steps: Steps, new: list[UserSaid | AssistantSaid]) -> None:
    """Add texts to the message that the steps end with, if they do."""
    last = steps.steps[-1] if steps.steps else None
    if new and isinstance(last, UserSaid | AssistantSaid):
        steps.steps[-1] = type(last)(joined([last.text, *(one.text for one in new)]))
    elif new:
        steps.add(type(new[0])(joined(one.text for one in new)))


def _keys(step: Step) -> list[tuple[str, ...]]:
    """Return the keys of a step: equal ones have one in common."""
    if isinstance(step, Called):
        own = ("call", step.identifier, step.tool)
        # A place may lack the arguments of a call; it is known by its identifier then.
        return [(*own, dumps(step.arguments)), *([own] if step.identifier else [])]
    if isinstance(step, Answered):
        texts = (dumps(step.output), dumps(step.error))
        return [("answer", step.identifier, step.tool, *texts)]
    return [(type(step).__name__, step.text)]


def _accepted(step: Step) -> list[tuple[str, ...]]:
    """Return the keys under which a step is looked for among those of another place."""
    keys = _keys(step)
    if not isinstance(step, Called) or not step.identifier:
        return keys
    return [keys[1]] if step.arguments == {} else [keys[0], (*keys[1], "{}")]


def _read_answer(steps: Steps, path: str, message: dict[str, Any]) -> None:
    """Add the answers among a tool message's parts, else its content as one answer."""
    content = message.get("parts") or first_of(message, _CONTENT)
    for key in _CONTENT:
        if not Texts([text_of_all(content)]).contain(text_of_all(message.get(key))):
            refuse(f"{path}.{key}", "must not differ from the content beside it")
    inner = Steps(at=steps.at)
    parts = content if isinstance(content, list) else []
    answers = 0
    for number, part in enumerate(parts):
        answers += read_part(inner, f"{path}.content.{number}", part)
    if parts and answers == len(parts) and any(isinstance(s, Answered) for s in inner.steps):
        steps.extend(inner)
        return
    fields = {key: value for key, value in message.items() if key not in ("id", "content")}
    steps.add(answer_of({**fields, "content": content}, ("content", "output", "result")))


def _check_fields(path: str, message: dict[str, Any]) -> None:
    """Refuse fields of another type, and unknown ones that look like calls."""
    for key, value in message.items():
        if value and key not in _KNOWN and _CALL_LIKE.search(key):
            refuse(f"{path}.{key}", "is unknown; calls are read from tool_calls")
    for key, kind, name in _TYPES:
        if not isinstance(message.get(key), kind | None):
            refuse(f"{path}.{key}", f"must be {name}")


def _check_empty(path: str, message: dict[str, Any]) -> None:
    """Refuse a message without any content in which something else may be its content."""
    unknown = [key for key, value in message.items() if value and key not in _KNOWN]
    if unknown:
        refuse(f"{path}.{unknown[0]}", "is unknown; the text of a message is its content")
