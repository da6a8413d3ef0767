"""Runs the turns of a session: one at a time, each message's own, in the order they came.

A run begins where the log ends, whoever wrote it. So the same stream record, handed over
again, finds its message answered and does nothing; or finds its turn begun by a runner that
is gone, and goes on from the last thing that runner wrote.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.agents.agent_service import AgentService
from shared.agents.domain import AgentSession, Turn
from shared.agents.log_window import LogWindow
from shared.agents.note_repository import NoteRepository, NotesInUse
from shared.agents.turn_events import TurnEvents
from shared.agents.turn_marks import ANSWERED, FAILED, STARTS_TURN
from shared.agents.turn_states import (
    Change,
    LostTurn,
    begin,
    complete,
    fail,
    is_stale,
    proceed,
    stop_stale,
    take_over,
)
from shared.agents.turn_steps import Equipment, TimedAnswer, act, ask, equip
from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import MessageId, ModelId, OrganizationId, SessionId
from shared.core.observability import logger
from shared.llm.port import LanguageModel, ModelFailed
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.appending import Marks
from shared.sessions.models import NewEvent
from shared.sessions.reader import Held
from shared.sessions.store import SessionStore
from shared.storage.transactions import Action

#: Answers of the model in one turn: one that calls for tools on and on is stopped.
MAX_ITERATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSetup:
    """What every run needs.

    Attributes
    ----------
    timeout
        How long a turn may take.
    provider
        Gives the implementation of the model port for a model.
    """

    store: SessionStore[AgentSession]
    agents: AgentService
    models: ModelRegistry
    default_model: ModelId
    timeout: timedelta
    provider: Callable[[Model], LanguageModel]
    clock: Clock = system_clock


@dataclass(slots=True)
class SessionRun:
    """One run over one session.

    Attributes
    ----------
    cause
        The stream record that started it; the same when it is handed over again.
    runner
        Names this run, and no other.
    may_go_on
        Whether there is time for one more turn; asked when one ends.
    """

    setup: RunnerSetup
    organization_id: OrganizationId
    session_id: SessionId
    cause: str
    runner: str = field(default_factory=lambda: secrets.token_hex(8))
    may_go_on: Callable[[], bool] = lambda: True
    _log: LogWindow = field(init=False)
    _going_on: bool = True

    def run(self, *, message: int | None = None) -> None:
        """Run what is to be run.

        ``message`` is the place of the message that the run was started for; its turn, if
        it is begun, is taken over. A run that loses its turn, or finds another's going on,
        ends: nothing is left undone by that, because whoever has the turn goes on with all
        that waits behind it.
        """
        try:
            held = self.setup.store.hold(self.organization_id, self.session_id)
            self._log = LogWindow(self.setup.store.table, held.record.key.partition)
            if message is not None and message <= held.session.answered_through:
                return
            while held.session.is_waiting and self._going_on:
                now = self.setup.clock()
                if is_stale(held.session, now, self.setup.timeout):
                    held = self._stop_stale(held, now)
                else:
                    held = self._turn(self._claim(held, message, now))
        except LostTurn:
            logger.info("the turn is another's", extra={"session_id": str(self.session_id)})
        except NotFound:
            logger.info("the session is gone", extra={"session_id": str(self.session_id)})

    @property
    def has_handed_over(self) -> bool:
        """Whether the stream has been made to start another run for what is left to do."""
        return not self._going_on

    def _claim(
        self, held: Held[AgentSession], message: int | None, now: datetime
    ) -> Held[AgentSession]:
        """Begin the next turn, or take over the one that this run was started for before."""
        self._log.read_on(held.session)
        turn = held.session.turn
        if turn is not None:
            if turn.cause != self.cause and turn.input_sequence != message:
                raise LostTurn
            return self._append(held, lambda s: take_over(s, turn, self.runner, now))
        question = self._log.question(held.session.answered_through)
        return self._append(
            held, lambda s: begin(s, question, runner=self.runner, cause=self.cause, now=now)
        )

    def _stop_stale(self, held: Held[AgentSession], now: datetime) -> Held[AgentSession]:
        return self._append(held, lambda s: stop_stale(s, now, self.setup.timeout), FAILED)

    def _turn(self, held: Held[AgentSession]) -> Held[AgentSession]:
        """Run the turn that this run holds, to its end."""
        turn = _running(held)
        deadline = self.setup.clock() + self.setup.timeout
        question = self._log.question(turn.input_sequence - 1)
        try:
            agent = self.setup.agents.get(self.organization_id, held.session.agent_id)
            equipment = equip(
                held.session, agent, question, self.setup.models, self.setup.default_model
            )
        except NotFound as missing:
            return self._fail(held, ModelFailed(missing.message, retryable=False), "not_found")
        for _ in range(turn.iterations, MAX_ITERATIONS):
            try:
                step = self._ask(equipment, turn, deadline)
                if not step.answer.tool_calls:
                    return self._complete(held, equipment, step)
                held = self._act(held, equipment, step)
            except ModelFailed as failed:
                code = "model_unavailable" if failed.retryable else "model_failed"
                return self._fail(held, failed, code)
            except TooLarge:
                large = ModelFailed("The answer is larger than can be kept.", retryable=False)
                return self._fail(held, large, "answer_too_large")
        endless = f"The turn took more than {MAX_ITERATIONS} steps and was stopped."
        return self._fail(held, ModelFailed(endless, retryable=False), "max_iterations")

    def _ask(self, equipment: Equipment, turn: Turn, deadline: datetime) -> TimedAnswer:
        left = (deadline - self.setup.clock()).total_seconds()
        if left <= 0:
            raise ModelFailed("The turn took too long and was stopped.", retryable=True)
        conversation = self._log.conversation(turn.input_sequence)
        return ask(self.setup.provider, equipment, conversation, time_limit=left)

    def _act(
        self, held: Held[AgentSession], equipment: Equipment, step: TimedAnswer
    ) -> Held[AgentSession]:
        """Carry out the tools that were called; their effects and events are one write."""
        turn = _running(held)
        kept = NotesInUse(NoteRepository(self.setup.store.table), held.session)
        now = self.setup.clock()
        outcomes = act(step.answer.tool_calls, equipment.tools, now, kept.read)
        tell = TurnEvents(turn)
        events = [
            *self._answered(turn, equipment, step),
            *tell.acted(outcomes),
            tell.reason_started(held.session.agent_id),
        ]
        return self._append(
            held,
            lambda s: proceed(s, turn, step.answer, events, self.setup.clock()),
            also=kept.writing(),
        )

    def _complete(
        self, held: Held[AgentSession], equipment: Equipment, step: TimedAnswer
    ) -> Held[AgentSession]:
        turn = _running(held)
        events = self._answered(turn, equipment, step)
        return self._end(
            held, lambda s: complete(s, turn, step.answer, events, self.setup.clock()), ANSWERED
        )

    def _fail(self, held: Held[AgentSession], failed: ModelFailed, code: str) -> Held[AgentSession]:
        turn = _running(held)
        logger.warning("a turn failed", extra={"turn_id": str(turn.id), "reason": failed.reason})
        return self._end(
            held,
            lambda s: fail(
                s, turn, self.setup.clock(), failed.reason, code=code, retryable=failed.retryable
            ),
            FAILED,
        )

    def _answered(self, turn: Turn, equipment: Equipment, step: TimedAnswer) -> list[NewEvent]:
        return TurnEvents(turn).answered(
            MessageId.new(), step.answer, equipment.model.name, step.milliseconds
        )

    def _end(
        self,
        held: Held[AgentSession],
        change: Callable[[AgentSession], Change],
        marks: dict[str, str],
    ) -> Held[AgentSession]:
        """Write the end of a turn; with messages waiting and no time, hand them over.

        The mark on what is written makes the stream start another run.
        """
        self._going_on = self.may_go_on()
        handing_over = {} if self._going_on else STARTS_TURN
        return self._append(held, change, lambda s: marks | (handing_over if s.is_waiting else {}))

    def _append(
        self,
        held: Held[AgentSession],
        change: Callable[[AgentSession], Change],
        marks: Marks[AgentSession] | None = None,
        also: list[Action] | None = None,
    ) -> Held[AgentSession]:
        appended = self.setup.store.append(
            self.organization_id, self.session_id, change, held=held, marks=marks, also=also or ()
        )
        self._log.add(appended.events)
        assert appended.held is not None  # noqa: S101  # without an idempotency key none replays
        return appended.held


def _running(held: Held[AgentSession]) -> Turn:
    turn = held.session.turn
    assert turn is not None  # noqa: S101  # only a run that has claimed its turn comes here
    return turn
