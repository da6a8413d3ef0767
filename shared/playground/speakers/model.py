"""Model agent: a language model that speaks in agent nodes and acts through tools.

It sets variables with the tool ``set_variables`` and calls the node's own tools by their
names. The system prompt holds its instructions and the open variables.
"""

import re
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from shared.llm.port import (
    ChatMessage,
    LanguageModel,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    ToolCall,
    ToolSpecification,
)
from shared.playground.engine.ports import (
    AgentAnswer,
    AgentFailed,
    AgentRequest,
    AgentToolCall,
    Listen,
    Role,
)
from shared.playground.graph import ToolRef, Variable

#: Seconds into a turn after which the model is not called again; its last answer may take 12
#: more, and API Gateway waits 29 for the whole turn.
MAX_SECONDS = 15.0
#: Answers in a row whose tool calls cannot be read, at most.
_MAX_UNREADABLE = 3
#: Earlier messages in the model's context.
_MAX_HISTORY = 200
SET_VARIABLES = "set_variables"

_RULES = """\
You play one step of a workflow. Keep to this step's instructions; what comes before and after \
it is not your part.
- As soon as the user has told you one of the variables below, record it with set_variables. \
Record only what was said or follows from it; never invent a value.
- If something is missing, ask the user for it, one thing at a time.
- If a value is refused, you are told why: ask again.
- Do not speak of variables, tools or steps to the user."""
_TYPES = {"int": "integer", "float": "number", "bool": "boolean"}
_INVALID_CHARACTER = re.compile(r"[^A-Za-z0-9_-]")


