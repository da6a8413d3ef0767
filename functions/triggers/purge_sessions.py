"""``session.deleted`` on the event bus: purge the items, spans and files of the session."""

from typing import Any

from shared.agents.file_objects.purging import purge_contents
from shared.agents.file_objects.wiring import files_bucket
from shared.core.ids import OrganizationId, session_id_in_any_form
from shared.sessions.domain import SessionKind
from shared.sessions.purging import purge_session
from shared.storage.table import table
from shared.traces.purging import purge_traces


def handler(event: dict[str, Any], context: Any) -> None:
    detail = event["detail"]
    organization_id = OrganizationId.parse(detail["organization_id"])
    session_id = session_id_in_any_form(detail["session_id"])
    purge_traces(table(), organization_id, session_id)
    purged = purge_session(
        table(),
        organization_id,
        session_id,
        remaining_ms=getattr(context, "get_remaining_time_in_millis", None),
    )
    if purged is SessionKind.AGENT:
        purge_contents(files_bucket(), organization_id, session_id)
