"""Items that change, as the stream hands them over."""

from shared.core.ids import OrganizationId, SessionId
from shared.storage.records import BY_LIST, Key, Record, Row

ORGANIZATION = OrganizationId.new()
FIRST = SessionId.parse("session_01a200b2822779769ab33f1cec84cc79")
SECOND = SessionId.parse("session_01a200b2826576f488b7543b2944eef9")


def item(
    session: SessionId = FIRST, version: int = 1, kind: str = "agent_session", listed: bool = True
) -> Record:
    return Record(
        key=Key(f"{ORGANIZATION}#session#{session.hex}", "session"),
        type=kind,
        version=version,
        rows={BY_LIST: Row(f"{ORGANIZATION}#agent-sessions", session.hex)} if listed else {},
        body={"state": {"preview": "what was said"}},
    )
