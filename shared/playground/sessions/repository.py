"""Playground sessions as stored documents, and back."""

from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.ids import RevisionId
from shared.playground.pinned import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.models import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.records import Row
from shared.storage.table import Table


class PlaygroundSessionCodec:
    """How a playground session keeps what only it has."""

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
        )

    def rows(self, session: PlaygroundSession) -> dict[str, Row]:  # noqa: ARG002  # no list beside
        """Return nothing: the list of all sessions of the kind is the only one."""
        return {}


def session_store(table: Table, clock: Clock = system_clock) -> SessionStore[PlaygroundSession]:
    """Return the store of playground sessions."""
    return SessionStore(table, PlaygroundSessionCodec(), clock)
