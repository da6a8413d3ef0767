"""``session.deleted`` on the event bus: purge the remaining items of the session."""

from typing import Any

from shared.core.ids import OrganizationId, session_id_in_any_form
from shared.sessions.purging import purge_session
from shared.storage.table import table


def handler(event: dict[str, Any], context: Any) -> None:
    detail = event["detail"]
    purge_session(
        table(),
        OrganizationId.parse(detail["organization_id"]),
        session_id_in_any_form(detail["session_id"]),
        remaining_ms=getattr(context, "get_remaining_time_in_millis", None),
    )
