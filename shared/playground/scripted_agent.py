"""The scripted agent: asks, reads and calls without a model, the same way every time.

It asks for each variable that is wanted by its description, one at a time; reads the answer
by the variable's type; and calls each of its node's tools once, as soon as all that the tool
can be told is known.
"""

from typing import Any

from shared.playground.engine_ports import AgentAnswer, AgentRequest, AgentToolCall
from shared.playground.graph import ToolRef, Variable
from shared.playground.scripted_reading import noticed, read

_NOT_UNDERSTOOD = "Sorry, I did not get that."
_NOT_ENOUGH = "I cannot go on with that."
_ANYTHING = "What else would you like to tell me?"


class ScriptedAgent:
    """An :class:`~shared.playground.engine_ports.Agent` that needs nobody."""

    def answer(self, request: AgentRequest) -> AgentAnswer:
        """Write what the user said; then call what can be called; then ask."""
        fresh = not (request.written or request.refused or request.results)
        if fresh and request.message is not None and (writes := _heard(request)):
            return AgentAnswer(writes=writes)
        if calls := _calls(request):
            return AgentAnswer(tool_calls=calls)
        if not request.wanted:
            # Done, or waiting for something that only the user can move on.
            return AgentAnswer(text=_ANYTHING if request.node.done_when else "")
        name = request.wanted[0]
        question = _question(request.variable(name))
        if request.asking == name and request.message is not None:
            opening = _NOT_ENOUGH if name in request.written else _NOT_UNDERSTOOD
            question = f"{opening} {question}"
        return AgentAnswer(text=question, asks=name)


def _heard(request: AgentRequest) -> dict[str, Any]:
    """Return what the message says: the answer to what was asked, and what cannot be mistaken."""
    message = request.message or ""
    heard: dict[str, Any] = {}
    if request.asking and (value := read(request.variable(request.asking), message)) is not None:
        heard[request.asking] = value
    for name in request.wanted:
        if name not in heard and name not in request.values:
            value = noticed(request.variable(name), message)
            if value is not None and value not in heard.values():
                heard[name] = value
    return heard


def _calls(request: AgentRequest) -> tuple[AgentToolCall, ...]:
    """Return the calls of tools whose inputs are known and that were not called in this run.

    A tool's inputs are the variables of the node that none of its tools fills. A tool that
    has filled its variables already need not be called again.
    """
    node = request.node
    by_tools = {name for tool in node.tools for name in tool.output_bindings}
    inputs = [n for n in dict.fromkeys((*node.required_writes, *node.writes)) if n not in by_tools]
    if any(request.values.get(name) is None for name in inputs if name in node.required_writes):
        return ()
    arguments = {n: request.values[n] for n in inputs if request.values.get(n) is not None}
    called = {result.call.tool for result in request.results}
    waiting = (tool for tool in node.tools if tool.slug not in called)
    return tuple(
        AgentToolCall(tool.slug, arguments) for tool in waiting if _has_to_fill(request, tool)
    )


def _has_to_fill(request: AgentRequest, tool: ToolRef) -> bool:
    bound = tool.output_bindings
    return not bound or any(request.values.get(name) is None for name in bound)


def _question(variable: Variable) -> str:
    described = variable.description.strip() or variable.name.replace("_", " ")
    if described.endswith("?"):
        return described
    if described[1:2].islower() or described[1:2] == " ":
        described = described[0].lower() + described[1:]
    choices = ""
    if variable.type == "enum" and not all(v in described for v in variable.enum_values):
        choices = f" ({', '.join(variable.enum_values)})"
    return f"Please tell me: {described.rstrip('.')}{choices}."
