"""Playground sessions in the list of all sessions."""

from typing import Any
from uuid import UUID

from shared.core.clock import moment
from shared.core.ids import SessionId
from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import CapturedSessionStatus, SimulationRef, Workflow
from shared.storage.records import Record

#: Beginning of the tag that names the run of a simulated session.
_RUN = "run:"


def _format_id(session_id: SessionId) -> str:
    return str(session_id.uuid)


def _summarize(record: Record) -> dict[str, Any]:
    """Return the fields of a playground session's row.

    Its state changes during a turn's own request, so no row says that one is in progress. No
    turn follows the end: the last change is its time.
    """
    state = record.body["state"]
    graph, has_ended = state["graph"], state["current_step_id"] is None
    revision = state["revision_id"]
    status = CapturedSessionStatus.COMPLETED if has_ended else CapturedSessionStatus.OPEN
    return {
        "status": CapturedSessionStatus.WAITING if state["awaiting_approval"] else status,
        "own_status": state["last_signal"],
        "title": graph["name"],
        "finished_at": moment(record.body["updated_at"]) if has_ended else None,
        "turn_count": state.get("turn", 0),
        "awaiting_approval": state["awaiting_approval"],
        "workflow": Workflow(
            name=graph["name"],
            catalog_slug=state["catalog_slug"],
            revision_id=str(UUID(revision)) if revision else None,
        ),
        "simulation": _simulation(record.body),
    }


def _simulation(body: dict[str, Any]) -> SimulationRef | None:
    """Return the run that a tag names: of sessions that a simulation opened, not of their forks."""
    tags = () if "forked_from" in body else body["tags"]
    runs = [tag.removeprefix(_RUN) for tag in tags if tag.startswith(_RUN)]
    return SimulationRef(runs[0]) if runs else None


PLAYGROUND_SUMMARY = (SessionKind.PLAYGROUND, _format_id, _summarize)
