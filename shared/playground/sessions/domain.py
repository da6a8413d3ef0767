"""A playground session: a conversation that follows a graph."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from shared.core.ids import RevisionId
from shared.playground.engine_state import State
from shared.playground.pinned import PinnedGraph
from shared.sessions.models import Session, SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundSession(Session):
    """A session and where in its graph it stands.

    Attributes
    ----------
    graph
        The graph it was opened on, pinned by its content.
    catalog_slug, revision_id
        Where the graph came from: exactly one of the two.
    current_step_id
        The node that the next message goes to; None once the session has ended.
    completed_steps
        Finished nodes in the order they were finished, repeats kept.
    step_count
        How many times a node was run.
    last_signal
        What the last turn ended in, if it was not the plain wait for a message.
    awaiting_approval
        True while an approval has to be decided before the conversation goes on.
    approval_deadline
        Until when, if it has to be by then; after it, nobody's answer counts as a no.
    turn, asking, asked, used
        What the engine remembers (see ``engine_state.State``).
    mock_world
        Tools that answer as they did elsewhere, in place of the graph's own mock world: the
        hash of a recorded world (see ``recorded_worlds.py``).
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
        """Where the conversation stands, as the engine has it."""
        return State(
            node_id=self.current_step_id,
            completed=self.completed_steps,
            variables=self.context_vars,
            step_count=self.step_count,
            signal=self.last_signal,
            awaiting_approval=self.awaiting_approval,
            deadline=self.approval_deadline,
            turn=self.turn,
            asking=self.asking,
            asked=self.asked,
            used=self.used,
        )

    def at(self, state: State) -> "PlaygroundSession":
        """Return the session where a state has it stand."""
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
            asking=state.asking,
            asked=state.asked,
            used=state.used,
        )

    def overdue(self, now: datetime) -> bool:
        """Tell whether the approval that is waited for can no longer come."""
        return (
            self.awaiting_approval
            and self.approval_deadline is not None
            and self.approval_deadline <= now
        )
