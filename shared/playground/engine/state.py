"""Conversation state: the position in the graph, as the result of the log's events.

The state is derived from its events only, so the log restores it at any point.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from shared.core.clock import moment
from shared.playground.engine import events

#: Signals that end the session.
HANDOFF = "handoff"
COMPLETED = "completed"
#: Other signals.
APPROVAL_REQUIRED = "approval_required"
APPROVAL_TIMED_OUT = "approval_timed_out"
REASK_CAP_EXCEEDED = "reask_cap_exceeded"
MAX_STEPS_EXCEEDED = "max_steps_exceeded"

type Data = dict[str, Any]


class AnyEvent(Protocol):
    """Event, before or after it is stored."""

    @property
    def type(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...

    @property
    def context(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """State of a conversation.

    Attributes
    ----------
    node_id
        The current node; None once the session has ended.
    completed
        Finished nodes in order, including failed ones and repeats.
    signal
        The last signal of the last turn, if any.
    deadline
        The deadline of the pending approval, if any.
    turn
        The number of turns so far.
    asked_variable, ask_counts
        The variable that the current node asked for last; how often it asked for each.
    used_recordings
        Indexes of the recorded calls that a replayed world has repeated, by tool.
    """

    node_id: str | None
    completed: tuple[str, ...] = ()
    variables: dict[str, Any] = field(default_factory=dict)
    step_count: int = 0
    signal: str | None = None
    awaiting_approval: bool = False
    deadline: datetime | None = None
    turn: int = 0
    asked_variable: str | None = None
    ask_counts: dict[str, int] = field(default_factory=dict)
    used_recordings: dict[str, tuple[int, ...]] = field(default_factory=dict)


def evolve(state: State, event: AnyEvent) -> State:
    """Apply an event; types that only document the turn change nothing."""
    if event.context.get("turn", state.turn) != state.turn:
        state = replace(state, turn=event.context["turn"], signal=None)
    change = _CHANGES.get(event.type)
    return state if change is None else change(state, event.data)


def fold(state: State, log: Iterable[AnyEvent]) -> State:
    """Apply events in order."""
    for event in log:
        state = evolve(state, event)
    return state


def _ask_variable(state: State, data: Data) -> State:
    counts = {**state.ask_counts, data["variable"]: data["times"]}
    return replace(state, asked_variable=data["variable"], ask_counts=counts)


def _answer_tool(state: State, data: Data) -> State:
    tool, index = data["tool"], data.get("recorded")
    used = state.used_recordings.get(tool, ())
    if index is None or index in used:
        return state
    return replace(state, used_recordings={**state.used_recordings, tool: (*used, index)})


def _complete_node(state: State, data: Data) -> State:
    completed = (*state.completed, data["node_id"])
    return replace(state, completed=completed, asked_variable=None, ask_counts={})


def _request_approval(state: State, data: Data) -> State:
    deadline = data["deadline"] and moment(data["deadline"])
    return replace(state, awaiting_approval=True, deadline=deadline)


def _signal(state: State, data: Data) -> State:
    ended = data["signal"] in {HANDOFF, COMPLETED}
    return replace(state, signal=data["signal"], node_id=None if ended else state.node_id)


_CHANGES: dict[str, Callable[[State, Data], State]] = {
    events.NODE_ENTERED: lambda state, data: replace(
        state, node_id=data["node_id"], step_count=state.step_count + 1
    ),
    events.VARIABLE_ASKED: _ask_variable,
    events.CONTEXT_SET: lambda state, data: replace(
        state, variables={**state.variables, **data["set"]}
    ),
    events.TOOL_ANSWERED: _answer_tool,
    events.NODE_COMPLETED: _complete_node,
    events.EDGE_TAKEN: lambda state, data: replace(state, node_id=data["to"]),
    events.APPROVAL_REQUESTED: _request_approval,
    events.APPROVAL_DECIDED: lambda state, _: replace(
        state, awaiting_approval=False, deadline=None
    ),
    events.SIGNAL: _signal,
}
