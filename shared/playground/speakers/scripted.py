"""Scripted agent: asks, reads answers and calls tools, deterministically and without a model.

It asks for the open variables one at a time, by their descriptions; reads the answer by the
variable's type; and calls each tool of its node once, as soon as its inputs are known.
"""

from typing import Any

from shared.playground.engine.ports import AgentAnswer, AgentRequest, AgentToolCall
from shared.playground.graph import ToolRef, Variable
from shared.playground.speakers.reading import find_unambiguous, read_answer

_NOT_UNDERSTOOD = "Sorry, I did not get that."
_NOT_ENOUGH = "I cannot go on with that."
_ANYTHING_ELSE = "What else would you like to tell me?"


class ScriptedAgent:
    """:class:`~shared.playground.engine.ports.Agent` that follows fixed rules."""

    def answer(self, request: AgentRequest) -> AgentAnswer:
        """Write the user's values; then call tools; then ask for the next variable."""
        if request.is_first and request.message is not None and (writes := _writes(request)):
            return AgentAnswer(writes=writes)
        if calls := _calls(request):
            return AgentAnswer(tool_calls=calls)
        if not request.open_variables:
            # Done, or waiting for a condition that only the user can change.
            return AgentAnswer(text=_ANYTHING_ELSE if request.node.done_when else "")
        name = request.open_variables[0]
        question = _question(request.variable(name))
        if request.asked_variable == name and request.message is not None:
            opening = _NOT_ENOUGH if name in request.written else _NOT_UNDERSTOOD
            question = f"{opening} {question}"
        return AgentAnswer(text=question, asks=name)


def _writes(request: AgentRequest) -> dict[str, Any]:
    """Return the values in the message: the requested one, and any unambiguous others."""
    message, asked = request.message or "", request.asked_variable
    writes: dict[str, Any] = {}
    if asked and (value := read_answer(request.variable(asked), message)) is not None:
        writes[asked] = value
    for name in request.open_variables:
        if name not in writes and name not in request.values:
            value = find_unambiguous(request.variable(name), message)
            if value is not None and value not in writes.values():
                writes[name] = value
    return writes


def _calls(request: AgentRequest) -> tuple[AgentToolCall, ...]:
    """Return the due tool calls: inputs known, and not made in this run.

    The inputs are the node's variables that none of its tools sets. A tool whose variables
    are set is not called again.
    """
    node = request.node
    by_tools = {name for tool in node.tools for name in tool.output_bindings}
    inputs = [name for name in node.writable if name not in by_tools]
    if any(request.values.get(name) is None for name in inputs if name in node.required_writes):
        return ()
    arguments = {n: request.values[n] for n in inputs if request.values.get(n) is not None}
    called = {result.call.tool for result in request.results}
    return tuple(
        AgentToolCall(tool.slug, arguments)
        for tool in node.tools
        if tool.slug not in called and _is_due(request, tool)
    )


def _is_due(request: AgentRequest, tool: ToolRef) -> bool:
    bound = tool.output_bindings
    return not bound or any(request.values.get(name) is None for name in bound)


def _question(variable: Variable) -> str:
    topic = variable.description.strip() or variable.name.replace("_", " ")
    if topic.endswith("?"):
        return topic
    if topic[1:2].islower() or topic[1:2] == " ":
        topic = topic[0].lower() + topic[1:]
    choices = ""
    if variable.type == "enum" and not all(value in topic for value in variable.enum_values):
        choices = f" ({', '.join(variable.enum_values)})"
    return f"Please tell me: {topic.rstrip('.')}{choices}."
