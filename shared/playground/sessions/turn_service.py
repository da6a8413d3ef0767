"""Running turns in stored sessions: one read, the turn, one transaction."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, TooLarge, Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.playground.engine import Decision, Input, Ran, check, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_ports import Agent, Tools
from shared.playground.engine_state import State, fold
from shared.playground.engine_turn import Surroundings, TurnFailed
from shared.playground.graphs import GraphRepository
from shared.playground.mock_world import MAX_WAIT, MockWorld, PacedTools, RecordedWorld
from shared.playground.recorded_worlds import WorldRepository
from shared.playground.sessions.agents import agent_of_the_stack
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import session_store
from shared.playground.sessions.trace import turns_of
from shared.playground.system_variables import system_values
from shared.sessions.documents import from_record, session_key
from shared.sessions.log_reading import events_after
from shared.sessions.models import Event, NewEvent
from shared.sessions.reader import Held
from shared.sessions.receipts import receipt_key, span_of
from shared.sessions.store import Appended, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.table import table

#: Returns who talks in a turn; its argument reads the session's log.
type WhoTalks = Callable[[Callable[[], list[Event]]], Agent]

#: Graphs that a process keeps ready to run.
_KEPT = 64
#: Bytes of a log that a trace is made from at once: more than any one turn has.
_TRACED_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn in a session: the session as the turn left it, and what it brought to the log."""

    session: PlaygroundSession
    events: list[Event]
    replayed: bool = False


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Outside:
    """What turns need of the world: time, patience, and who talks."""

    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = _sleep
    agent: WhoTalks = agent_of_the_stack


