"""Turn runner: runs the turns of a session one at a time, in the order of their messages.

A run continues from the end of the log, whatever run wrote it. A stream record that is
delivered again either finds its message answered, and does nothing; or finds its turn begun
by a run that is gone, and continues after that run's last write.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.agents.agents.repository import AgentRepository
from shared.agents.files.staging import FilesChanged, StagedFiles, raise_files_changed
from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.tools.note_repository import NoteRepository
from shared.agents.turns.events import TurnEvents
from shared.agents.turns.live import live_answer
from shared.agents.turns.log_window import LogWindow
from shared.agents.turns.states import (
    Change,
    LostTurn,
    begin,
    complete,
    expire,
    fail,
    is_stale,
    proceed,
    take_over,
)
from shared.agents.turns.steps import (
    TimedAnswer,
    TurnConfig,
    call_model,
    configure_turn,
    run_tool_calls,
)
from shared.agents.turns.stream_attributes import COMPLETED, FAILED, STARTS_TURN
from shared.core.clock import Clock, system_clock
from shared.core.errors import CONCURRENTLY_MODIFIED, Conflict, NotFound, TooLarge
from shared.core.ids import MessageId, ModelId, OrganizationId, SessionId
from shared.core.observability import logger
from shared.llm.port import LanguageModel, ModelFailed
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.appending import StreamAttributes
from shared.sessions.domain import NewEvent
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.repository import Loaded
from shared.storage.transactions import Action

#: Model answers in one turn, at most: stops a model that calls tools without end.
MAX_ITERATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnContext:
    """Dependencies of every run.

    Attributes
    ----------
    timeout
        Time limit of a turn.
    provider
        Returns the implementation of a model.
    files
        Returns the files of a session for one step of a turn.
    """

    sessions: AgentSessionRepository
    agents: AgentRepository
    models: ModelRegistry
    default_model: ModelId
    timeout: timedelta
    provider: Callable[[Model], LanguageModel]
    files: Callable[[OrganizationId, SessionId], StagedFiles]
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class SessionRun:
    """One run over the waiting messages of a session.

    Attributes
    ----------
    cause
        Id of the stream record that started the run; the same when it is delivered again.
    runner
        Unique id of the run.
    has_time
        Returns whether there is time for one more turn; called at the end of each.
    """

    context: TurnContext
    organization_id: OrganizationId
    session_id: SessionId
    cause: str
    runner: str = field(default_factory=lambda: secrets.token_hex(8))
    has_time: Callable[[], bool] = lambda: True
    _log: LogWindow = field(init=False)
    _continues: bool = True

    def run(self, *, message: int | None = None) -> None:
        """Run the turns of all waiting messages.

        ``message`` is the sequence of the message that the run was started for; its turn, if
        already begun, is taken over. The run ends when it loses its turn or finds the turn of
        another run: the owner of the turn continues with all messages that wait behind it.
        """
        details = {"session_id": str(self.session_id)}
        try:
            loaded = self.context.sessions.load(self.organization_id, self.session_id)
            self._log = LogWindow(self.context.sessions.table, loaded.record.key.partition)
            if message is not None and message <= loaded.entity.answered_through:
                return
            while loaded.entity.is_waiting and self._continues:
                now = self.context.clock()
                if is_stale(loaded.entity, now, self.context.timeout):
                    loaded = self._expire(loaded, now)
                else:
                    loaded = self._run_turn(self._claim(loaded, message, now))
        except LostTurn:
            logger.info("turn belongs to another run", extra=details)
        except NotFound:
            logger.info("session was deleted", extra=details)

    @property
    def has_handed_over(self) -> bool:
        """True if the stream starts another run for the remaining messages."""
        return not self._continues

    def _claim(
        self, loaded: Loaded[AgentSession], message: int | None, now: datetime
    ) -> Loaded[AgentSession]:
        """Begin the next turn, or take over the one that an earlier run began for the message."""
        self._log.refresh(loaded.entity)
        turn = loaded.entity.turn
        if turn is not None:
            if turn.cause != self.cause and turn.input_sequence != message:
                raise LostTurn
            return self._append(loaded, lambda s: take_over(s, turn, self.runner, now))
        next_input = self._log.next_input(loaded.entity.answered_through)
        return self._append(
            loaded, lambda s: begin(s, next_input, runner=self.runner, cause=self.cause, now=now)
        )

    def _expire(self, loaded: Loaded[AgentSession], now: datetime) -> Loaded[AgentSession]:
        return self._append(loaded, lambda s: expire(s, now, self.context.timeout), FAILED)

    def _run_turn(self, loaded: Loaded[AgentSession]) -> Loaded[AgentSession]:
        """Run the claimed turn to its end."""
        context, turn = self.context, _turn_of(loaded)
        deadline = context.clock() + context.timeout
        message = self._log.next_input(turn.input_sequence - 1)
        try:
            agent = context.agents.get(self.organization_id, loaded.entity.agent_id)
            config = configure_turn(
                loaded.entity, agent, message, context.models, context.default_model
            )
        except NotFound as missing:
            return self._fail(loaded, missing.message, code="not_found")
        for _ in range(turn.iterations, MAX_ITERATIONS):
            try:
                step = self._call_model(loaded, config, deadline)
                if not step.answer.tool_calls:
                    return self._complete(loaded, config, step)
                loaded = self._run_tools(loaded, config, step)
            except ModelFailed as failed:
                code = "model_unavailable" if failed.retryable else "model_failed"
                return self._fail(loaded, failed.reason, code=code, retryable=failed.retryable)
            except TooLarge:
                reason = "The answer is too large to be stored."
                return self._fail(loaded, reason, code="answer_too_large")
        reason = f"The turn took more than {MAX_ITERATIONS} steps and was stopped."
        return self._fail(loaded, reason, code="max_iterations")

    def _call_model(
        self, loaded: Loaded[AgentSession], config: TurnConfig, deadline: datetime
    ) -> TimedAnswer:
        remaining = (deadline - self.context.clock()).total_seconds()
        if remaining <= 0:
            raise ModelFailed("The turn took too long and was stopped.", retryable=True)
        turn = _turn_of(loaded)
        conversation = self._log.conversation(turn.input_sequence)
        context = self.context
        with live_answer(context.sessions, loaded, turn, context.clock, context.monotonic) as live:
            return call_model(
                context.provider, config, conversation, time_limit=remaining, on_text=live
            )

    def _run_tools(
        self, loaded: Loaded[AgentSession], config: TurnConfig, step: TimedAnswer
    ) -> Loaded[AgentSession]:
        """Run the requested tools; again when another writer changed the files meanwhile."""
        for _ in CONTENTION.attempts(self.context.sessions.table.sleep):
            try:
                return self._run_tools_once(loaded, config, step)
            except FilesChanged:
                continue
        raise Conflict(CONCURRENTLY_MODIFIED)

    def _run_tools_once(
        self, loaded: Loaded[AgentSession], config: TurnConfig, step: TimedAnswer
    ) -> Loaded[AgentSession]:
        """Run the requested tools; one write stores their effects and events."""
        turn = _turn_of(loaded)
        table = self.context.sessions.table
        notes = NoteRepository(table, self.organization_id, self.session_id)
        now = self.context.clock()
        files = self.context.files(self.organization_id, self.session_id)
        calls = step.answer.tool_calls
        outcomes = run_tool_calls(calls, config.tools, now, notes.get, lambda: files)
        turn_events = TurnEvents(turn)
        events = [
            *self._answered(turn, config, step),
            *turn_events.tools_called(outcomes),
            turn_events.reason_started(loaded.entity.agent_id),
        ]
        with files.written() as file_actions:
            return self._append(
                loaded,
                lambda s: proceed(s, turn, step.answer, events, self.context.clock()),
                also=[*notes.write_actions(), *file_actions],
                on_condition_failed=raise_files_changed,
            )

    def _complete(
        self, loaded: Loaded[AgentSession], config: TurnConfig, step: TimedAnswer
    ) -> Loaded[AgentSession]:
        turn = _turn_of(loaded)
        events = self._answered(turn, config, step)
        return self._end(
            loaded,
            lambda s: complete(s, turn, step.answer, events, self.context.clock()),
            COMPLETED,
        )

    def _fail(
        self, loaded: Loaded[AgentSession], reason: str, *, code: str, retryable: bool = False
    ) -> Loaded[AgentSession]:
        turn = _turn_of(loaded)
        logger.warning("turn failed", extra={"turn_id": str(turn.id), "reason": reason})
        return self._end(
            loaded,
            lambda s: fail(s, turn, self.context.clock(), reason, code=code, retryable=retryable),
            FAILED,
        )

    def _answered(self, turn: Turn, config: TurnConfig, step: TimedAnswer) -> list[NewEvent]:
        return TurnEvents(turn).answered(
            MessageId.new(), step.answer, config.model, step.milliseconds
        )

    def _end(
        self,
        loaded: Loaded[AgentSession],
        change: Callable[[AgentSession], Change],
        attributes: dict[str, str],
    ) -> Loaded[AgentSession]:
        """Write the end of a turn.

        Without time for the messages that wait, a stream attribute starts another run.
        """
        self._continues = self.has_time()
        handover = {} if self._continues else STARTS_TURN
        return self._append(
            loaded, change, lambda s: attributes | (handover if s.is_waiting else {})
        )

    def _append(
        self,
        loaded: Loaded[AgentSession],
        change: Callable[[AgentSession], Change],
        stream_attributes: StreamAttributes[AgentSession] | None = None,
        also: list[Action] | None = None,
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
    ) -> Loaded[AgentSession]:
        appended = self.context.sessions.append(
            self.organization_id,
            self.session_id,
            change,
            loaded=loaded,
            stream_attributes=stream_attributes,
            also=also or (),
            on_condition_failed=on_condition_failed,
        )
        self._log.add(appended.events)
        assert appended.loaded is not None  # noqa: S101  # only a replay, under a key, has none
        return appended.loaded


def _turn_of(loaded: Loaded[AgentSession]) -> Turn:
    turn = loaded.entity.turn
    assert turn is not None  # noqa: S101  # the run has claimed the turn
    return turn
