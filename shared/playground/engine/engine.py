"""Turn execution: from state and input to the next state and its events.

No table, clock or network is used here: agent, tools and time come with the
:class:`TurnContext`. The same graph, state, input and context produce the same turn.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from shared.core.clock import timestamp
from shared.core.errors import Conflict
from shared.playground.engine import events
from shared.playground.engine.agent_nodes import run_agent
from shared.playground.engine.runnable_graph import RunnableGraph, condition_values
from shared.playground.engine.state import (
    APPROVAL_REQUIRED,
    APPROVAL_TIMED_OUT,
    COMPLETED,
    HANDOFF,
    MAX_STEPS_EXCEEDED,
    State,
)
from shared.playground.engine.turn import NodeFailed, Turn, TurnContext, TurnFailed
from shared.playground.expressions import ExpressionError, parse
from shared.playground.graph import ActionNode, AgentNode, ApprovalNode, HandoffNode, Node, Step
from shared.sessions.domain import NewEvent

#: Node executions per turn (the Feather API).
MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class Message:
    """Message of the user."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Decision about an approval, by a person or by its deadline."""

    approve: bool
    note: str | None = None
    by: Literal["person", "deadline"] = "person"


type Input = Message | Decision


@dataclass(frozen=True, slots=True)
class TurnResult:
    """Result of a completed turn."""

    state: State
    events: tuple[NewEvent, ...]
    reply: str


def run_turn(
    graph: RunnableGraph, state: State, turn_input: Input, context: TurnContext
) -> TurnResult:
    """Run the nodes from an input until the conversation waits again or ends.

    Raises
    ------
    Conflict
        The state does not accept this input: ``session_ended``, ``awaiting_approval`` or
        ``not_awaiting_approval``.
    TurnFailed
        The turn did not complete; the state before it stays.
    """
    check_input(state, turn_input)
    turn = Turn(graph, state, context)
    try:
        _start(turn, turn_input)
    except TurnFailed as failure:
        failure.events = tuple(turn.events)
        raise
    except ExpressionError as error:  # of a graph that was stored before it was validated
        failed = TurnFailed(str(error), code="node_execution_failed: bad_expression")
        failed.events = tuple(turn.events)
        raise failed from error
    return TurnResult(turn.state, tuple(turn.events), turn.reply)


def check_input(state: State, turn_input: Input) -> None:
    """Reject an input that the state does not accept. Raises ``Conflict``."""
    if isinstance(turn_input, Decision):
        if not state.awaiting_approval:
            raise Conflict(
                "The session is not waiting for an approval.", code="not_awaiting_approval"
            )
    elif state.node_id is None:
        raise Conflict("The session has ended.", code="session_ended")
    elif state.awaiting_approval:
        raise Conflict(
            "The session is waiting for an approval; resume it first.", code="awaiting_approval"
        )


def _start(turn: Turn, turn_input: Input) -> None:
    if isinstance(turn_input, Message):
        turn.emit(events.USER_MESSAGE, text=turn_input.text)
        _run_nodes(turn, turn_input.text)
        return
    node = _get_node(turn, turn.state.node_id or "")
    if not isinstance(node, ApprovalNode):
        raise _routing_error(node.id)
    turn.emit(
        events.APPROVAL_DECIDED,
        node_id=node.id,
        decision="approve" if turn_input.approve else "deny",
        note=turn_input.note,
        by=turn_input.by,
    )
    if turn_input.by == "deadline":
        turn.signal(APPROVAL_TIMED_OUT)
    because = f"decided by {turn_input.by}"
    if _leave_approval(turn, node, approved=turn_input.approve, because=because):
        _run_nodes(turn, None)


def _run_nodes(turn: Turn, message: str | None) -> None:
    """Run nodes in sequence until one waits or the conversation ends."""
    while _run_node(turn, message):
        message = None  # only the first node receives it


