"""System variables: set by the service when a session opens.

A graph declares those it uses with ``source: system``; the others do not appear.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.ids import SessionId

#: Names and meanings. All are strings, and graphs should declare them as such.
SYSTEM_VARIABLES = {
    "session_id": "the session's id, as the API shows it",
    "opened_at": "when the session was opened: RFC 3339, in UTC",
    "channel": 'the channel of the conversation: "playground"',
}


def system_values(
    declared: Iterable[str], session_id: SessionId, opened_at: datetime
) -> dict[str, Any]:
    """Return the values of the declared system variables; an unknown name gets none."""
    known = {
        "session_id": str(session_id.uuid),
        "opened_at": timestamp(opened_at),
        "channel": "playground",
    }
    return {name: known[name] for name in declared if name in known}
