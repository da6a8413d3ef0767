"""A playground session: a conversation that follows a graph."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from shared.core.ids import RevisionId
from shared.playground.engine.state import State
from shared.playground.pinned_graph import PinnedGraph
from shared.sessions.domain import Session, SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundSession(Session):
    """A session and its state in the graph.

    Attributes
    ----------
    graph
        The graph it was opened on, pinned by its content hash.
    catalog_slug, revision_id
        Source of the graph: exactly one of the two.
    current_step_id
        The node that receives the next message; None once the session has ended.
    completed_steps
        Completed nodes in order, with repetitions.
    step_count
        Number of node runs.
    last_signal
        Signal that ended the last turn; None if it ended waiting for a message.
    awaiting_approval
        Whether an approval must be decided before the conversation continues.
    approval_deadline
        Time after which the approval counts as denied; None without a deadline.
    turn, asking, asked, used
        Fields of the engine's state (see ``engine.state.State``).
    mock_world
        Hash of the recorded world that answers tool calls in place of the graph's own mock
        world (see ``world_repository.py``).
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

    @property
    def state(self) -> State:
        """The state of the session in the engine."""
        return State(
            node_id=self.current_step_id,
            completed=self.completed_steps,
            variables=self.context_vars,
            step_count=self.step_count,
            signal=self.last_signal,
            awaiting_approval=self.awaiting_approval,
            deadline=self.approval_deadline,
            turn=self.turn,
            asked_variable=self.asking,
            ask_counts=self.asked,
            used_recordings=self.used,
        )

    def at(self, state: State) -> "PlaygroundSession":
        """Return the session in an engine state."""
        return replace(
            self,
            current_step_id=state.node_id,
            completed_steps=state.completed,
            context_vars=state.variables,
            step_count=state.step_count,
            last_signal=state.signal,
            awaiting_approval=state.awaiting_approval,
            approval_deadline=state.deadline,
            turn=state.turn,
            asking=state.asked_variable,
            asked=state.ask_counts,
            used=state.used_recordings,
        )

    def overdue(self, now: datetime) -> bool:
        """Return whether the deadline of the awaited approval has passed."""
        return (
            self.awaiting_approval
            and self.approval_deadline is not None
            and self.approval_deadline <= now
        )
