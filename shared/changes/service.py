"""Publishing what the stream tells, in its order."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from shared.changes.detection import change_of
from shared.changes.event_bridge import MAX_ENTRIES
from shared.changes.models import Change
from shared.storage.streams import StreamRecord

type Told = tuple[StreamRecord, Change]


class Bus(Protocol):
    """Where changes are published."""

    def publish(self, changes: list[Change]) -> list[Change]:
        """Publish changes; return those that were not taken."""


def publish_changes(records: Iterable[StreamRecord], bus: Bus) -> str | None:
    """Publish the changes among the records of a stream.

    Stops at the first change that the bus does not take and returns its position, to
    be handed over again from there on: no later change of the same subject overtakes it.
    Returns None when all are published.
    """
    for told in _requests(records):
        refused = {change.id for change in bus.publish([change for _, change in told])}
        for record, change in told:
            if change.id in refused:
                return record.position
    return None


def _requests(records: Iterable[StreamRecord]) -> Iterator[list[Told]]:
    """Divide changes into requests, order kept, none with two changes of one subject.

    A request may be taken in part, and then the second change would come before the first.
    """
    request: list[Told] = []
    subjects: set[str] = set()
    for record in records:
        change = change_of(record)
        if change is None:
            continue
        if len(request) == MAX_ENTRIES or change.subject in subjects:
            yield request
            request, subjects = [], set()
        request.append((record, change))
        subjects.add(change.subject)
    if request:
        yield request
