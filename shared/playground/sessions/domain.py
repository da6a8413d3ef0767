"""A playground session: a conversation that follows a graph."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from shared.core.ids import RevisionId
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
