"""Tool rounds of a run: the tool calls of an answer, at once or outside, and their writes.

A round of calls that all run at once is one write. Calls that run outside are stored before any
of them runs, and their results when all that run here have one: a run that takes the turn over
knows what may have happened.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.agents.files.staging import FilesChanged, StagedFiles, raise_files_changed
from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.tools.client_tools import display_names
from shared.agents.tools.note_repository import NoteRepository
from shared.agents.tools.notes import Notes
from shared.agents.tools.tool import ToolContext
from shared.agents.turns.events import ToolOutcome, TurnEvents
from shared.agents.turns.log_window import LogWindow
from shared.agents.turns.open_calls import (
    Opening,
    WaitLimits,
    open_round,
    store_remote_results,
)
from shared.agents.turns.states import INTERRUPTED_CALL, Change, proceed
from shared.agents.turns.steps import (
    CallPlan,
    TurnConfig,
    plan_calls,
    repeatable_calls,
    run_remote_calls,
    run_tool_calls,
)
from shared.core.clock import Clock
from shared.core.errors import CONCURRENTLY_MODIFIED, Conflict
from shared.llm.port import ModelAnswer, ToolCall
from shared.sessions.appending import Also, StreamAttributes
from shared.sessions.domain import NewEvent
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.repository import Loaded


class AppendToLog(Protocol):
    """Append of a run to its session's log."""

    def __call__(
        self,
        loaded: Loaded[AgentSession],
        change: Callable[[AgentSession], Change],
        stream_attributes: StreamAttributes[AgentSession] | None = ...,
        also: Also[AgentSession] = ...,
        on_condition_failed: Callable[[ConditionFailed], None] = ...,
    ) -> Loaded[AgentSession]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRounds:
    """Rounds of tool calls in one run over a session."""

    append: AppendToLog
    log: LogWindow
    notes: Callable[[], NoteRepository]
    files: Callable[[], StagedFiles]
    sleep: Callable[[float], None]
    limits: WaitLimits
    clock: Clock

    def run(
        self,
        loaded: Loaded[AgentSession],
        config: TurnConfig,
        answer: ModelAnswer,
        answered: list[NewEvent],
        end: datetime,
    ) -> Loaded[AgentSession]:
        """Run the tool calls of an answer; store them with its events, and their results.

        The turn waits afterwards if any is run by the client. ``end`` is that of the run's time.
        """
        plan = plan_calls(answer.tool_calls, config.tools)
        # Again when another writer changed the files of the session meanwhile.
        for _ in CONTENTION.attempts(self.sleep):
            with suppress(FilesChanged):
                stored = self._store_round(loaded, config, plan, answer, answered)
                return self._run_remote(stored, config, plan.remote, end)
        raise Conflict(CONCURRENTLY_MODIFIED)

    def _store_round(
        self,
        loaded: Loaded[AgentSession],
        config: TurnConfig,
        plan: CallPlan,
        answer: ModelAnswer,
        answered: list[NewEvent],
    ) -> Loaded[AgentSession]:
        """Run the calls that run at once, and store the round. Raises ``FilesChanged``."""
        turn, notes, files = _turn_of(loaded), self.notes(), self.files()
        simulation = loaded.entity.simulation
        context = ToolContext(
            now=self.clock(),
            notes=notes.get,
            files=lambda: files,
            used=dict(simulation.used) if simulation else {},
        )
        outcomes = run_tool_calls(plan, config.tools, context)
        opening = Opening(
            answer=answer,
            events=answered,
            outcomes=outcomes,
            open_calls=[*plan.remote, *plan.client],
            requested=display_names(plan.client, config.tools),
        )
        events_of_turn = TurnEvents(turn)
        completed = [
            *answered,
            *events_of_turn.tools_called(outcomes),
            events_of_turn.reason_started(config.agent.id),
        ]

        def change(session: AgentSession) -> Change:
            session = _with_used(session, context)
            if opening.open_calls:
                return open_round(session, turn, opening, self.limits, self.clock())
            return proceed(session, turn, answer, completed, self.clock())

        with files.written() as file_actions:
            return self.append(
                loaded,
                change,
                also=[*notes.write_actions(), *file_actions],
                on_condition_failed=raise_files_changed,
            )

    def end_interrupted_calls(
        self, loaded: Loaded[AgentSession], config: TurnConfig, end: datetime
    ) -> Loaded[AgentSession]:
        """Repeat the remote calls of an earlier run that may be repeated, and fail the others."""
        opened = [call for call in _turn_of(loaded).open_calls if call.is_remote]
        calls = self.log.started_calls([call.id for call in opened])
        repeated = repeatable_calls(calls, config.tools)
        known = {call.id for call in repeated}
        others = [
            ToolOutcome(call=ToolCall(call.id, call.name, {}), error=INTERRUPTED_CALL)
            for call in opened
            if call.id not in known
        ]
        return self._run_remote(loaded, config, repeated, end, others)

    def _run_remote(
        self,
        loaded: Loaded[AgentSession],
        config: TurnConfig,
        calls: list[ToolCall],
        end: datetime,
        others: Sequence[ToolOutcome] = (),
    ) -> Loaded[AgentSession]:
        """Run open calls of remote tools, and store their results with those of others."""
        if not calls and not others:
            return loaded
        turn, now = _turn_of(loaded), self.clock()
        time_limit = (end - now).total_seconds()
        context = ToolContext(now=now, notes=Notes, files=self.files)
        ran = run_remote_calls(calls, config.tools, context, time_limit=time_limit)
        outcomes = [*others, *ran]
        loaded = self.append(
            loaded,
            lambda session: store_remote_results(
                session, turn, outcomes, self.limits, self.clock()
            ),
        )
        self.log.refresh(loaded.entity)  # results of the client may have come meanwhile
        return loaded


def _with_used(session: AgentSession, context: ToolContext) -> AgentSession:
    """Return a session with the recorded calls that the round repeated."""
    if session.simulation is None:
        return session
    return replace(session, simulation=replace(session.simulation, used=context.used))


def _turn_of(loaded: Loaded[AgentSession]) -> Turn:
    turn = loaded.entity.turn
    assert turn is not None  # noqa: S101  # the run has claimed the turn
    return turn
