"""Turn service: run a turn in a stored session, expire an approval, trace a session."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, Deleted, TooLarge, Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.playground.engine.engine import Decision, Input, TurnResult, check_input, run_turn
from shared.playground.engine.mock_world import MAX_WAIT, MockWorld, PacedTools, RecordedWorld
from shared.playground.engine.ports import Agent, Listen, Tools
from shared.playground.engine.runnable_graph import RunnableGraph
from shared.playground.engine.state import State, fold
from shared.playground.engine.system_variables import system_values
from shared.playground.engine.turn import TurnContext, TurnFailed
from shared.playground.graph_repository import GraphRepository
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.turns.live import TURN_CONFLICT, live_answer
from shared.playground.turns.trace import divide_into_turns
from shared.sessions.appending import span_of
from shared.sessions.documents import session_key
from shared.sessions.domain import Event, NewEvent
from shared.sessions.log_reading import events_after
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.sessions.store import Appended, SessionStore
from shared.storage.idempotency import Idempotency, receipt_key
from shared.storage.lists import Page
from shared.storage.records import Record
from shared.storage.repository import Loaded

#: Returns the speaker of a turn; its arguments read the session's log, and take a model's text.
type Speaker = Callable[[Callable[[], list[Event]], Listen], Agent]

#: Graphs that a process keeps ready to run.
_CACHE_SIZE = 64
#: Bytes of a log that are traced at once: more than any one turn has.
_TRACE_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class CompletedTurn:
    """The session at the end of a turn, and the events that the turn added to the log."""

    session: PlaygroundSession
    events: list[Event]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class TurnEnvironment:
    """Dependencies of turns on the outside: time, waiting, and the speaker."""

    agent: Speaker
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class PlaygroundTurnService:
    """Turns in playground sessions."""

    def __init__(
        self,
        store: SessionStore[PlaygroundSession],
        graphs: GraphRepository,
        environment: TurnEnvironment,
    ) -> None:
        self._store = store
        self._environment = environment
        self._worlds = WorldRepository(store.table)
        self._graph = lru_cache(maxsize=_CACHE_SIZE)(
            lambda *pinned: RunnableGraph.of(graphs.get_pinned(*pinned))
        )

    def run(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        turn_input: Input,
        idempotency: Idempotency | None = None,
    ) -> CompletedTurn:
        """Run a turn: one read and one transaction (and a first read of a revision's graph).

        A turn is stored whole or not at all. A repeated request gets the turn of the first
        one, whatever came after it. A client that disconnects does not cancel the turn.

        Raises
        ------
        NotFound
            No such session of the organization.
        Conflict
            ``session_ended``, ``awaiting_approval``, ``not_awaiting_approval``;
            ``turn_conflict`` when another turn of the session came first; ``deleted`` for a
            repeated request of a deleted session.
        TurnFailed
            The turn did not end; the session is unchanged.
        Unprocessable
            The idempotency key was used with another payload.
        """
        loaded, earlier = self._read(organization_id, session_id, idempotency)
        if earlier is not None:
            first, last = span_of(earlier) or (0, 0)
            return self._replay(organization_id, session_id, first, last)
        assert loaded is not None  # noqa: S101  # one of the two is there
        appended = self._turn(self.expire_approval(loaded), turn_input, idempotency)
        if appended.replayed:
            span = appended.events[0].sequence, appended.events[-1].sequence
            return self._replay(organization_id, session_id, *span)
        return CompletedTurn(appended.session, appended.events)

    def trace(
        self, organization_id: OrganizationId, session_id: SessionId, after: str | None, limit: int
    ) -> Page[list[Event]]:
        """Return a page of turns, each as its events, the oldest first.

        Two requests, and one more for each megabyte. The cursor is the sequence of the last
        event. Raises ``NotFound``.
        """
        loaded = self.expire_approval(self._store.load(organization_id, session_id))
        last = loaded.entity.last_sequence
        log = events_after(
            self._store.table,
            loaded.entity,
            after=int(after or 0),
            last=last,
            max_bytes=_TRACE_BYTES,
        )
        turns = divide_into_turns(log)
        if log and log[-1].sequence < last and len(turns) > 1:
            turns.pop()  # its end is in the next part
        turns = turns[:limit]
        seen = turns[-1][-1].sequence if turns else last
        return Page(turns, str(seen) if seen < last else None)

    def expire_approval(self, loaded: Loaded[PlaygroundSession]) -> Loaded[PlaygroundSession]:
        """Deny an overdue approval, and return the session as stored afterwards.

        If the turn that follows fails or cannot run now, the session goes on waiting: it can
        be read as it is, and still be decided by a person.
        """
        session = loaded.entity
        if not session.overdue(self._environment.clock()):
            return loaded
        try:
            appended = self._turn(loaded, Decision(approve=False, by="deadline"))
        except (TurnFailed, Unavailable) as failure:
            logger.warning(
                "the turn after an overdue approval failed",
                extra={"session_id": str(session.id), "error": failure.code},
            )
            return loaded
        except Conflict:  # another turn, or this very one, came first
            return self._store.load(session.organization_id, session.id)
        return appended.loaded or loaded

    def _read(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        idempotency: Idempotency | None,
    ) -> tuple[Loaded[PlaygroundSession] | None, Record | None]:
        """Return a session, and the receipt of an earlier run: one request."""
        if idempotency is None:
            return self._store.load(organization_id, session_id), None
        key = session_key(organization_id, session_id)
        receipt = receipt_key(idempotency, key.partition)
        found = self._store.table.get_many([key, receipt])
        loaded, earlier = self._store.loaded(found.get(key)), found.get(receipt)
        if earlier is not None:
            idempotency.check(earlier.fingerprint)
            if loaded is None:
                raise Deleted
        elif loaded is None:
            loaded = self._store.load(organization_id, session_id)  # raises the error
        return loaded, earlier

    def _turn(
        self,
        loaded: Loaded[PlaygroundSession],
        turn_input: Input,
        idempotency: Idempotency | None = None,
    ) -> Appended[PlaygroundSession]:
        before = loaded.entity
        now = self._environment.clock()
        results: list[TurnResult] = []

        def change(session: PlaygroundSession) -> tuple[PlaygroundSession, list[NewEvent]]:
            if session.version != before.version:
                # The input was meant for the session as it was before.
                raise Conflict(TURN_CONFLICT, code="turn_conflict")
            if not results:
                results.append(self._result(session, turn_input, now))
            after = session.at(results[0].state)
            return replace(after, updated_at=now), list(results[0].events)

        try:
            return self._store.append(
                before.organization_id, before.id, change, loaded=loaded, idempotency=idempotency
            )
        except TooLarge as error:
            raise TurnFailed(error.message, code="turn_too_large") from error

    def _result(self, session: PlaygroundSession, turn_input: Input, now: datetime) -> TurnResult:
        check_input(session.state, turn_input)  # before anything is read for it
        started = self._environment.monotonic()
        context = TurnContext(
            agent=self._environment.agent(
                lambda: self._log(session), self._listen(session, turn_input)
            ),
            tools=self._tools(session, turn_input),
            now=now,
            elapsed_ms=lambda: int((self._environment.monotonic() - started) * 1000),
        )
        return run_turn(self._runnable(session), session.state, turn_input, context)

    def _listen(self, session: PlaygroundSession, turn_input: Input) -> Listen:
        if not _is_attended(turn_input):
            return nullcontext
        clock, monotonic = self._environment.clock, self._environment.monotonic
        return lambda: live_answer(self._store, session, clock, monotonic)

    def _log(self, session: PlaygroundSession) -> list[Event]:
        return self._store.read(session.organization_id, session.id)[1]

    def _runnable(self, session: PlaygroundSession) -> RunnableGraph:
        return self._graph(session.organization_id, session.graph.hash, session.catalog_slug)

    def _tools(self, session: PlaygroundSession, turn_input: Input) -> Tools:
        tools: Tools = (
            MockWorld(self._runnable(session).graph.mock_world)
            if session.mock_world is None
            else RecordedWorld(
                self._worlds.get(session.organization_id, session.mock_world),
                session.on_unmatched or "last",
            )
        )
        max_wait = MAX_WAIT if _is_attended(turn_input) else 0
        return PacedTools(tools, self._environment.sleep, max_wait)

    def _replay(
        self, organization_id: OrganizationId, session_id: SessionId, first: int, last: int
    ) -> CompletedTurn:
        """Return an earlier turn: the session as it was at its end, and its events."""
        session, log = self._store.read(organization_id, session_id)
        known = system_values(session.graph.system_variables, session.id, session.created_at)
        opened = State(node_id=session.graph.entry_node_id, variables=known)
        state = fold(opened, (event for event in log if event.sequence <= last))
        events = [event for event in log if first <= event.sequence <= last]
        return CompletedTurn(session.at(state), events, replayed=True)


def _is_attended(turn_input: Input) -> bool:
    """Return whether somebody waits for a turn: nobody for the one after an overdue approval."""
    return not (isinstance(turn_input, Decision) and turn_input.by == "deadline")
