"""The scripted model: answers the same to the same, without a network and at no price.

It calls a tool when it is asked for what the tool does and has the tool: the time,
arithmetic, notes. Three marks in a message rehearse what a real model does at times:
``[wait 2]`` takes so many seconds, ``[fail]`` and ``[fail retryable]`` give no answer.
"""

import hashlib
import re
import time
from collections.abc import Callable

from shared.core.json import as_text, dumps
from shared.llm.port import (
    ChatMessage,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    Part,
    TokenUsage,
    ToolCall,
)
from shared.llm.scripted_requests import wanted_tools

#: Seconds that ``[wait …]`` takes at most: a rehearsal is not to hold a function for long.
MAX_WAIT = 30.0
#: Characters a token, roughly, of English text.
_CHARACTERS_A_TOKEN = 4

_WAIT = re.compile(r"\[wait (\d{1,3}(?:\.\d{1,3})?)\]")
_FAIL = re.compile(r"\[fail( retryable)?\]")


class ScriptedModel:
    """A :class:`~shared.llm.port.LanguageModel` that needs nobody."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Return a tool's call, or what tools have answered, or what was said."""
        said = _last_words(request.messages)
        results = _results(request.messages)
        if not results:
            self._rehearse(said, request.time_limit)
            calls = _calls(said, request)
            if calls:
                return ModelAnswer(text="", tool_calls=calls, usage=_usage(request, str(calls)))
        text = " ".join(_told(result) for result in results) or f"You said: {said}"
        return ModelAnswer(text=text, usage=_usage(request, text))

    def _rehearse(self, said: str, time_limit: float) -> None:
        if wait := _WAIT.search(said):
            self._sleep(min(float(wait[1]), MAX_WAIT, time_limit))
        if fail := _FAIL.search(said):
            raise ModelFailed("The scripted model was asked to fail.", retryable=bool(fail[1]))


def _last_words(messages: tuple[ChatMessage, ...]) -> str:
    for message in reversed(messages):
        if message.role == "user":
            texts = [part["text"] for part in message.content if part["type"] == "text"]
            return "\n".join(texts) or "(no text)"
    return "(no text)"


def _results(messages: tuple[ChatMessage, ...]) -> list[Part]:
    """Return what tools have answered since the user spoke last."""
    found: list[Part] = []
    for message in messages:
        if message.role == "user":
            found = []
        elif message.role == "tool_result":
            found += message.content
    return found


def _calls(said: str, request: ModelRequest) -> tuple[ToolCall, ...]:
    have = {tool.name for tool in request.tools}
    return tuple(
        ToolCall(_call_id(said, len(request.messages), place), name, arguments)
        for place, (name, arguments) in enumerate(wanted_tools(said))
        if name in have
    )


def _call_id(*parts: str | int) -> str:
    return "call_" + hashlib.sha256(dumps(parts).encode()).hexdigest()[:24]


def _told(result: Part) -> str:
    if "error" in result:
        return f"That did not work: {result['error']}"
    value = result.get("result")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_text(inner)}" for name, inner in value.items())
    return as_text(value)


def _usage(request: ModelRequest, answer: str) -> TokenUsage:
    asked = request.system_prompt + dumps([message.content for message in request.messages])
    return TokenUsage(
        input_tokens=-(-len(asked) // _CHARACTERS_A_TOKEN),
        output_tokens=-(-len(answer) // _CHARACTERS_A_TOKEN),
    )