class ModelAgent:
    """:class:`~shared.playground.engine.ports.Agent` for one turn.

    ``name`` is the model's at the provider. ``history`` returns the messages before this turn;
    it is called at most once. ``listen`` is entered for each call of the model, and gives what
    takes its text while it is written.
    """

    def __init__(
        self,
        model: LanguageModel,
        name: str,
        history: Callable[[], Iterable[tuple[Role, str]]],
        monotonic: Callable[[], float] = time.monotonic,
        listen: Listen = nullcontext,
    ) -> None:
        self._listen = listen
        self._model = model
        self._name = name
        self._history = history
        self._monotonic = monotonic
        self._deadline = monotonic() + MAX_SECONDS
        self._earlier: list[ChatMessage] | None = None
        self._run: list[ChatMessage] = []
        self._pending: tuple[ToolCall, ...] = ()
        self._answered = 0

    def answer(self, request: AgentRequest) -> AgentAnswer:
        """Call the model.

        Raises :class:`AgentFailed` if it fails or does not answer in time, and what a listener
        to its text raises.
        """
        if request.is_first:
            self._start(request)
        else:
            self._add_results(request)
        for _ in range(_MAX_UNREADABLE):
            answer = self._call(request)
            self._remember(answer)
            calls = answer.tool_calls
            if not calls or any(call.error is None for call in calls):
                return self._to_answer(request, answer)
            # None of its calls can be read: the model is told so, and called again.
            self._add_results(request)
        raise AgentFailed("The model's tool calls cannot be read.", retryable=True)

    def _call(self, request: AgentRequest) -> ModelAnswer:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise AgentFailed("The model took too long.", retryable=True)
        try:
            with self._listen() as on_text:
                return self._model.answer(
                    ModelRequest(
                        model=self._name,
                        system_prompt=_system_prompt(request),
                        messages=tuple(self._run),
                        tools=_tools(request),
                        time_limit=left,
                        on_text=on_text,
                    )
                )
        except ModelFailed as failure:
            raise AgentFailed(failure.reason, retryable=failure.retryable) from failure

    def _start(self, request: AgentRequest) -> None:
        """Start the run of a node with the conversation so far."""
        if self._earlier is None:
            history = list(self._history())[-_MAX_HISTORY:]
            self._earlier = [_message(role, text) for role, text in history]
        self._run = [*self._earlier, *(_message(role, text) for role, text in request.spoken)]
        self._pending, self._answered = (), 0
        if not self._run or self._run[0].role != "user":
            self._run.insert(0, _message("user", "(The conversation begins.)"))
        if self._run[-1].role != "user":
            # The turn reached this step from another one: the user has not addressed it yet.
            self._run.append(_message("user", "(Go on with your step.)"))

    def _add_results(self, request: AgentRequest) -> None:
        """Add the results of the model's last tool calls."""
        results = iter(request.results[self._answered :])
        self._answered = len(request.results)
        parts: list[dict[str, Any]] = []
        for call in self._pending:
            part: dict[str, Any] = {"type": "tool_result", "tool_call_id": call.id}
            if call.error is not None:
                part["error"] = call.error
            elif call.name == SET_VARIABLES:
                refused = {n: why for n, why in request.rejected.items() if n in call.arguments}
                accepted = [name for name in call.arguments if name not in refused]
                part["result"] = {"set": accepted, "refused": refused}
            elif (result := next(results)).error is None:
                part["result"] = result.output
            else:
                part["error"] = result.error
            parts.append(part)
        self._run.append(ChatMessage("tool_result", tuple(parts)))

    def _remember(self, answer: ModelAnswer) -> None:
        """Add the answer to the run; its calls wait for their results."""
        content: list[dict[str, Any]] = []
        if answer.text:
            content.append({"type": "text", "text": answer.text})
        content += (
            {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
            for call in answer.tool_calls
        )
        self._run.append(ChatMessage("agent", tuple(content)))
        self._pending = answer.tool_calls

    def _to_answer(self, request: AgentRequest, answer: ModelAnswer) -> AgentAnswer:
        writes: dict[str, Any] = {}
        calls: list[AgentToolCall] = []
        slugs = {_tool_name(tool): tool.slug for tool in request.node.tools}
        for call in (call for call in answer.tool_calls if call.error is None):
            if call.name == SET_VARIABLES:
                writes |= call.arguments
            else:
                calls.append(AgentToolCall(slugs.get(call.name, call.name), call.arguments))
        text = answer.text.strip()
        if not (text or writes or calls) and request.open_variables:
            raise AgentFailed("The model returned an empty answer.", retryable=True)
        return AgentAnswer(text=text, writes=writes, tool_calls=tuple(calls))


def _message(role: Role, text: str) -> ChatMessage:
    return ChatMessage(role, ({"type": "text", "text": text},))


def _system_prompt(request: AgentRequest) -> str:
    parts = [
        request.persona or "",
        _RULES,
        f"Instructions of this step:\n{request.node.instructions}",
    ]
    names = _writable(request)
    if names:
        lines = [_line(request, name) for name in names]
        parts.append("Variables of this step:\n" + "\n".join(lines))
    known = {n: v for n, v in request.values.items() if n not in names}
    if known:
        parts.append("Already known:\n" + "\n".join(f"- {n}: {v!r}" for n, v in known.items()))
    if request.node.done_when is not None:
        parts.append(f"This step is done when: {request.node.done_when}")
    return "\n\n".join(part for part in parts if part)


def _line(request: AgentRequest, name: str) -> str:
    variable = request.variable(name)
    kind = variable.type
    if kind == "enum":
        kind = " | ".join(variable.enum_values)  # type: ignore[assignment]  # words for the model
    if request.values.get(name) is not None:
        state = f"is {request.values[name]!r}"
    else:
        state = "still needed" if name in request.open_variables else "optional"
    return f"- {name} ({kind}; {state}): {variable.description}"


def _writable(request: AgentRequest) -> list[str]:
    return [name for name in request.node.writable if request.variable(name).source != "system"]


def _tools(request: AgentRequest) -> tuple[ToolSpecification, ...]:
    tools = [
        ToolSpecification(
            _tool_name(tool), f"The {tool.kind} tool {tool.slug}.", {"type": "object"}
        )
        for tool in request.node.tools
    ]
    if names := _writable(request):
        properties = {name: _schema(request.variable(name)) for name in names}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        tools.insert(0, ToolSpecification(SET_VARIABLES, "Record what the user has told.", schema))
    return tuple(tools)


def _tool_name(tool: ToolRef) -> str:
    """Return a name that models accept: at most 64 letters, digits, ``_`` and ``-``."""
    return _INVALID_CHARACTER.sub("_", tool.slug)[:64]


def _schema(variable: Variable) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TYPES.get(variable.type, "string")}
    if variable.enum_values:
        schema["enum"] = list(variable.enum_values)
    if variable.description:
        schema["description"] = variable.description
    return schema
