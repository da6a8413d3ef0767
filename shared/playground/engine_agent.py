"""Running an agent node: its agent is asked until the node is done or waits for the user."""

from typing import Any

from shared.playground import events
from shared.playground.engine_ports import (
    AgentAnswer,
    AgentFailed,
    AgentRequest,
    AgentToolCall,
    AgentToolResult,
)
from shared.playground.engine_state import REASK_CAP_EXCEEDED
from shared.playground.engine_turn import NodeFailed, Turn, TurnFailed
from shared.playground.expressions import parse
from shared.playground.graph import AgentNode

#: Answers of its agent that one run of a node takes, at most.
MAX_ROUNDS = 20
#: What is asked for where no variable is wanted and yet the node is not done.
_NOTHING_NAMED = ""
_DEFAULT_CAP = 3


def run_agent(turn: Turn, node: AgentNode, message: str | None) -> bool:
    """Run an agent node; tell whether it is done, or waits for the user.

    Raises :class:`NodeFailed` when a variable would be asked for once too often, and
    :class:`TurnFailed` when the agent gives no answer or comes to no end.
    """
    if message is None and node.required_writes and is_done(turn, node):
        return True  # nothing to find out
    run = _Run(turn, node, message)
    for _ in range(MAX_ROUNDS):
        answer = run.ask()
        if not answer.writes and not answer.tool_calls:
            if is_done(turn, node):
                turn.say_as_is(node.id, answer.text)
                return True
            _wait(turn, node, answer)
            return False
        turn.say_as_is(node.id, answer.text)
        run.carry_out(answer)
        if node.required_writes and is_done(turn, node):
            return True
    raise TurnFailed(
        f"The agent of {node.id!r} comes to no end.", code="node_execution_failed: agent_loop"
    )


def is_done(turn: Turn, node: AgentNode) -> bool:
    """Tell whether all required variables are set and ``done_when`` holds."""
    if any(turn.values.get(name) is None for name in node.required_writes):
        return False
    return node.done_when is None or parse(node.done_when).holds(turn.values)


def wanted(turn: Turn, node: AgentNode) -> tuple[str, ...]:
    """Return the variables that are still to be found out."""
    unset = tuple(name for name in node.required_writes if turn.values.get(name) is None)
    if unset or node.done_when is None or is_done(turn, node):
        return unset
    names = parse(node.done_when).names
    may_write = dict.fromkeys((*node.required_writes, *node.writes))
    return tuple(name for name in may_write if name in names)


class _Run:
    """One run of an agent node: what its agent is told grows with what it does."""

    def __init__(self, turn: Turn, node: AgentNode, message: str | None) -> None:
        self._turn = turn
        self._node = node
        self._message = message
        self._asking = turn.state.asking
        self._written: dict[str, Any] = {}
        self._refused: dict[str, str] = {}
        self._results: tuple[AgentToolResult, ...] = ()

    def ask(self) -> AgentAnswer:
        request = AgentRequest(
            node=self._node,
            persona=self._turn.graph.graph.persona,
            variables=self._turn.graph.variables,
            values=self._turn.values,
            message=self._message,
            asking=self._asking,
            wanted=wanted(self._turn, self._node),
            spoken=self._turn.spoken(),
            written=self._written,
            refused=self._refused,
            results=self._results,
        )
        try:
            return self._turn.around.agent.answer(request)
        except AgentFailed as failure:
            raise TurnFailed(
                failure.reason,
                code="node_execution_failed: agent_failed",
                retryable=failure.retryable,
            ) from failure

    def carry_out(self, answer: AgentAnswer) -> None:
        self._refused = {}
        if answer.writes:
            self._write(dict(answer.writes))
        for call in answer.tool_calls:
            self._results = (*self._results, self._call(call))

    def _write(self, writes: dict[str, Any]) -> None:
        allowed = {*self._node.required_writes, *self._node.writes}
        strange = {name: "this node does not write it" for name in writes if name not in allowed}
        self._refused = strange | self._turn.write(
            {name: value for name, value in writes.items() if name in allowed}
        )
        kept = {name: self._turn.values[name] for name in writes if name not in self._refused}
        self._written = self._written | kept

    def _call(self, call: AgentToolCall) -> AgentToolResult:
        tool = next((tool for tool in self._node.tools if tool.slug == call.tool), None)
        if tool is None:
            return AgentToolResult(call, error="this node has no such tool")
        answer = self._turn.call(call.tool, call.arguments)
        if answer.error is None:
            self._turn.bind(tool, {}, answer.output)
        return AgentToolResult(call, answer.output, answer.error)


def _wait(turn: Turn, node: AgentNode, answer: AgentAnswer) -> None:
    """Ask the user, unless it would be once too often."""
    open_ones = wanted(turn, node)
    name = answer.asks or (open_ones[0] if open_ones else _NOTHING_NAMED)
    times = turn.state.asked.get(name, 0)
    cap = turn.graph.variable(name).reask_cap if name else _DEFAULT_CAP
    # The first time is no asking again.
    if times > cap:
        turn.signal(REASK_CAP_EXCEEDED)
        raise NodeFailed(REASK_CAP_EXCEEDED)
    turn.say_as_is(node.id, answer.text)
    turn.emit(events.VARIABLE_ASKED, variable=name, times=times + 1)
