"""Sessions of simulated agents that other programs run, recorded turn by turn.

A session of an agent has the words of the user and of the agent, and the calls that the
simulation's world served. No turn of this stack runs in it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from shared.agents.limits import MAX_TITLE_LENGTH
from shared.agents.recorded_turns import Ending, RecordedTurn
from shared.agents.sessions.domain import AgentSession, Simulation
from shared.agents.sessions.importing import AgentSessionImporter
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.simulated_log import Exchange, conversation_of, exchanges
from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, NotFound
from shared.core.ids import SessionId
from shared.sessions.documents import session_key
from shared.sessions.domain import Event, NewEvent
from shared.sessions.log_reading import newest_events
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.simulation.conversation import Conversation
from shared.simulation.recording import ReadCalls, ServedCall
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.storage.repository import Loaded

DELETED = "The session was deleted while the simulation ran."
#: Prompt of the agent that these sessions name.
INSTRUCTIONS = "An agent that another program runs; its instructions are unknown."
#: Items and bytes of a log that are read for a turn; those of a larger turn are read with all.
_MAX_ITEMS, _MAX_BYTES = 150, 1_000_000


class _Recorded(Exception):
    """The turn was recorded before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSessionRecorder:
    """``SessionRecorder`` in agent sessions."""

    sessions: AgentSessionRepository
    importer: AgentSessionImporter
    worlds: WorldRepository
    clock: Clock = system_clock

    def open(self, session: SimulatedSession, agent: str) -> None:
        """Create the session: one read, two writes, and one more for a new agent."""
        organization_id = session.organization_id
        now = self.clock()
        opened = AgentSession(
            id=SessionId(session.session_id),
            organization_id=organization_id,
            created_at=now,
            updated_at=now,
            tags=session.tags,
            agent=self.importer.own_agent(organization_id, agent, INSTRUCTIONS, now),
            title=session.title[:MAX_TITLE_LENGTH],
            simulation=Simulation(
                run_id=session.run_id,
                number=session.number,
                world=self.worlds.add(organization_id, session.world),
                on_unmatched=session.on_unmatched,
            ),
        )
        key = session_key(organization_id, opened.id)
        with suppress(Conflict):  # opened before
            self.sessions.create(key, lambda: (opened, []))

    def add(
        self,
        session: SimulatedSession,
        turn: int,
        message: str,
        answer: TargetAnswer,
        calls: ReadCalls,
    ) -> TargetAnswer:
        """Record a turn: one read, one query for its calls, a transaction for each 2 MB.

        An answer that was recorded before costs as :meth:`answer`.
        """
        tool_calls = self._record(session, turn, message, answer, calls)
        if tool_calls is not None:
            return replace(answer, tool_calls=tool_calls)
        return self.answer(session, turn) or answer

    def fail(
        self, session: SimulatedSession, turn: int, message: str, reason: str, calls: ReadCalls
    ) -> None:
        """Record a turn that has no answer: costs as :meth:`add`."""
        self._record(session, turn, message, reason, calls)

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn: one read, and one query for its part of the log."""
        found = self._load(session).entity
        if found.simulation is None or found.simulation.answered < turn:
            return None
        exchange = self._exchange(session, found, turn)
        if exchange is None:
            raise TargetFailed(DELETED)
        if exchange.end is not None:
            raise TargetFailed(str(exchange.end.data["error"]))
        return exchange.answer()

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the session: one request for each megabyte."""
        return conversation_of(self._log(session))

    def _record(
        self,
        session: SimulatedSession,
        turn: int,
        message: str,
        ending: Ending,
        calls: ReadCalls,
    ) -> int | None:
        """Record a turn, and return the number of its tool calls.

        Returns None for one that was recorded before, also in part.
        """
        loaded = self._load(session)
        found = loaded.entity
        if found.simulation is None or found.simulation.answered >= turn:
            return None
        served = calls(found.simulation.served - 1)
        recorded = RecordedTurn(session.session_id, turn, message, ending)
        is_whole = False

        def change(current: AgentSession) -> tuple[AgentSession, list[NewEvent]]:
            nonlocal is_whole
            state = current.simulation
            if state is None or state.answered >= turn:
                raise _Recorded
            changed, events = recorded.next_part(current, state, _behind(served, state), now)
            is_whole = changed.simulation is not None and changed.simulation.answered >= turn
            return changed, events

        while not is_whole:
            now = self.clock()
            try:
                appended = self.sessions.append(
                    session.organization_id, found.id, change, loaded=loaded
                )
                loaded = appended.loaded or loaded
            except _Recorded:
                return None
            except NotFound as error:
                raise TargetFailed(DELETED) from error
        return None if found.simulation.asked >= turn else len(served)

    def _exchange(
        self, session: SimulatedSession, found: AgentSession, turn: int
    ) -> Exchange | None:
        identifier = str(RecordedTurn.message_id(session.session_id, turn))
        newest = newest_events(
            self.sessions.table,
            found,
            last=found.last_sequence,
            max_items=_MAX_ITEMS,
            max_bytes=_MAX_BYTES,
        )
        by_id = {one.message_id: one for one in exchanges(newest)}
        if identifier not in by_id:
            by_id = {one.message_id: one for one in exchanges(self._log(session))}
        return by_id.get(identifier)

    def _load(self, session: SimulatedSession) -> Loaded[AgentSession]:
        try:
            return self.sessions.load(session.organization_id, SessionId(session.session_id))
        except NotFound as error:
            raise TargetFailed(DELETED) from error

    def _log(self, session: SimulatedSession) -> list[Event]:
        try:
            return self.sessions.read(session.organization_id, SessionId(session.session_id))[1]
        except NotFound as error:
            raise TargetFailed(DELETED) from error


def _behind(served: Sequence[ServedCall], state: Simulation) -> list[ServedCall]:
    """Return the calls that the log lacks."""
    return [call for call in served if call.index >= state.served]
