"""A playground session: a conversation that follows a graph."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from shared.core.ids import RevisionId
from shared.playground.engine.state import State
from shared.playground.pinned_graph import PinnedGraph
from shared.sessions.domain import Session, SessionKind
from shared.sessions.recorded_worlds.answers import OnUnmatched

#: Fields of a session by those of the engine's state.
_STATE_FIELDS = {
    "node_id": "current_step_id",
    "completed": "completed_steps",
    "variables": "context_vars",
    "step_count": "step_count",
    "signal": "last_signal",
    "awaiting_approval": "awaiting_approval",
    "deadline": "approval_deadline",
    "turn": "turn",
    "asked_variable": "asking",
    "ask_counts": "asked",
    "used_recordings": "used",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundSession(Session):
    """A session and its state in the graph.

    The graph is pinned by its content hash; exactly one of ``catalog_slug`` and ``revision_id``
    is its source. The fields from ``current_step_id`` to ``used`` are those of the engine's state
    (see ``engine.state.State``). ``mock_world`` is the hash of the recorded world that answers
    tool calls in place of the graph's own (see ``WorldRepository``), ``on_unmatched`` the rule
    for arguments that it lacks. A replay of an earlier version has none, and every tool answered.
    """

    kind: ClassVar[SessionKind] = SessionKind.PLAYGROUND

    graph: PinnedGraph
    catalog_slug: str | None = None
    revision_id: RevisionId | None = None
    current_step_id: str | None
    completed_steps: tuple[str, ...] = ()
    context_vars: dict[str, Any] = field(default_factory=dict)
    step_count: int = 0
    last_signal: str | None = None
    awaiting_approval: bool = False
    approval_deadline: datetime | None = None
    turn: int = 0
    asking: str | None = None
    asked: dict[str, int] = field(default_factory=dict)
    used: dict[str, tuple[int, ...]] = field(default_factory=dict)
    mock_world: str | None = None
    on_unmatched: OnUnmatched | None = None

    @property
    def state(self) -> State:
        """The state of the session in the engine."""
        return State(**{name: getattr(self, field) for name, field in _STATE_FIELDS.items()})

    def at(self, state: State) -> "PlaygroundSession":
        """Return the session in an engine state."""
        fields = {field: getattr(state, name) for name, field in _STATE_FIELDS.items()}
        return replace(self, **fields)

    def overdue(self, now: datetime) -> bool:
        """Return whether the deadline of the awaited approval has passed."""
        return (
            self.awaiting_approval
            and self.approval_deadline is not None
            and self.approval_deadline <= now
        )
