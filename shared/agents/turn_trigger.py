"""From records of the stream to runs: which sessions, for which messages, in which order."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from shared.agents.event_types import INPUT_MESSAGE
from shared.agents.turn_runner import RunnerSetup, SessionRun
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.sessions.documents import EVENTS
from shared.sessions.event_items import events_of
from shared.storage.records import Record
from shared.storage.streams import StreamRecord

#: Sessions of one batch whose turns run at once: their time is spent waiting for a model.
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Trigger:
    """A record that asks for a run.

    ``message`` is the place of the message it stores; None where it only says that there
    is something to do.
    """

    position: str
    cause: str
    organization_id: OrganizationId
    session_id: SessionId
    message: int | None


def run_turns(records: Iterable[StreamRecord], setup: RunnerSetup) -> str | None:
    """Run what the records ask for: sessions at once, the records of one in their order.

    Returns the position of the first record that could not be carried out, to be handed
    over again from there on, or None. A record handed over again is no harm.
    """
    triggers = sorted(_triggers(records), key=lambda one: one.session_id.hex)  # a stable sort
    sessions = [list(group) for _, group in groupby(triggers, key=lambda one: one.session_id.hex)]
    if not sessions:
        return None
    # An invocation begins turns for as long as one turn may take: the batch, and all that is
    # behind it in the stream, waits for the slowest session. So it ends within three times
    # that: the last turn begins late, and its model answers late.
    ends = setup.clock() + setup.timeout

    def may_go_on() -> bool:
        return setup.clock() < ends

    with ThreadPoolExecutor(min(_AT_ONCE, len(sessions))) as threads:
        failed = list(threads.map(lambda group: _run_all(group, setup, may_go_on), sessions))
    positions = [position for position in failed if position is not None]
    return min(positions, key=int, default=None)


def _run_all(
    triggers: list[Trigger], setup: RunnerSetup, may_go_on: Callable[[], bool]
) -> str | None:
    """Run what the records of one session ask for; return the position of the one that failed."""
    for trigger in triggers:
        run = SessionRun(
            setup,
            trigger.organization_id,
            trigger.session_id,
            cause=trigger.cause,
            may_go_on=may_go_on,
        )
        try:
            run.run(message=trigger.message)
        except Exception:
            # The edge of a session: whatever broke its run, a defect too, may not take along
            # the runs of the others in the batch. The record is handed over again from here,
            # and comes to the dead-letter queue when that does not help (see template.yaml).
            logger.exception("a run broke off", extra={"session_id": str(trigger.session_id)})
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
            message=_message(record.new),
        )


def _message(item: Record) -> int | None:
    if item.type != EVENTS:
        return None
    places = [event.sequence for event in events_of(item) if event.type == INPUT_MESSAGE]
    return max(places, default=None)
