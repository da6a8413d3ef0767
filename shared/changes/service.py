"""Change publisher: publish the changes of a stream, in order."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from shared.changes.detection import change_of
from shared.changes.domain import Change
from shared.changes.event_bridge import MAX_ENTRIES
from shared.storage.streams import StreamRecord

type Batch = list[tuple[StreamRecord, Change]]


class Bus(Protocol):
    """Port to the event bus."""

    def publish(self, changes: list[Change]) -> list[Change]:
        """Publish changes; return the rejected ones."""


def publish_changes(records: Iterable[StreamRecord], bus: Bus) -> str | None:
    """Publish the changes among the records of a stream.

    Stops at the first change that the bus rejects and returns its position, from which the
    stream delivers again: no later change of the same subject overtakes it. Returns None
    when all are published.
    """
    for batch in _batches(records):
        rejected = {change.id for change in bus.publish([change for _, change in batch])}
        for record, change in batch:
            if change.id in rejected:
                return record.position
    return None


def _batches(records: Iterable[StreamRecord]) -> Iterator[Batch]:
    """Divide changes into requests, in order, none with two changes of one subject.

    The bus may reject part of a request: the second change could come before the first.
    """
    batch: Batch = []
    subjects: set[str] = set()
    for record in records:
        change = change_of(record)
        if change is None:
            continue
        if len(batch) == MAX_ENTRIES or change.subject in subjects:
            yield batch
            batch, subjects = [], set()
        batch.append((record, change))
        subjects.add(change.subject)
    if batch:
        yield batch
