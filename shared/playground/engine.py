"""Running a turn: state and input in, new state and events out.

Nothing here knows a table, a clock or a network: agent, tools and time come in as
:class:`Surroundings`. The same graph, state, input and surroundings give the same turn.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from shared.core.clock import timestamp
from shared.core.errors import Conflict
from shared.playground import events
from shared.playground.engine_agent import run_agent
from shared.playground.engine_graph import RunnableGraph, asked
from shared.playground.engine_state import (
    APPROVAL_REQUIRED,
    APPROVAL_TIMED_OUT,
    COMPLETED,
    HANDOFF,
    MAX_STEPS_EXCEEDED,
    State,
)
from shared.playground.engine_turn import NodeFailed, Surroundings, Turn, TurnFailed
from shared.playground.expressions import ExpressionError, parse
from shared.playground.graph import ActionNode, AgentNode, ApprovalNode, HandoffNode, Node, Step
from shared.sessions.models import NewEvent

#: Node executions in one turn, at most (the Feather API).
MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class Message:
    """What the user says."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How an approval is decided, by a person or by its deadline."""

    approve: bool
    note: str | None = None
    by: Literal["person", "deadline"] = "person"


type Input = Message | Decision


@dataclass(frozen=True, slots=True)
class Ran:
    """A turn that came to its end."""

    state: State
    events: tuple[NewEvent, ...]
    reply: str


def run_turn(graph: RunnableGraph, state: State, given: Input, around: Surroundings) -> Ran:
    """Run a conversation on from an input, to where it waits again or ends.

    Raises
    ------
    Conflict
        The state does not take this input: ``session_ended``, ``awaiting_approval`` or
        ``not_awaiting_approval``.
    TurnFailed
        The turn came to no end; the state before it stays.
    """
    check(state, given)
    turn = Turn(graph, state, around)
    try:
        _begin(turn, given)
    except TurnFailed as failure:
        failure.events = tuple(turn.events)
        raise
    except ExpressionError as error:  # of a graph that was stored before it was checked
        failed = TurnFailed(str(error), code="node_execution_failed: bad_expression")
        failed.events = tuple(turn.events)
        raise failed from error
    return Ran(turn.state, tuple(turn.events), turn.reply)


def check(state: State, given: Input) -> None:
    """Refuse an input that comes at the wrong time. Raises ``Conflict``."""
    if isinstance(given, Decision):
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


def _begin(turn: Turn, given: Input) -> None:
    if isinstance(given, Message):
        turn.emit(events.USER_MESSAGE, text=given.text)
        _run(turn, given.text)
        return
    node = _node(turn, turn.state.node_id or "")
    if not isinstance(node, ApprovalNode):
        raise _no_way(node.id)
    turn.emit(
        events.APPROVAL_DECIDED,
        node_id=node.id,
        decision="approve" if given.approve else "deny",
        note=given.note,
        by=given.by,
    )
    if given.by == "deadline":
        turn.signal(APPROVAL_TIMED_OUT)
    if _leave_approval(turn, node, approved=given.approve, because=f"decided by {given.by}"):
        _run(turn, None)


def _run(turn: Turn, message: str | None) -> None:
    """Run nodes, one after the other, until one waits or there is no next."""
    while _run_node(turn, message):
        message = None  # it was for the first node


def _run_node(turn: Turn, message: str | None) -> bool:
    """Run the current node; tell whether to go on with the next."""
    node = _node(turn, turn.state.node_id or "")
    turn.steps += 1
    if turn.steps > MAX_STEPS:
        raise TurnFailed(
            f"The turn would run more than {MAX_STEPS} nodes.", code=MAX_STEPS_EXCEEDED
        )
    turn.emit(events.NODE_ENTERED, node_id=node.id, type=node.type)
    try:
        return _carry_out(turn, node, message)
    except NodeFailed as failure:
        return _leave(turn, node, failed=str(failure))


def _carry_out(turn: Turn, node: Node, message: str | None) -> bool:
    match node:
        case AgentNode():
            return run_agent(turn, node, message) and _leave(turn, node)
        case ActionNode():
            for step in node.steps:
                _take_step(turn, node, step)
            return _leave(turn, node)
        case ApprovalNode():
            return _ask_approval(turn, node)
        case HandoffNode():
            turn.say(node.id, node.static_text)
            turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=None)
            turn.signal(HANDOFF)
            return False


def _take_step(turn: Turn, node: ActionNode, step: Step) -> None:
    if step.kind == "speak":
        turn.say(node.id, step.text or "")
        return
    arguments = {name: parse(text).evaluate(turn.values) for name, text in step.input.items()}
    answer = turn.call(step.tool_slug or "", arguments)
    if answer.error is not None:
        turn.say(node.id, node.failure_message)
        raise NodeFailed("tool_failed")
    turn.bind(step.tool, step.output_bindings, answer.output)


def _ask_approval(turn: Turn, node: ApprovalNode) -> bool:
    condition = node.condition
    if condition is not None and not parse(condition).holds(turn.values):
        because = "its condition does not hold, so nobody need approve"
        return _leave_approval(turn, node, approved=True, because=because)
    turn.say(node.id, node.suspend_message)
    deadline = None
    if node.timeout_seconds is not None:
        deadline = timestamp(turn.around.now + timedelta(seconds=node.timeout_seconds))
    turn.emit(
        events.APPROVAL_REQUESTED,
        node_id=node.id,
        approver_role=node.approver_role,
        deadline=deadline,
    )
    turn.signal(APPROVAL_REQUIRED)
    return False


def _leave_approval(turn: Turn, node: ApprovalNode, *, approved: bool, because: str) -> bool:
    seen = asked(node.condition, turn.values)
    turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=None)
    way: dict[str, Any] = {
        "edge_id": None,
        "from": node.id,
        "to": node.on_approve if approved else node.on_deny,
        "because": because,
        "condition": node.condition,
        "seen": seen,
        "passed_over": [],
    }
    return _take(turn, way)


def _leave(turn: Turn, node: Node, *, failed: str | None = None) -> bool:
    """Finish a node and take the way out; tell whether there is one."""
    way = turn.graph.choose(node.id, turn.values, failed=failed is not None)
    if way is None and failed is not None:
        # Ending here would look like success, so the conversation stays where it was.
        raise TurnFailed(
            f"{node.id!r} failed, and no failure path leads on.",
            code=f"node_execution_failed: {failed}",
        )
    turn.emit(events.NODE_COMPLETED, node_id=node.id, failed=failed)
    if way is None:
        turn.signal(COMPLETED)
        return False
    return _take(turn, way)


def _take(turn: Turn, way: dict[str, Any]) -> bool:
    if way["to"] not in turn.graph.nodes:
        raise _no_way(way["from"])
    turn.emit(events.EDGE_TAKEN, **way)
    return True


def _node(turn: Turn, node_id: str) -> Node:
    if node_id not in turn.graph.nodes:
        raise _no_way(node_id)
    return turn.graph.nodes[node_id]


def _no_way(node_id: str) -> TurnFailed:
    return TurnFailed(
        f"The graph does not say where to go from {node_id!r}.", code=f"routing_error: {node_id}"
    )
