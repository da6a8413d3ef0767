"""Dispatch of turns: stream records to admission. It writes nothing else, and runs nothing."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from shared.agents.admission.domain import Start
from shared.agents.admission.service import Admission
from shared.agents.turns.stream_attributes import WAITS_SINCE
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
    for record in records:
        if (start := _start(record)) is not None:
            by_organization[start.organization_id].setdefault(start, record.position)
    if not by_organization:
        return None
    with ThreadPoolExecutor(min(_PARALLEL, len(by_organization))) as threads:
        failed = list(threads.map(lambda one: _admit(admission, *one), by_organization.items()))
    return min((one for one in failed if one is not None), key=int, default=None)


def _admit(admission: Admission, organization_id: OrganizationId, starts: Starts) -> str | None:
    """Admit one organization's starts; return the position of its first one on a failure."""
    try:
        admission.admit(organization_id, starts)
    except Exception:
        # One organization's failure must not stop the others of the batch.
        logger.exception("admission failed", extra={"organization_id": str(organization_id)})
        return min(starts.values(), key=int)
    return None


def _start(record: StreamRecord) -> Start | None:
    if record.new is None:
        return None
    organization, _, session = record.new.key.partition.split("#")
    # A record of an earlier version has no such attribute.
    since = record.new.stream_attributes.get(WAITS_SINCE) or timestamp(record.at)
    return Start(OrganizationId.parse(organization), SessionId.parse(f"session_{session}"), since)
