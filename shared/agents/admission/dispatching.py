"""Dispatch of turns: stream records to the queue of turns, or to admission.

The turn of a message that took a slot is queued; any other start is admitted. Nothing runs here.
"""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from shared.agents.admission.documents import slot_from_attribute
from shared.agents.admission.domain import Slot, Start
from shared.agents.admission.service import Admission
from shared.agents.turns.stream_attributes import TAKEN_SLOT, WAITS_SINCE
from shared.core.clock import timestamp
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.storage.streams import StreamRecord

#: Organizations of one batch that are admitted in parallel.
_PARALLEL = 10

type Starts = dict[Start, str]


def dispatch_turns(records: Iterable[StreamRecord], admission: Admission) -> str | None:
    """Admit the turns that stream records start.

    Returns the position of the first record that failed, from which the stream delivers
    again, or None. A record that is delivered again does no harm.
    """
    by_organization: defaultdict[OrganizationId, Starts] = defaultdict(dict)
    taken: dict[Slot, str] = {}
    for record in records:
        start = _start(record)
        if start is None:
            continue
        if (slot := _taken_slot(record, start)) is not None:
            taken.setdefault(slot, record.position)
        else:
            by_organization[start.organization_id].setdefault(start, record.position)
    failed = [_queue(admission, taken)] if taken else []
    if by_organization:
        with ThreadPoolExecutor(min(_PARALLEL, len(by_organization))) as threads:
            failed += threads.map(lambda one: _admit(admission, *one), by_organization.items())
    return min((one for one in failed if one is not None), key=int, default=None)


def _queue(admission: Admission, taken: dict[Slot, str]) -> str | None:
    """Queue the turns of messages that took slots; return the first position on a failure."""
    try:
        admission.queue(list(taken))
    except Exception:
        # It must not stop the admissions of the batch.
        logger.exception("turns were not queued")
        return min(taken.values(), key=int)
    return None


def _admit(admission: Admission, organization_id: OrganizationId, starts: Starts) -> str | None:
    """Admit one organization's starts; return the position of its first one on a failure."""
    try:
        admission.admit(organization_id, starts)
    except Exception:
        # One organization's failure must not stop the others of the batch.
        logger.exception("admission failed", extra={"organization_id": str(organization_id)})
        return min(starts.values(), key=int)
    return None


def _taken_slot(record: StreamRecord, start: Start) -> Slot | None:
    attributes = record.new.stream_attributes if record.new else {}
    value = attributes.get(TAKEN_SLOT)
    return slot_from_attribute(value, start.organization_id, start.session_id) if value else None


def _start(record: StreamRecord) -> Start | None:
    if record.new is None:
        return None
    organization, _, session = record.new.key.partition.split("#")
    # A record of an earlier version has no such attribute.
    since = record.new.stream_attributes.get(WAITS_SINCE) or timestamp(record.at)
    return Start(OrganizationId.parse(organization), SessionId.parse(f"session_{session}"), since)
