"""Turn runner: runs the next turn of a session, in the slot that the session holds.

A run continues from the end of the log, whatever run wrote it. A queue message that is
delivered again either finds its turn ended, and at most begins the next; or finds the turn that
a run which is gone began for it, and continues after that run's last write.
"""

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.agents.admission.domain import Slot, SlotLost, Start
from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.tools.note_repository import NoteRepository
from shared.agents.tools.tool import ToolsUnavailable
from shared.agents.tools.wiring import TurnRemoteTools
from shared.agents.turns.context import TurnContext
from shared.agents.turns.events import TurnEvents
from shared.agents.turns.live import live_answer
from shared.agents.turns.log_window import LogWindow
from shared.agents.turns.open_calls import WaitLimits
from shared.agents.turns.states import (
    Change,
    LostTurn,
    begin,
    complete,
    expire,
    fail,
    is_stale,
    take_over,
)
from shared.agents.turns.steps import (
    TimedAnswer,
    TurnConfig,
    call_model,
)
from shared.agents.turns.stream_attributes import COMPLETED, FAILED, ends_turn, of_simulation
from shared.agents.turns.tool_rounds import ToolRounds
from shared.core.clock import timestamp
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import MessageId, OrganizationId, SessionId
from shared.core.observability import logger
from shared.llm.port import ModelFailed
from shared.sessions.appending import Also, StreamAttributes
from shared.sessions.domain import NewEvent
from shared.storage.contention import ConditionFailed
from shared.storage.repository import Loaded

#: Model answers in one turn, at most: stops a model that calls tools without end.
MAX_ITERATIONS = 20


