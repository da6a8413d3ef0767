"""Turn trigger: stream records to runs, sessions in parallel, one session's records in order."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from shared.agents.event_types import INPUT_MESSAGE
from shared.agents.turns.runner import SessionRun, TurnContext
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.sessions.documents import EVENTS
from shared.sessions.event_documents import events_of
from shared.storage.records import Record
from shared.storage.streams import StreamRecord

#: Sessions of one batch that run in parallel: their runs mostly wait for a model.
_PARALLEL_SESSIONS = 10


@dataclass(frozen=True, slots=True)
class Trigger:
    """A stream record that starts a run.

    ``message`` is the sequence of the message that the record stores; None for a restart.
    """

    position: str
    cause: str
    organization_id: OrganizationId
    session_id: SessionId
    message: int | None


def run_turns(records: Iterable[StreamRecord], context: TurnContext) -> str | None:
    """Run the turns that stream records start.

    Returns the position of the first record that failed, from which the stream delivers
    again, or None. A record that is delivered again does no harm.
    """
    triggers = sorted(_triggers(records), key=lambda one: one.session_id.hex)  # a stable sort
    sessions = [list(group) for _, group in groupby(triggers, key=lambda one: one.session_id.hex)]
    if not sessions:
        return None
    # The batch, and all records behind it in the stream, wait for the slowest session. So no
    # turn begins after one turn timeout, and the invocation ends within three: the last turn
    # may begin late, and its model may answer late.
    end = context.clock() + context.timeout

    def has_time() -> bool:
        return context.clock() < end

    with ThreadPoolExecutor(min(_PARALLEL_SESSIONS, len(sessions))) as threads:
        failed = list(threads.map(lambda group: _run_session(group, context, has_time), sessions))
    positions = [position for position in failed if position is not None]
    return min(positions, key=int, default=None)


def _run_session(
    triggers: list[Trigger], context: TurnContext, has_time: Callable[[], bool]
) -> str | None:
    """Run the triggers of one session; return the position of the one that failed, or None."""
    for trigger in triggers:
        run = SessionRun(
            context,
            trigger.organization_id,
            trigger.session_id,
            cause=trigger.cause,
            has_time=has_time,
        )
        try:
            run.run(message=trigger.message)
        except Exception:
            # One session's failure, a defect included, must not stop the other sessions of
            # the batch. The stream delivers the record again, and moves it to the dead-letter
            # queue after its last retry (see template.yaml).
            logger.exception("run failed", extra={"session_id": str(trigger.session_id)})
            return trigger.position
        if run.has_handed_over:
            break
    return None


def _triggers(records: Iterable[StreamRecord]) -> Iterable[Trigger]:
    for record in records:
        if record.new is None:
            continue
        organization, _, session = record.new.key.partition.split("#")
        yield Trigger(
            position=record.position,
            cause=record.id,
            organization_id=OrganizationId.parse(organization),
            session_id=SessionId.parse(f"session_{session}"),
            message=_last_message(record.new),
        )


def _last_message(item: Record) -> int | None:
    if item.type != EVENTS:
        return None
    sequences = [event.sequence for event in events_of(item) if event.type == INPUT_MESSAGE]
    return max(sequences, default=None)
