"""What stays of a deleted session for a while, and how the rest of it goes.

A deleted session leaves a tombstone in its place: in no list, with nothing that was said.
It keeps writers that still hold the session from writing, keeps a repeated create from
opening a session where an old one is still being removed, and lets the events be removed
when the bus tells of the deletion. It expires by itself.
"""

from datetime import datetime

from shared.core.clock import timestamp
from shared.sessions.documents import SESSION
from shared.storage.records import Record

#: The mark of a tombstone: the events behind it are to be removed.
DELETED = {"deleted": "yes"}
#: Seconds a tombstone is kept: longer than any stream, function or retry could be late.
KEPT_FOR = 7 * 24 * 3600


def tombstone(session: Record, now: datetime, *, expires_at: int) -> Record:
    """Return what takes a session's place when it is deleted at ``now``."""
    return Record(
        key=session.key,
        type=session.type,
        body={
            "id": session.body["id"],
            "organization_id": session.body["organization_id"],
            "state": {"deleted_at": timestamp(now)},
        },
        marks=DELETED,
        expires_at=expires_at,
        fingerprint=session.fingerprint,
    )


def is_deleted(session: Record) -> bool:
    """Tell a tombstone from a session."""
    return session.key.sort == SESSION and session.marks.get("deleted") == DELETED["deleted"]
