"""Playground sessions as stored documents, and back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, moment, system_clock, timestamp
from shared.core.ids import OrganizationId, RevisionId
from shared.playground.pinned import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.documents import from_record, list_sort, session_list
from shared.sessions.models import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, merged, read_page
from shared.storage.records import BY_LINK, BY_PARENT, Record, Row
from shared.storage.table import Table

#: The list of all sessions that wait for an approval with a deadline. It alone is of no
#: organisation: the clock decides for all of them, and no request reads it.
WAITING = "waiting-approvals"
#: Overdue sessions read at once.
_AT_ONCE = 100
#: Bytes of sessions in one page: a function answers 6 MB at most, and a row shows less than
#: the session holds.
_MAX_PAGE_BYTES = 4_000_000


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
            "approval_deadline": session.approval_deadline and timestamp(session.approval_deadline),
            "turn": session.turn,
            "asking": session.asking,
            "asked": session.asked,
            "used": {tool: list(calls) for tool, calls in session.used.items()},
            "mock_world": session.mock_world,
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
            # Sessions that were stored before they could be talked with have none of these.
            approval_deadline=(deadline := state.get("approval_deadline")) and moment(deadline),
            turn=state.get("turn", 0),
            asking=state.get("asking"),
            asked=state.get("asked", {}),
            used={tool: tuple(calls) for tool, calls in state.get("used", {}).items()},
            mock_world=state.get("mock_world"),
        )

    def rows(self, session: PlaygroundSession) -> dict[str, Row]:
        """Return the session's places among the approvals that have to be decided."""
        if not session.awaiting_approval:
            return {}
        place = list_sort(session.created_at, session.id.hex)
        rows = {BY_PARENT: Row(_undecided(session.organization_id), place)}
        if session.approval_deadline is not None:
            rows[BY_LINK] = Row(WAITING, _waiting_sort(session.approval_deadline, session.id.hex))
        return rows


def list_sessions(
    table: Table,
    organization_id: OrganizationId,
    limit: int,
    after: str | None,
    awaiting_approval: bool | None = None,
) -> tuple[list[PlaygroundSession], str | None]:
    """Return a page of an organisation's sessions, newest first, and where to go on.

    As many as fit into an answer, and one at least of any. One query a shard for each
    megabyte. Those that wait for an approval have a list of their own; where they are left
    out, they are read and passed over.
    """
    sessions = ListQuery(list=session_list(organization_id, SessionKind.PLAYGROUND), after=after)
    passes = None
    if awaiting_approval:
        sessions = ListQuery(list=_undecided(organization_id), index=BY_PARENT, after=after)
    elif awaiting_approval is False:
        passes = _goes_on
    page = read_page(table, sessions, limit, passes=passes, max_bytes=_MAX_PAGE_BYTES)
    return [from_record(PlaygroundSessionCodec(), record) for record in page.records], page.after


def overdue_sessions(table: Table, now: datetime) -> Iterator[PlaygroundSession]:
    """Return the sessions of all organisations whose approvals are overdue, the oldest first.

    One query a shard for each megabyte. The index lags behind: read a session before
    anything is done with it.
    """
    query = ListQuery(list=WAITING, index=BY_LINK, ascending=True, highest=_waiting_sort(now, "~"))
    codec = PlaygroundSessionCodec()
    return (from_record(codec, record) for record in merged(table, [query], _AT_ONCE))


def _goes_on(record: Record) -> bool:
    return BY_PARENT not in record.rows


def _undecided(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organisation's sessions that wait for an approval."""
    return f"{organization_id}#awaiting-approval"


def _waiting_sort(deadline: datetime, identifier: str) -> str:
    return f"{timestamp(deadline)}#{identifier}"


def session_store(table: Table, clock: Clock = system_clock) -> SessionStore[PlaygroundSession]:
    """Return the store of playground sessions."""
    return SessionStore(table, PlaygroundSessionCodec(), clock)
