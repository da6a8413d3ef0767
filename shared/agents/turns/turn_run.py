"""Run of a claimed turn: model calls and tool calls, to its end or its wait for the client."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from shared.agents.agents.domain import Agent
from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.tools.note_repository import NoteRepository
from shared.agents.tools.tool import ToolsUnavailable
from shared.agents.tools.wiring import TurnRemoteTools
from shared.agents.turns.context import TurnContext
from shared.agents.turns.events import TurnEvents
from shared.agents.turns.live import live_answer
from shared.agents.turns.log_window import LogWindow
from shared.agents.turns.open_calls import WaitLimits
from shared.agents.turns.run_slot import RunSlot
from shared.agents.turns.states import Change, complete, fail
from shared.agents.turns.steps import TimedAnswer, TurnConfig, call_model
from shared.agents.turns.stream_attributes import COMPLETED, FAILED, ends_turn
from shared.agents.turns.tool_rounds import AppendToLog, ToolRounds
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import MessageId, OrganizationId, SessionId
from shared.core.observability import logger
from shared.llm.port import ModelFailed
from shared.sessions.domain import NewEvent
from shared.storage.repository import Loaded

#: Model answers in one turn, at most: stops a model that calls tools without end.
MAX_ITERATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRun:
    """One run of one turn.

    Attributes
    ----------
    append
        Append to the session's log.
    take_over
        Claims a turn that no run has claimed so far. Raises ``LostTurn`` and ``SlotLost``.
    began
        Begin of the run, and so of a turn that no run has claimed.
    """

    context: TurnContext
    organization_id: OrganizationId
    session_id: SessionId
    log: LogWindow
    slot: RunSlot
    append: AppendToLog
    take_over: Callable[[Loaded[AgentSession], Turn], Loaded[AgentSession]]
    began: datetime

    def run(
        self, loaded: Loaded[AgentSession], agent: Loaded[Agent] | None
    ) -> Loaded[AgentSession]:
        """Run the claimed turn, to its end or its wait for the client; then close its tools."""
        deadline = self.context.clock() + self.context.timeout

        def seconds() -> float:
            return (deadline - self.context.clock()).total_seconds()

        limited = self.context.listing_time(loaded.entity, seconds)
        with closing(self.context.remote_tools(self.organization_id, limited)) as remote:
            return self._run_steps(loaded, agent, deadline, remote)

    def _run_steps(
        self,
        loaded: Loaded[AgentSession],
        agent: Loaded[Agent] | None,
        deadline: datetime,
        remote: TurnRemoteTools,
    ) -> Loaded[AgentSession]:
        context, turn = self.context, _turn_of(loaded)
        message = self.log.next_input(turn.input_sequence - 1)
        try:
            if agent is None or agent.entity.id != loaded.entity.agent_id:
                agent = context.agents.load(self.organization_id, loaded.entity.agent_id)
            config = context.configure(loaded.entity, agent.entity, message, remote)
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
        conversation = self.log.conversation(turn.input_sequence)
        with live_answer(context.sessions, loaded, turn, context.clock, context.monotonic) as live:
            return call_model(
                context.provider, config, conversation, time_limit=remaining, on_text=live
            )

    def _run_tools(
        self, loaded: Loaded[AgentSession], config: TurnConfig, step: TimedAnswer, end: datetime
    ) -> Loaded[AgentSession]:
        turn = _turn_of(loaded)
        if not turn.runner:
            # No other run may call the tools of this answer.
            loaded = self.take_over(loaded, turn)
        answered = self._answered(_turn_of(loaded), config, step)
        return self._tools.run(loaded, config, step.answer, answered, end)

    @property
    def _tools(self) -> ToolRounds:
        context = self.context
        table = context.sessions.table
        return ToolRounds(
            append=self.append,
            log=self.log,
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
        began = turn.started_at if turn.runner else self.began
        return self._end(
            loaded,
            lambda s: complete(s, turn, step.answer, events, self.context.clock(), began=began),
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
        """Write the end of a turn; if messages wait, a stream attribute starts the next.

        The same write frees the slot of a turn that began with its message.
        """
        ended = self.append(
            loaded,
            change,
            lambda s: ends_turn(attributes, s),
            also=lambda *_: self.slot.freeing(),
            on_condition_failed=self.slot.keep,
        )
        self.slot.freed()
        return ended


def _turn_of(loaded: Loaded[AgentSession]) -> Turn:
    turn = loaded.entity.turn
    assert turn is not None  # noqa: S101  # the run has claimed the turn
    return turn
