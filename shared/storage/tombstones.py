"""Tombstones: the remainder of a deleted entity.

A tombstone takes the place of the entity's item, in no list and without content. It refuses
writers that read the entity before, and answers a repeated create: the id does not come back
to life. It expires when no repetition can come any more.
"""

from datetime import datetime

from shared.core.clock import timestamp
from shared.storage.idempotency import RECEIPT_RETENTION
from shared.storage.records import Record

#: Stream attribute of a tombstone.
DELETED = {"deleted": "yes"}
#: Field of a forked session's document: the sessions that store the beginning of its log. The
#: purge of the fork needs it.
SEGMENTS = "segments"
_KEPT = ("id", "organization_id", SEGMENTS)


def tombstone(record: Record, at: datetime, now: int) -> Record:
    """Return the item that takes the place of an entity deleted at a time.

    ``now``, from which it is kept, is in seconds since the epoch.
    """
    kept = {name: record.body[name] for name in _KEPT if name in record.body}
    return Record(
        key=record.key,
        type=record.type,
        body={**kept, "deleted_at": timestamp(at)},
        stream_attributes=DELETED,
        expires_at=now + RECEIPT_RETENTION,
        fingerprint=record.fingerprint,
    )


def is_tombstone(record: Record) -> bool:
    """Return whether a record is a tombstone, in any form ever written."""
    return (
        record.stream_attributes.get("deleted") == DELETED["deleted"]
        or record.body.get("deleted_at") is not None
    )
