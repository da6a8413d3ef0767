"""Receipts: what an append under an idempotency key leaves, so that a replay finds its events.

A receipt is written in the transaction of its append, beside the session: a repeated
request fails at it, and reads from it which events it had added.
"""

from collections.abc import Mapping

from shared.sessions.models import Event
from shared.storage.idempotency import Idempotency
from shared.storage.records import Key, Record

RECEIPT = "receipt"


def receipt_key(partition: str, idempotency: Idempotency) -> Key:
    """Return where the receipt of a request stands: between the events and the session."""
    return Key(partition, f"request#{idempotency.uuid().hex}")


def receipt(partition: str, idempotency: Idempotency, events: list[Event]) -> Record:
    """Return the receipt of an append of these events."""
    return Record(
        key=receipt_key(partition, idempotency),
        type=RECEIPT,
        body={"span": [event.sequence for event in (events[:1] + events[-1:])]},
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
