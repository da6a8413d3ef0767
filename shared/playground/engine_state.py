"""Where a conversation stands in its graph, and how each event changes that.

The state is nothing but its events, one after the other: what the log keeps gives the same
state again, at any point of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from shared.core.clock import moment
from shared.playground import events

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
    """An event, before or after the log has taken it."""

    @property
    def type(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...

    @property
    def context(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a conversation stands.

    Attributes
    ----------
    node_id
        The current node; None once the session has ended.
    completed
        Finished nodes in order, those that failed included, repeats kept.
    signal
        The last signal of the last turn, if it had one.
    deadline
        Until when the approval that is waited for has to be decided, if it has to.
    turn
        The turns so far.
    asking, asked
        Which variable the current node asked for last, and how often it asked for each.
    used
        Which recorded calls of a replayed world have been answered with, by tool.
    """

    node_id: str | None
    completed: tuple[str, ...] = ()
    variables: dict[str, Any] = field(default_factory=dict)
    step_count: int = 0
    signal: str | None = None
    awaiting_approval: bool = False
    deadline: datetime | None = None
    turn: int = 0
    asking: str | None = None
    asked: dict[str, int] = field(default_factory=dict)
    used: dict[str, tuple[int, ...]] = field(default_factory=dict)


def evolve(state: State, event: AnyEvent) -> State:
    """Return the state after an event; what only tells of the way there changes nothing."""
    if event.context.get("turn", state.turn) != state.turn:
        state = replace(state, turn=event.context["turn"], signal=None)
    change = _CHANGES.get(event.type)
    return state if change is None else change(state, event.data)


def fold(state: State, log: Iterable[AnyEvent]) -> State:
    """Return the state after events, in their order."""
    for event in log:
        state = evolve(state, event)
    return state


def _entered(state: State, data: Data) -> State:
    return replace(state, node_id=data["node_id"], step_count=state.step_count + 1)


def _asked(state: State, data: Data) -> State:
    name = data["variable"]
    return replace(state, asking=name, asked={**state.asked, name: data["times"]})


def _set(state: State, data: Data) -> State:
    return replace(state, variables={**state.variables, **data["set"]})


def _answered(state: State, data: Data) -> State:
    tool, index = data["tool"], data.get("recorded")
    used = state.used.get(tool, ())
    if index is None or index in used:
        return state
    return replace(state, used={**state.used, tool: (*used, index)})


def _completed(state: State, data: Data) -> State:
    return replace(state, completed=(*state.completed, data["node_id"]), asking=None, asked={})


def _requested(state: State, data: Data) -> State:
    deadline = data["deadline"] and moment(data["deadline"])
    return replace(state, awaiting_approval=True, deadline=deadline)


def _signalled(state: State, data: Data) -> State:
    ended = data["signal"] in {HANDOFF, COMPLETED}
    return replace(state, signal=data["signal"], node_id=None if ended else state.node_id)


_CHANGES: dict[str, Callable[[State, Data], State]] = {
    events.NODE_ENTERED: _entered,
    events.VARIABLE_ASKED: _asked,
    events.CONTEXT_SET: _set,
    events.TOOL_ANSWERED: _answered,
    events.NODE_COMPLETED: _completed,
    events.EDGE_TAKEN: lambda state, data: replace(state, node_id=data["to"]),
    events.APPROVAL_REQUESTED: _requested,
    events.APPROVAL_DECIDED: lambda state, _: replace(
        state, awaiting_approval=False, deadline=None
    ),
    events.SIGNAL: _signalled,
}
