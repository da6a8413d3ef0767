"""Open tool calls of a turn: calls that run outside, and their results, as pure changes.

An answer's calls of remote and client-side tools are stored before any of them runs, and stay
in the turn until each has a result. The result that ends the round also begins the next model
call, in the same append, whoever brings it: a run, a request of the client, or the sweep.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.agents.sessions.domain import AgentSession, OpenCall, OpenRound, SessionStatus, Turn
from shared.agents.turns.events import CallStatus, ToolOutcome, TurnEvents
from shared.agents.turns.states import (
    STALE_AFTER,
    Change,
    LostTurn,
    cancelled_turn,
    check_fence,
    end_calls,
    milliseconds_between,
    proceed,
    set_idle,
)
from shared.llm.port import ModelAnswer, ToolCall
from shared.sessions.domain import NewEvent

#: Errors of the client's calls that get no result (the Everruns API).
TIMED_OUT = "Timed out waiting for client tool results"
ABANDONED = "Cancelled: user sent a new message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An answer of the model with calls that run outside.

    Attributes
    ----------
    events
        Events of the answer.
    outcomes
        Outcomes of the calls that ran at once.
    open_calls
        The other calls.
    requested
        Ids of those that the client runs, with their tools' names for people.
    """

    answer: ModelAnswer
    events: list[NewEvent]
    outcomes: list[ToolOutcome]
    open_calls: Sequence[ToolCall]
    requested: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class WaitLimits:
    """Time limits of a turn, and of its wait for the client."""

    turn: timedelta
    results: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientResult:
    """The result of a tool call as the client sends it, or its error."""

    call_id: str
    result: Any = None
    error: str | None = None


def open_round(
    session: AgentSession, fence: Turn, opening: Opening, limits: WaitLimits, now: datetime
) -> Change:
    """Store an answer with open calls; the turn waits if the client has to run them all."""
    opened = TurnEvents(check_fence(session, fence)).calls_opened(
        opening.outcomes, opening.open_calls, opening.requested
    )
    changed, events = proceed(session, fence, opening.answer, [*opening.events, *opened], now)
    calls = tuple(
        OpenCall(call.id, call.name, is_remote=call.id not in opening.requested)
        for call in opening.open_calls
    )
    started = OpenRound(calls=calls, opened_at=now, due_at=now + limits.results)
    turn = check_fence(changed, fence)
    changed = replace(
        changed, turn=replace(turn, open_round=_with_outcomes(started, opening.outcomes))
    )
    return _wait_for_client(changed, limits), events


def store_remote_results(
    session: AgentSession,
    fence: Turn,
    outcomes: Iterable[ToolOutcome],
    limits: WaitLimits,
    now: datetime,
) -> Change:
    """Store the results of remote calls; the turn waits if the client's are missing."""
    changed, events = _answer_calls(session, check_fence(session, fence), outcomes, now)
    return _wait_for_client(changed, limits), events


def store_client_results(
    session: AgentSession, results: Iterable[ClientResult], now: datetime
) -> Change:
    """Store results of the client; the last one of a round leaves the turn to the next run.

    Raises :class:`LostTurn` if one of the calls is not open.
    """
    turn = session.turn
    if turn is None or turn.open_round is None:
        raise LostTurn
    names = {call.id: call.name for call in turn.open_calls if not call.is_remote}
    milliseconds = milliseconds_between(turn.open_round.opened_at, now)
    outcomes = []
    for one in results:
        if one.call_id not in names:
            raise LostTurn
        call = ToolCall(one.call_id, names[one.call_id], {})
        outcomes.append(
            ToolOutcome(call=call, result=one.result, error=one.error, duration_ms=milliseconds)
        )
    return _answer_calls(session, turn, outcomes, now)


def is_overdue(session: AgentSession, now: datetime) -> bool:
    """Return whether a turn has waited too long for its client."""
    turn = session.turn
    return (
        turn is not None
        and turn.open_round is not None
        and turn.waits_for_client
        and now >= turn.open_round.due_at
    )


def time_out(session: AgentSession, now: datetime) -> Change:
    """Fail the calls that the client did not answer in time; the turn goes on.

    Raises :class:`LostTurn` if the turn does not wait, or not that long.
    """
    if session.turn is None or not is_overdue(session, now):
        raise LostTurn
    outcomes = end_calls(session.turn, TIMED_OUT, CallStatus.TIMEOUT, now)
    return _answer_calls(session, session.turn, outcomes, now)


def abandon(session: AgentSession, now: datetime) -> Change:
    """End the turn of a session that waits for its client, because of a new message.

    Any other session is unchanged.
    """
    turn = session.turn
    if turn is None or not turn.waits_for_client:
        return session, []
    return set_idle(session, turn.input_sequence, now), cancelled_turn(turn, ABANDONED, now)


def _answer_calls(
    session: AgentSession, turn: Turn, outcomes: Iterable[ToolOutcome], now: datetime
) -> Change:
    """Take calls out of the round; without any left, the next model call begins."""
    assert turn.open_round is not None  # noqa: S101  # the outcomes are those of its calls
    outcomes = list(outcomes)
    answered = {outcome.call.id for outcome in outcomes}
    left = tuple(call for call in turn.open_calls if call.id not in answered)
    round_now = replace(_with_outcomes(turn.open_round, outcomes), calls=left)
    events_of_turn = TurnEvents(turn)
    events = events_of_turn.calls_completed(outcomes)
    if left:
        return replace(session, turn=replace(turn, open_round=round_now), updated_at=now), events
    completed = events_of_turn.act_completed(
        succeeded=round_now.succeeded,
        failed=round_now.failed,
        milliseconds=round_now.milliseconds,
    )
    changed = replace(
        session,
        status=SessionStatus.ACTIVE,
        turn=replace(turn, open_round=None, heartbeat_at=now),
        # The next run has waited since now; a run that goes on waits for nothing.
        waiting_since=session.waiting_since if turn.runner else now,
        updated_at=now,
    )
    return changed, [*events, completed, events_of_turn.reason_started(session.agent_id)]


def _wait_for_client(session: AgentSession, limits: WaitLimits) -> AgentSession:
    """Return the session without a runner if its turn only waits for the client."""
    turn = session.turn
    if turn is None or turn.open_round is None or not turn.waits_for_client:
        return session
    # The sweep lists sessions that have waited for as long as a turn takes to become stale.
    listed_from = turn.open_round.due_at - STALE_AFTER * limits.turn
    return replace(
        session,
        status=SessionStatus.WAITING,
        turn=replace(turn, runner=""),
        waiting_since=listed_from,
    )


def _with_outcomes(opened: OpenRound, outcomes: Sequence[ToolOutcome]) -> OpenRound:
    failed = sum(outcome.error is not None for outcome in outcomes)
    return replace(
        opened,
        succeeded=opened.succeeded + len(outcomes) - failed,
        failed=opened.failed + failed,
        milliseconds=opened.milliseconds + sum(one.duration_ms for one in outcomes),
    )