class PlaygroundTurns:
    """Turns in the playground's sessions."""

    def __init__(
        self,
        store: SessionStore[PlaygroundSession],
        graphs: GraphRepository,
        outside: Outside | None = None,
    ) -> None:
        self._store = store
        self._outside = outside or Outside()
        self._worlds = WorldRepository(store.table)
        self._graph = lru_cache(maxsize=_KEPT)(
            lambda *wanted: RunnableGraph.of(graphs.pinned(*wanted))
        )

    def run(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        given: Input,
        idempotency: Idempotency | None = None,
    ) -> Turned:
        """Run a turn: one read and one transaction (and a first read of a revision's graph).

        Nothing of the turn is seen before all of it, and nothing of a turn that fails. A
        repeated request gets what the first one brought, whatever came after it. Whoever
        leaves before the answer has changed nothing: the turn ends as it would have.

        Raises
        ------
        NotFound
            No such session of the organisation.
        Conflict
            ``session_ended``, ``awaiting_approval``, ``not_awaiting_approval``; or
            ``turn_conflict`` when another turn of the session came first.
        TurnFailed
            The turn came to no end; the session is as it was.
        Unprocessable
            The idempotency key was used with another payload.
        """
        held, earlier = self._read(organization_id, session_id, idempotency)
        if earlier is not None and idempotency is not None:
            idempotency.check(earlier.fingerprint)
            first, last = span_of(earlier) or (0, 0)
            return self._as_it_was(organization_id, session_id, first, last)
        held = self.past_deadline(held)
        appended = self._turn(held, given, idempotency)
        if appended.replayed:
            span = appended.events[0].sequence, appended.events[-1].sequence
            return self._as_it_was(organization_id, session_id, *span)
        return Turned(appended.session, appended.events)

    def trace(
        self, organization_id: OrganizationId, session_id: SessionId, after: str | None, limit: int
    ) -> tuple[list[list[Event]], str | None]:
        """Return the events of turns behind a position, turn by turn, the oldest first.

        Two requests, and one more for each megabyte. Also returns the position to go on
        from, or None at the end of the log. Raises ``NotFound``.
        """
        held = self.past_deadline(self._store.hold(organization_id, session_id))
        last = held.session.last_sequence
        partition = held.record.key.partition
        log = events_after(
            self._store.table, partition, after=int(after or 0), last=last, max_bytes=_TRACED_BYTES
        )
        turns = turns_of(log)
        if log and log[-1].sequence < last and len(turns) > 1:
            turns.pop()  # its end is in the next part
        turns = turns[:limit]
        seen = turns[-1][-1].sequence if turns else last
        return turns, str(seen) if seen < last else None

    def past_deadline(self, held: Held[PlaygroundSession]) -> Held[PlaygroundSession]:
        """Return a session as its approval's deadline leaves it, if that has passed.

        Where the turn that follows fails, or cannot be run now, the session goes on waiting:
        it can be read as it is, and still be decided by a person.
        """
        if not held.session.overdue(self._outside.clock()):
            return held
        session = held.session
        try:
            appended = self._turn(held, Decision(approve=False, by="deadline"))
        except (TurnFailed, Unavailable) as failure:
            logger.warning(
                "the turn after an approval's deadline failed",
                extra={"session_id": str(session.id), "error": failure.code},
            )
            return held
        except Conflict:  # somebody else's turn, or this very one, came first
            return self._store.hold(session.organization_id, session.id)
        return appended.held or held

    def _read(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        idempotency: Idempotency | None,
    ) -> tuple[Held[PlaygroundSession], Record | None]:
        """Read a session, and whether the request was answered before: one request."""
        if idempotency is None:
            return self._store.hold(organization_id, session_id), None
        key = session_key(organization_id, session_id)
        receipt = receipt_key(key.partition, idempotency)
        found = self._store.table.get_many([key, receipt])
        record = found.get(key)
        if record is None or not self._store.is_own(record):
            return self._store.hold(organization_id, session_id), None  # says what is wrong
        return Held(from_record(self._store.codec, record), record), found.get(receipt)

    def _turn(
        self,
        held: Held[PlaygroundSession],
        given: Input,
        idempotency: Idempotency | None = None,
    ) -> Appended[PlaygroundSession]:
        before = held.session
        now = self._outside.clock()
        ran: list[Ran] = []

        def change(session: PlaygroundSession) -> tuple[PlaygroundSession, list[NewEvent]]:
            if session.version != before.version:
                # What it says was meant for the session as it stood before.
                raise Conflict("Another turn of the session came first.", code="turn_conflict")
            if not ran:
                ran.append(self._ran(session, given, now))
            after = session.at(ran[0].state)
            return replace(after, updated_at=now), list(ran[0].events)

        try:
            return self._store.append(
                before.organization_id, before.id, change, held=held, idempotency=idempotency
            )
        except TooLarge as error:
            raise TurnFailed(error.message, code="turn_too_large") from error

    def _ran(self, session: PlaygroundSession, given: Input, now: datetime) -> Ran:
        check(session.state, given)  # before anything is read for it
        started = self._outside.monotonic()
        around = Surroundings(
            agent=self._outside.agent(lambda: self._log(session)),
            tools=self._tools(session, given),
            now=now,
            elapsed_ms=lambda: int((self._outside.monotonic() - started) * 1000),
        )
        return run_turn(self._runnable(session), session.state, given, around)

    def _log(self, session: PlaygroundSession) -> list[Event]:
        return self._store.read(session.organization_id, session.id)[1]

    def _runnable(self, session: PlaygroundSession) -> RunnableGraph:
        return self._graph(session.organization_id, session.graph.hash, session.catalog_slug)

    def _tools(self, session: PlaygroundSession, given: Input) -> Tools:
        tools: Tools = (
            MockWorld(self._runnable(session).graph.mock_world)
            if session.mock_world is None
            else RecordedWorld(self._worlds.get(session.organization_id, session.mock_world))
        )
        # Nobody watches what follows a deadline.
        watched = not (isinstance(given, Decision) and given.by == "deadline")
        return PacedTools(tools, self._outside.sleep, MAX_WAIT if watched else 0)

    def _as_it_was(
        self, organization_id: OrganizationId, session_id: SessionId, first: int, last: int
    ) -> Turned:
        """Return an earlier turn: the session as it stood at its end, and its events."""
        session, log = self._store.read(organization_id, session_id)
        known = system_values(session.graph.system_variables, session.id, session.created_at)
        opened = State(node_id=session.graph.entry_node_id, variables=known)
        state = fold(opened, (event for event in log if event.sequence <= last))
        events = [event for event in log if first <= event.sequence <= last]
        return Turned(session.at(state), events, replayed=True)


@cache
def playground_turns() -> PlaygroundTurns:
    """Return the service of this process."""
    return PlaygroundTurns(session_store(table()), GraphRepository(table()))
