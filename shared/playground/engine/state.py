"""Conversation state: the position in the graph, as the result of the log's events.

The state is derived from its events only, so the log restores it at any point.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from shared.core.clock import moment
from shared.playground.engine import events
from shared.sessions.recorded_worlds.answers import SUBSTITUTES

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

    ``node_id`` is None once the session has ended; ``completed`` has the finished nodes in order,
    including failed ones and repeats. ``signal`` is the last one of the last turn, ``deadline``
    that of the pending approval, ``turn`` the number of turns. The current node last asked for
    ``asked_variable``, and for each variable as often as ``ask_counts``. ``used_recordings`` are
    the indexes of the recorded calls that a replayed world has repeated, by tool.
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
    return _apply(state, event.type, event.data)


def fold(state: State, log: Iterable[AnyEvent]) -> State:
    """Apply events in order."""
    for event in log:
        state = evolve(state, event)
    return state


def _apply(state: State, event_type: str, data: Data) -> State:
    match event_type:
        case events.NODE_ENTERED:
            state = replace(state, node_id=data["node_id"], step_count=state.step_count + 1)
        case events.VARIABLE_ASKED:
            counts = {**state.ask_counts, data["variable"]: data["times"]}
            state = replace(state, asked_variable=data["variable"], ask_counts=counts)
        case events.CONTEXT_SET:
            state = replace(state, variables={**state.variables, **data["set"]})
        case events.TOOL_ANSWERED if data.get("matched") not in SUBSTITUTES:
            state = _use_recording(state, data["tool"], data.get("recorded"))
        case events.NODE_COMPLETED:
            completed = (*state.completed, data["node_id"])
            state = replace(state, completed=completed, asked_variable=None, ask_counts={})
        case events.EDGE_TAKEN:
            state = replace(state, node_id=data["to"])
        case events.APPROVAL_REQUESTED:
            deadline = data["deadline"] and moment(data["deadline"])
            state = replace(state, awaiting_approval=True, deadline=deadline)
        case events.APPROVAL_DECIDED:
            state = replace(state, awaiting_approval=False, deadline=None)
        case events.SIGNAL:
            ended = data["signal"] in {HANDOFF, COMPLETED}
            node_id = None if ended else state.node_id
            state = replace(state, signal=data["signal"], node_id=node_id)
    return state


def _use_recording(state: State, tool: str, index: int | None) -> State:
    used = state.used_recordings.get(tool, ())
    if index is None or index in used:
        return state
    return replace(state, used_recordings={**state.used_recordings, tool: (*used, index)})
