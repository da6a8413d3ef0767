"""Agent nodes: repeat the request to the agent until the node is done or waits for the user."""

from collections.abc import Mapping
from typing import Any

from shared.playground.engine import events
from shared.playground.engine.ports import (
    AgentAnswer,
    AgentFailed,
    AgentRequest,
    AgentToolCall,
    AgentToolResult,
)
from shared.playground.engine.state import REASK_CAP_EXCEEDED
from shared.playground.engine.turn import NodeFailed, Turn, TurnFailed, messages
from shared.playground.expressions import parse
from shared.playground.graph import AgentNode

#: Answers of the agent per run of its node.
MAX_ROUNDS = 20
#: Counter name of questions that ask for no variable.
_NO_VARIABLE = ""
_DEFAULT_CAP = 3


def run_agent(turn: Turn, node: AgentNode, message: str | None) -> bool:
    """Run an agent node. Return True if it is done, False if it waits for the user.

    Raises :class:`NodeFailed` when a variable's reask cap is exceeded, and
    :class:`TurnFailed` when the agent fails or does not finish.
    """
    if message is None and node.required_writes and is_done(turn, node):
        return True
    run = _Run(turn, node, message)
    for _ in range(MAX_ROUNDS):
        answer = run.request()
        if not answer.writes and not answer.tool_calls:
            if is_done(turn, node):
                turn.say_verbatim(node.id, answer.text)
                return True
            _wait(turn, node, answer)
            return False
        turn.say_verbatim(node.id, answer.text)
        run.execute(answer)
        if node.required_writes and is_done(turn, node):
            return True
    raise TurnFailed(
        f"{node.id}: the agent must finish within {MAX_ROUNDS} answers; simplify the node.",
        code="node_execution_failed: agent_loop",
    )


def is_done(turn: Turn, node: AgentNode) -> bool:
    """Return True if all required variables are set and ``done_when`` holds."""
    if any(turn.values.get(name) is None for name in node.required_writes):
        return False
    return node.done_when is None or parse(node.done_when).holds(turn.values)


def open_variables(turn: Turn, node: AgentNode) -> tuple[str, ...]:
    """Return the variables that are still to be collected."""
    unset = tuple(name for name in node.required_writes if turn.values.get(name) is None)
    if unset or node.done_when is None or is_done(turn, node):
        return unset
    names = parse(node.done_when).names
    return tuple(name for name in node.writable if name in names)


class _Run:
    """Run of an agent node; each request includes the results of the previous answers."""

    def __init__(self, turn: Turn, node: AgentNode, message: str | None) -> None:
        self._turn = turn
        self._node = node
        self._message = message
        self._asked_variable = turn.state.asked_variable
        self._written: dict[str, Any] = {}
        self._rejected: dict[str, str] = {}
        self._results: tuple[AgentToolResult, ...] = ()

    def request(self) -> AgentAnswer:
        request = AgentRequest(
            node=self._node,
            persona=self._turn.graph.graph.persona,
            variables=self._turn.graph.variables,
            values=self._turn.values,
            message=self._message,
            asked_variable=self._asked_variable,
            open_variables=open_variables(self._turn, self._node),
            spoken=messages(self._turn.events),
            written=self._written,
            rejected=self._rejected,
            results=self._results,
        )
        try:
            return self._turn.context.agent.answer(request)
        except AgentFailed as failure:
            raise TurnFailed(
                failure.reason,
                code="node_execution_failed: agent_failed",
                retryable=failure.retryable,
            ) from failure

    def execute(self, answer: AgentAnswer) -> None:
        self._rejected = self._write(answer.writes) if answer.writes else {}
        for call in answer.tool_calls:
            self._results = (*self._results, self._call(call))

    def _write(self, writes: Mapping[str, Any]) -> dict[str, str]:
        writable = self._node.writable
        rejected = {n: "this node does not write it" for n in writes if n not in writable}
        rejected |= self._turn.write({n: value for n, value in writes.items() if n in writable})
        self._written = self._written | {
            name: self._turn.values[name] for name in writes if name not in rejected
        }
        return rejected

    def _call(self, call: AgentToolCall) -> AgentToolResult:
        tool = next((tool for tool in self._node.tools if tool.slug == call.tool), None)
        if tool is None:
            return AgentToolResult(call, error="this node has no such tool")
        answer = self._turn.call(call.tool, call.arguments)
        if answer.error is None:
            self._turn.bind(tool, {}, answer.output)
        return AgentToolResult(call, answer.output, answer.error)


def _wait(turn: Turn, node: AgentNode, answer: AgentAnswer) -> None:
    """Ask the user, unless the reask cap is exceeded."""
    names = open_variables(turn, node)
    name = answer.asks or (names[0] if names else _NO_VARIABLE)
    times = turn.state.ask_counts.get(name, 0)
    cap = turn.graph.variable(name).reask_cap if name else _DEFAULT_CAP
    # The first question does not count as a repeat.
    if times > cap:
        turn.signal(REASK_CAP_EXCEEDED)
        raise NodeFailed(REASK_CAP_EXCEEDED)
    turn.say_verbatim(node.id, answer.text)
    turn.emit(events.VARIABLE_ASKED, variable=name, times=times + 1)
