"""Playground sessions as stored documents, and back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId, RevisionId
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.documents import SessionCodec, list_sort
from shared.sessions.domain import SessionKind
from shared.storage.records import BY_PARENT, BY_WORK, IndexEntry

#: The list of all sessions that await an approval with a deadline. It belongs to no
#: organization: the schedule reads it for all of them, and no request does.
AWAITING_DEADLINE = "waiting-approvals"


class PlaygroundSessionCodec(SessionCodec[PlaygroundSession]):
    """The stored form of playground sessions."""

    kind = SessionKind.PLAYGROUND

    def to_state(self, session: PlaygroundSession) -> dict[str, Any]:
        return {
            "graph": session.graph.to_document(),
            "catalog_slug": session.catalog_slug,
            "revision_id": session.revision_id and session.revision_id.hex,
            "current_step_id": session.current_step_id,
            "completed_steps": list(session.completed_steps),
            "context_vars": session.context_vars,
            "step_count": session.step_count,
            "last_signal": session.last_signal,
            "awaiting_approval": session.awaiting_approval,
            "approval_deadline": session.approval_deadline and timestamp(session.approval_deadline),
            "turn": session.turn,
            "asking": session.asking,
            "asked": session.asked,
            "used": {tool: list(calls) for tool, calls in session.used.items()},
            "mock_world": session.mock_world,
            "on_unmatched": session.on_unmatched,
        }

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> PlaygroundSession:
        return PlaygroundSession(
            **common,
            graph=PinnedGraph.from_document(state["graph"]),
            catalog_slug=state["catalog_slug"],
            revision_id=state["revision_id"] and RevisionId(UUID(state["revision_id"])),
            current_step_id=state["current_step_id"],
            completed_steps=tuple(state["completed_steps"]),
            context_vars=state["context_vars"],
            step_count=state["step_count"],
            last_signal=state["last_signal"],
            awaiting_approval=state["awaiting_approval"],
            # Absent in sessions that were stored before turns existed.
            approval_deadline=(deadline := state.get("approval_deadline")) and moment(deadline),
            turn=state.get("turn", 0),
            asking=state.get("asking"),
            asked=state.get("asked", {}),
            used={tool: tuple(calls) for tool, calls in state.get("used", {}).items()},
            mock_world=state.get("mock_world"),
            on_unmatched=state.get("on_unmatched"),
        )

    def index_entries(self, session: PlaygroundSession) -> dict[str, IndexEntry]:
        if not session.awaiting_approval:
            return {}
        sort = list_sort(session.created_at, session.id.hex)
        entries = {BY_PARENT: IndexEntry(awaiting_list(session.organization_id), sort)}
        if session.approval_deadline is not None:
            deadline = deadline_sort(session.approval_deadline, session.id.hex)
            entries[BY_WORK] = IndexEntry(AWAITING_DEADLINE, deadline)
        return entries


def awaiting_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organization's sessions that await an approval."""
    return f"{organization_id}#awaiting-approval"


def deadline_sort(deadline: datetime, identifier: str) -> str:
    """Return the sort key in the list of sessions that await an approval with a deadline."""
    return f"{timestamp(deadline)}#{identifier}"