@dataclass(slots=True)
class SessionRun:
    """One run: at most one turn of a session.

    Attributes
    ----------
    slot
        The slot of the session as the queue message names it, later as the run holds it.
    cause
        Id of the queue message that started the run; the same when it is delivered again.
    runner
        Unique id of the run.
    """

    context: TurnContext
    slot: Slot
    cause: str
    runner: str = field(default_factory=lambda: secrets.token_hex(8))
    organization_id: OrganizationId = field(init=False)
    session_id: SessionId = field(init=False)
    _log: LogWindow = field(init=False)

    def __post_init__(self) -> None:
        self.organization_id = self.slot.organization_id
        self.session_id = self.slot.session_id

    def run(self) -> None:
        """Run the next turn of the session, if one waits, and release the slot.

        A turn that a run of the same queue message began is taken over; one of another message
        is left to it. The end of a turn starts the next one through the stream.
        """
        details = {"session_id": str(self.session_id)}
        is_lost = False
        try:
            self._run_next()
        except LostTurn:
            logger.info("turn belongs to another run", extra=details)
            is_lost = True
        except NotFound:
            logger.info("session was deleted", extra=details)
        self.context.admission.release(self.slot, self.cause, is_lost=is_lost)

    def _run_next(self) -> None:
        loaded = self.context.sessions.load(self.organization_id, self.session_id)
        self._log = LogWindow(self.context.sessions.table, loaded.entity)
        now = self.context.clock()
        if is_stale(loaded.entity, now, self.context.timeout):
            loaded = self._expire(loaded, now)
        if not loaded.entity.has_work:
            return
        try:
            claimed = self._claim(loaded, now)
        except SlotLost:
            logger.info("slot was lost", extra={"session_id": str(self.session_id)})
            since = timestamp(loaded.entity.waiting_since or now)
            start = Start(self.organization_id, self.session_id, since)
            self.context.admission.admit(self.organization_id, [start], self.cause)
            return
        self._run_turn(claimed)

    def _claim(self, loaded: Loaded[AgentSession], now: datetime) -> Loaded[AgentSession]:
        """Begin the next turn, or take over the one that a run of the same message began.

        The same write takes the slot, so that no turn begins without one. Raises ``SlotLost``.
        """
        self._log.refresh(loaded.entity)
        turn = loaded.entity.turn
        if turn is None:
            message = self._log.next_input(loaded.entity.answered_through)

            def claim(session: AgentSession) -> Change:
                return begin(session, message, runner=self.runner, cause=self.cause, now=now)
        elif not turn.runner or turn.cause == self.cause:

            def claim(session: AgentSession) -> Change:
                return take_over(session, turn, self.runner, now, cause=self.cause)
        else:
            raise LostTurn
        occupy = self.context.admission.occupy
        claimed = self._append(
            loaded,
            claim,
            also=lambda *_: [occupy(self.slot, self.cause)],
            on_condition_failed=self._find_slot,
        )
        self.slot = replace(self.slot, version=self.slot.version + 1)
        self._log.refresh(claimed.entity)  # results of the client may have come meanwhile
        return claimed

    def _find_slot(self, failed: ConditionFailed) -> None:
        self.slot = self.context.admission.follow(self.slot, failed)

    def _expire(self, loaded: Loaded[AgentSession], now: datetime) -> Loaded[AgentSession]:
        timeout = self.context.timeout
        return self._append(
            loaded, lambda s: expire(s, now, timeout), lambda s: FAILED | of_simulation(s)
        )

    def _run_turn(self, loaded: Loaded[AgentSession]) -> Loaded[AgentSession]:
        """Run the claimed turn, to its end or its wait for the client; then close its tools."""
        deadline = self.context.clock() + self.context.timeout

        def seconds() -> float:
            return (deadline - self.context.clock()).total_seconds()

        limited = self.context.listing_time(loaded.entity, seconds)
        with closing(self.context.remote_tools(self.organization_id, limited)) as remote:
            return self._run_steps(loaded, deadline, remote)

    def _run_steps(
        self, loaded: Loaded[AgentSession], deadline: datetime, remote: TurnRemoteTools
    ) -> Loaded[AgentSession]:
        context, turn = self.context, _turn_of(loaded)
        message = self._log.next_input(turn.input_sequence - 1)
        try:
            agent = context.agents.get(self.organization_id, loaded.entity.agent_id)
            config = context.configure(loaded.entity, agent, message, remote)
        except NotFound as missing:
            return self._fail(loaded, missing.message, code="not_found")
        except ToolsUnavailable as failed:
            code = "tools_unavailable"
            return self._fail(loaded, failed.reason, code=code, retryable=failed.retryable)
        return self._run_rounds(loaded, config, deadline)

    def _run_rounds(
        self, loaded: Loaded[AgentSession], config: TurnConfig, deadline: datetime
    ) -> Loaded[AgentSession]:
        try:
            loaded = self._tools.end_interrupted_calls(loaded, config, deadline)
            while not _turn_of(loaded).waits_for_client:
                if _turn_of(loaded).iterations >= MAX_ITERATIONS:
                    reason = f"The turn took more than {MAX_ITERATIONS} steps and was stopped."
                    return self._fail(loaded, reason, code="max_iterations")
                step = self._call_model(loaded, config, deadline)
                if not step.answer.tool_calls:
                    return self._complete(loaded, config, step)
                loaded = self._run_tools(loaded, config, step, deadline)
        except ModelFailed as failed:
            code = "model_unavailable" if failed.retryable else "model_failed"
            return self._fail(loaded, failed.reason, code=code, retryable=failed.retryable)
        except TooLarge:
            reason = "The answer is too large to be stored."
            return self._fail(loaded, reason, code="answer_too_large")
        return loaded

    def _call_model(
        self, loaded: Loaded[AgentSession], config: TurnConfig, deadline: datetime
    ) -> TimedAnswer:
        remaining = (deadline - self.context.clock()).total_seconds()
        if remaining <= 0:
            raise ModelFailed("The turn took too long and was stopped.", retryable=True)
        context, turn = self.context, _turn_of(loaded)
        conversation = self._log.conversation(turn.input_sequence)
        with live_answer(context.sessions, loaded, turn, context.clock, context.monotonic) as live:
            return call_model(
                context.provider, config, conversation, time_limit=remaining, on_text=live
            )

    def _run_tools(
        self, loaded: Loaded[AgentSession], config: TurnConfig, step: TimedAnswer, end: datetime
    ) -> Loaded[AgentSession]:
        answered = self._answered(_turn_of(loaded), config, step)
        return self._tools.run(loaded, config, step.answer, answered, end)

    @property
    def _tools(self) -> ToolRounds:
        context = self.context
        table = context.sessions.table
        return ToolRounds(
            append=self._append,
            log=self._log,
            notes=lambda: NoteRepository(table, self.organization_id, self.session_id),
            files=lambda: context.files(self.organization_id, self.session_id),
            sleep=table.sleep,
            limits=WaitLimits(context.timeout, context.tool_result_timeout),
            clock=context.clock,
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
        """Write the end of a turn; if messages wait, a stream attribute starts the next."""
        return self._append(loaded, change, lambda s: ends_turn(attributes, s))

    def _append(
        self,
        loaded: Loaded[AgentSession],
        change: Callable[[AgentSession], Change],
        stream_attributes: StreamAttributes[AgentSession] | None = None,
        also: Also[AgentSession] = (),
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
    ) -> Loaded[AgentSession]:
        appended = self.context.sessions.append(
            self.organization_id,
            self.session_id,
            change,
            loaded=loaded,
            stream_attributes=stream_attributes,
            also=also,
            on_condition_failed=on_condition_failed,
        )
        self._log.add(appended.events)
        assert appended.loaded is not None  # noqa: S101  # only a replay, under a key, has none
        return appended.loaded


def _turn_of(loaded: Loaded[AgentSession]) -> Turn:
    turn = loaded.entity.turn
    assert turn is not None  # noqa: S101  # the run has claimed the turn
    return turn
