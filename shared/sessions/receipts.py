"""Receipts: what an append under an idempotency key leaves, so that a replay finds its events.

A receipt is written in the transaction of its append, beside the session: a repeated
request fails at it, and reads from it which events it had added. After 30 days it expires,
and the key is as if it had not been used. Imports do not rely on it: a captured session is
known by its own id, for as long as it exists.
"""

from collections.abc import Mapping

from shared.sessions.models import Event
from shared.storage.idempotency import RECEIPT_KEPT_FOR, Idempotency
from shared.storage.records import Key, Record

RECEIPT = "receipt"


def receipt_key(partition: str, idempotency: Idempotency) -> Key:
    """Return where the receipt of a request stands: between the events and the session."""
    return Key(partition, f"request#{idempotency.uuid().hex}")


def receipt(partition: str, idempotency: Idempotency, events: list[Event], now: int) -> Record:
    """Return the receipt of an append of these events, at a time in seconds since the epoch."""
    return Record(
        key=receipt_key(partition, idempotency),
        type=RECEIPT,
        body={"span": [event.sequence for event in (events[:1] + events[-1:])]},
        expires_at=now + RECEIPT_KEPT_FOR,
        fingerprint=idempotency.fingerprint,
    )


def span_of(record: Record) -> tuple[int, int] | None:
    """Return the first and the last sequence that a receipt tells of; None of no events."""
    span = record.body["span"]
    return (span[0], span[-1]) if span else None


def receipt_among(existing: Mapping[int, Record | None]) -> Record | None:
    """Return the receipt among the items that stood against a transaction, if there is one."""
    for record in existing.values():
        if record is not None and record.type == RECEIPT:
            return record
    return None