def _run_node(turn: Turn, message: str | None) -> bool:
    """Run the current node. Return True if another one follows."""
    node = _get_node(turn, turn.state.node_id or "")
    turn.steps += 1
    if turn.steps > MAX_STEPS:
        raise TurnFailed(
            f"turn: must not run more than {MAX_STEPS} nodes; break the cycle in the graph.",
            code=MAX_STEPS_EXCEEDED,
        )
    turn.emit(events.NODE_ENTERED, node_id=node.id, type=node.type)
    try:
        return _execute(turn, node, message)
    except NodeFailed as failure:
        return _leave(turn, node, failed=str(failure))


def _execute(turn: Turn, node: Node, message: str | None) -> bool:
    match node:
        case AgentNode():
            return run_agent(turn, node, message) and _leave(turn, node)
        case ActionNode():
            for step in node.steps:
                _run_step(turn, node, step)
            return _leave(turn, node)
        case ApprovalNode():
            return _request_approval(turn, node)
        case HandoffNode():
            turn.say(node.id, node.static_text)
            turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=None)
            turn.signal(HANDOFF)
            return False


def _run_step(turn: Turn, node: ActionNode, step: Step) -> None:
    if step.kind == "speak":
        turn.say(node.id, step.text or "")
        return
    arguments = {name: parse(text).evaluate(turn.values) for name, text in step.input.items()}
    answer = turn.call(step.tool_slug or "", arguments)
    if answer.error is not None:
        turn.say(node.id, node.failure_message)
        raise NodeFailed("tool_failed")
    turn.bind(step.tool, step.output_bindings, answer.output)


def _request_approval(turn: Turn, node: ApprovalNode) -> bool:
    condition = node.condition
    if condition is not None and not parse(condition).holds(turn.values):
        because = "its condition does not hold, so no approval is needed"
        return _leave_approval(turn, node, approved=True, because=because)
    turn.say(node.id, node.suspend_message)
    deadline = None
    if node.timeout_seconds is not None:
        deadline = timestamp(turn.context.now + timedelta(seconds=node.timeout_seconds))
    turn.emit(
        events.APPROVAL_REQUESTED,
        node_id=node.id,
        approver_role=node.approver_role,
        deadline=deadline,
    )
    turn.signal(APPROVAL_REQUIRED)
    return False


def _leave_approval(turn: Turn, node: ApprovalNode, *, approved: bool, because: str) -> bool:
    seen = condition_values(node.condition, turn.values)
    turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=None)
    edge: dict[str, Any] = {
        "edge_id": None,
        "from": node.id,
        "to": node.on_approve if approved else node.on_deny,
        "because": because,
        "condition": node.condition,
        "seen": seen,
        "passed_over": [],
    }
    return _follow(turn, edge)


def _leave(turn: Turn, node: Node, *, failed: str | None = None) -> bool:
    """Complete a node and follow its edge. Return False if there is none."""
    edge = turn.graph.choose_edge(node.id, turn.values, failed=failed is not None)
    if edge is None and failed is not None:
        # Ending here would look like success, so the conversation keeps its state.
        raise TurnFailed(
            f"{node.id}: failed without a failure path to follow; add an edge with"
            " is_failure_path.",
            code=f"node_execution_failed: {failed}",
        )
    turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=failed)
    if edge is None:
        turn.signal(COMPLETED)
        return False
    return _follow(turn, edge)


def _follow(turn: Turn, edge: dict[str, Any]) -> bool:
    if edge["to"] not in turn.graph.nodes:
        raise _routing_error(edge["from"])
    turn.emit(events.EDGE_TAKEN, **edge)
    return True


def _get_node(turn: Turn, node_id: str) -> Node:
    if node_id not in turn.graph.nodes:
        raise _routing_error(node_id)
    return turn.graph.nodes[node_id]


def _routing_error(node_id: str) -> TurnFailed:
    return TurnFailed(
        f"{node_id}: must lead to a node of the graph; correct its edges.",
        code=f"routing_error: {node_id}",
    )
