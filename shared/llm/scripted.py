"""Scripted provider: deterministic answers, without network and cost.

The model calls a tool that it has when a message asks for it: time, arithmetic, notes, weather;
or ``[call <name> {"city": "Paris"}]``, which calls any tool that the request offers. Four
markers in a message simulate a real model's behavior: ``[wait 2]`` delays the answer by
seconds, ``[stream 5]`` writes its text word by word over seconds, ``[fail]`` and
``[fail retryable]`` raise a failure.
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
from shared.llm.scripted_tools import requested_tools

#: Seconds that ``[wait …]`` delays an answer and ``[stream …]`` takes, at most.
MAX_WAIT = 30.0
#: Characters per token of English text, roughly.
_CHARACTERS_PER_TOKEN = 4

_STREAM = re.compile(r"\[stream (\d{1,3}(?:\.\d{1,3})?)\]")
_WAIT = re.compile(r"\[wait (\d{1,3}(?:\.\d{1,3})?)\]")
_FAIL = re.compile(r"\[fail( retryable)?\]")


class ScriptedModel:
    """:class:`~shared.llm.port.LanguageModel` without a model behind it."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Return tool calls, else the tools' results, else the message itself."""
        try:
            return self._answer(request)
        except ValueError as error:  # NaN in a result
            reason = "The scripted model cannot read the conversation."
            raise ModelFailed(reason, retryable=False) from error

    def _answer(self, request: ModelRequest) -> ModelAnswer:
        message = _last_text(request.messages)
        results = _results(request.messages)
        if not results:
            self._simulate(message, request.time_limit)
            calls = _calls(message, request)
            if calls:
                return ModelAnswer(text="", tool_calls=calls, usage=_usage(request, str(calls)))
        text = " ".join(_as_sentence(result) for result in results) or f"You said: {message}"
        if stream := _STREAM.search(message):
            self._write(text, min(float(stream[1]), MAX_WAIT, request.time_limit), request.on_text)
        return ModelAnswer(text=text, usage=_usage(request, text))

    def _simulate(self, text: str, time_limit: float) -> None:
        if wait := _WAIT.search(text):
            self._sleep(min(float(wait[1]), MAX_WAIT, time_limit))
        if fail := _FAIL.search(text):
            raise ModelFailed("The scripted model fails on request.", retryable=bool(fail[1]))

    def _write(self, text: str, seconds: float, on_text: Callable[[str], None] | None) -> None:
        """Write a text word by word in equal pauses; without a listener, wait for as long."""
        ends = [word.end() for word in re.finditer(r"\S+\s*", text)]
        if on_text is None or not ends:
            self._sleep(seconds)
            return
        for end in ends:
            self._sleep(seconds / len(ends))
            on_text(text[:end])


def _last_text(messages: tuple[ChatMessage, ...]) -> str:
    for message in reversed(messages):
        if message.role == "user":
            texts = [part["text"] for part in message.content if part["type"] == "text"]
            return "\n".join(texts) or "(no text)"
    return "(no text)"


def _results(messages: tuple[ChatMessage, ...]) -> list[Part]:
    """Return the tool results since the last user message."""
    results: list[Part] = []
    for message in messages:
        if message.role == "user":
            results = []
        elif message.role == "tool_result":
            results += message.content
    return results


def _calls(text: str, request: ModelRequest) -> tuple[ToolCall, ...]:
    names = {tool.name for tool in request.tools}
    return tuple(
        ToolCall(_call_id(text, len(request.messages), index), name, arguments)
        for index, (name, arguments) in enumerate(requested_tools(text))
        if name in names
    )


def _call_id(*parts: str | int) -> str:
    return "call_" + hashlib.sha256(dumps(parts).encode()).hexdigest()[:24]


def _as_sentence(result: Part) -> str:
    if "error" in result:
        return f"That did not work: {result['error']}"
    value = result.get("result")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_text(inner)}" for name, inner in value.items())
    return as_text(value)


def _usage(request: ModelRequest, answer: str) -> TokenUsage:
    prompt = request.system_prompt + dumps([message.content for message in request.messages])
    return TokenUsage(
        input_tokens=-(-len(prompt) // _CHARACTERS_PER_TOKEN),
        output_tokens=-(-len(answer) // _CHARACTERS_PER_TOKEN),
    )
