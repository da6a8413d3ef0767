"""Parts of a log: the partitions that store the events of a session.

The log of a fork begins in the partitions of other sessions, up to a sequence each. All readers
of logs find the events of a range of sequences here, and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.sessions.documents import events_sort, session_key
from shared.sessions.domain import Segment, Session
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM
from shared.storage.records import Key


@dataclass(frozen=True, slots=True)
class LogPart:
    """Successive events of a log that one partition stores, both ends included.

    ``begin`` is the first sequence of the log there: no item of the log begins before it.
    """

    partition: str
    first: int
    last: int
    begin: int

    @property
    def lowest(self) -> Key:
        """Key of the first item that may hold the first event."""
        sequence = max(self.begin, self.first + 1 - MAX_EVENTS_PER_ITEM)
        return Key(self.partition, events_sort(sequence))


def log_parts(session: Session, after: int, last: int) -> Sequence[LogPart]:
    """Return the parts of a session's log behind a sequence, up to ``last``, in order.

    One of a session that is no fork; none of an empty range.
    """
    parts = []
    behind = 0
    for segment in (*session.segments, Segment(session.id, last)):
        first, end = max(behind, after) + 1, min(segment.through, last)
        if first <= end:
            key = session_key(session.organization_id, segment.session_id)
            parts.append(LogPart(key.partition, first, end, behind + 1))
        behind = segment.through
    return parts
