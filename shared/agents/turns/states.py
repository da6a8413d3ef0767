"""Turn states: each step of a turn as a pure change of the newest session.

A change is applied under the session's version, so it sees the work of every other writer.
It first checks the **fence**: whether the turn still belongs to the writer. A request that
cancels a turn, takes it over or deletes its session need not reach the runner: the runner
finds out at its next write, and writes nothing more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.agents.messages.domain import PREVIEW_LENGTH
from shared.agents.sessions.domain import AgentSession, SessionStatus, Turn
from shared.agents.turns.events import CallStatus, ToolOutcome, TurnEvents
from shared.core.ids import MessageId, TurnId, derived_uuid
from shared.llm.port import ModelAnswer, ToolCall
from shared.sessions.domain import Event, NewEvent

type Change = tuple[AgentSession, list[NewEvent]]

#: Turn timeouts without progress after which a turn has lost its runner.
STALE_AFTER = 2
#: Time from a message to the run of its turn, in which the run needs not claim the turn.
JUST_BEGUN = timedelta(seconds=5)
EXPIRED = "The turn made no progress and was stopped; send the message again."
EXPIRED_CODE = "turn_timeout"
#: Errors of tool calls whose turn ended before they had a result.
CANCELLED_CALL = "Cancelled on request"
INTERRUPTED_CALL = "interrupted: it is not known whether the call took effect"


class LostTurn(Exception):
    """Turn that does not belong to the writer any more; nothing was written."""


def turn_id_of(message_id: MessageId) -> TurnId:
    """Return the id of the turn that answers a message; always the same."""
    return TurnId(derived_uuid("turn", message_id.hex))


def begin(
    session: AgentSession, message: Event, *, runner: str, cause: str, now: datetime
) -> Change:
    """Begin the turn of a user message. Raises :class:`LostTurn` if another writer did."""
    if session.turn is not None or session.answered_through >= message.sequence:
        raise LostTurn
    return _begin(session, _turn_of(message, runner=runner, cause=cause, now=now))


def begin_with_message(
    session: AgentSession, message_id: MessageId, now: datetime, *, cause: str
) -> Change:
    """Begin the turn of the session's last message, which is being added; no run has it yet."""
    sequence = session.last_input_sequence
    return _begin(session, _new_turn(message_id, sequence, runner="", cause=cause, now=now))


def _begin(session: AgentSession, turn: Turn) -> Change:
    now = turn.started_at
    changed = replace(
        session,
        status=SessionStatus.ACTIVE,
        turn=turn,
        turn_count=session.turn_count + 1,
        started_at=session.started_at or now,
        updated_at=now,
    )
    return changed, TurnEvents(turn).started(session.agent_id)


def take_over(
    session: AgentSession,
    turn: Turn,
    runner: str,
    now: datetime,
    *,
    cause: str = "",
    started: datetime | None = None,
) -> Change:
    """Replace the runner of a turn, and its cause and start if they are given.

    Raises :class:`LostTurn` if the turn made progress, results of its client aside, or waits.
    """
    newest = session.turn
    if newest is None or newest.waits_for_client or _progress(newest) != _progress(turn):
        raise LostTurn
    taken = replace(
        newest,
        runner=runner,
        cause=cause or newest.cause,
        started_at=started or newest.started_at,
        heartbeat_at=now,
    )
    return replace(session, turn=taken), []


def proceed(
    session: AgentSession, fence: Turn, answer: ModelAnswer, events: list[NewEvent], now: datetime
) -> Change:
    """Continue a turn after an answer of the model, with the answer's events."""
    turn = check_fence(session, fence)
    text = answer.text
    says = bool(text or answer.tool_calls)
    changed = replace(
        session,
        turn=replace(
            turn,
            heartbeat_at=now,
            iterations=turn.iterations + 1,
            usage=turn.usage + answer.usage,
        ),
        usage=session.usage + answer.usage,
        output_preview=text[:PREVIEW_LENGTH] if text else session.output_preview,
        message_count=session.message_count + (1 if says else 0),
        updated_at=now,
    )
    return changed, events


def complete(
    session: AgentSession,
    fence: Turn,
    answer: ModelAnswer,
    events: list[NewEvent],
    now: datetime,
    *,
    began: datetime,
) -> Change:
    """End a turn with its last answer. Its duration is counted from ``began``."""
    changed, events = proceed(session, fence, answer, events, now)
    turn = changed.turn
    assert turn is not None  # noqa: S101  # it was just continued
    milliseconds = milliseconds_between(began, now)
    ended = set_idle(changed, turn.input_sequence, now)
    return ended, [*events, *TurnEvents(turn).completed(milliseconds)]


def fail(
    session: AgentSession, fence: Turn, now: datetime, error: str, *, code: str, retryable: bool
) -> Change:
    """End a turn with an error."""
    turn = check_fence(session, fence)
    events = [
        *TurnEvents(turn).calls_completed(end_calls(turn, INTERRUPTED_CALL, CallStatus.ERROR, now)),
        *TurnEvents(turn).failed(error, code=code, retryable=retryable),
    ]
    return set_idle(session, turn.input_sequence, now), events


def cancel(session: AgentSession, waiting: Sequence[Event], now: datetime) -> Change:
    """End the running turn, whatever its runner, and the wait of all messages.

    ``waiting`` are messages whose turn has not begun: each gets the event of its cancelled
    turn. A cancelled session is to become idle: all messages stay in the conversation, and
    get no turn. Raises :class:`LostTurn` if no turn runs and no message waits.
    """
    if session.turn is None and not session.is_waiting:
        raise LostTurn
    turns = [session.turn] if session.turn else []
    turns += [_turn_of(message, runner="", cause="", now=now) for message in waiting]
    events = [event for turn in turns for event in cancelled_turn(turn, CANCELLED_CALL, now)]
    events += [TurnEvents(turns[-1]).idled()] if turns else []
    return set_idle(session, session.last_input_sequence, now), events


def cancelled_turn(turn: Turn, reason: str, now: datetime) -> list[NewEvent]:
    """Return the events of a turn's cancellation; its open tool calls end with it."""
    events_of_turn = TurnEvents(turn)
    ended = end_calls(turn, reason, CallStatus.CANCELLED, now)
    return [*events_of_turn.calls_completed(ended), events_of_turn.cancelled(f"{reason}.")]


def end_calls(turn: Turn, error: str, status: CallStatus, now: datetime) -> list[ToolOutcome]:
    """Return the outcomes of a turn's open tool calls, which get no result any more."""
    opened = turn.open_round
    if opened is None:
        return []
    milliseconds = milliseconds_between(opened.opened_at, now)
    return [
        ToolOutcome(
            call=ToolCall(call.id, call.name, {}),
            error=error,
            duration_ms=milliseconds,
            ended=status,
        )
        for call in opened.calls
    ]


def milliseconds_between(start: datetime, end: datetime) -> int:
    """Return a duration in whole milliseconds, not less than 0."""
    return max(0, (end - start) // timedelta(milliseconds=1))


def is_stale(session: AgentSession, now: datetime, timeout: timedelta) -> bool:
    """Return whether a running turn made no progress for twice its timeout.

    A turn without a runner has lost none: it waits for its client, which has a time limit of its
    own (see ``turns.open_calls``), or for a run.
    """
    turn = session.turn
    if turn is None or not turn.runner:
        return False
    return now - turn.heartbeat_at > STALE_AFTER * timeout


def has_just_begun(turn: Turn, now: datetime) -> bool:
    """Return whether a turn began with its message a moment ago, and no run has written since.

    A run may then go on without a write that claims the turn: only a message that was queued
    twice in that moment has two runs, of which one can write the next step.
    """
    is_new = not turn.runner and turn.heartbeat_at == turn.started_at and turn.iterations == 0
    return is_new and abs(now - turn.started_at) <= JUST_BEGUN


def expire(session: AgentSession, now: datetime, timeout: timedelta) -> Change:
    """Fail a stale turn. Raises :class:`LostTurn` if it made progress."""
    turn = session.turn
    if turn is None or not is_stale(session, now, timeout):
        raise LostTurn
    return fail(session, turn, now, EXPIRED, code=EXPIRED_CODE, retryable=True)


def _turn_of(message: Event, *, runner: str, cause: str, now: datetime) -> Turn:
    message_id = MessageId.parse(message.data["message"]["id"])
    return _new_turn(message_id, message.sequence, runner=runner, cause=cause, now=now)


def _new_turn(
    message_id: MessageId, sequence: int, *, runner: str, cause: str, now: datetime
) -> Turn:
    return Turn(
        id=turn_id_of(message_id),
        input_message_id=message_id,
        input_sequence=sequence,
        runner=runner,
        cause=cause,
        started_at=now,
        heartbeat_at=now,
    )


def _progress(turn: Turn) -> tuple[TurnId, str, datetime]:
    return turn.id, turn.runner, turn.heartbeat_at


def check_fence(session: AgentSession, fence: Turn) -> Turn:
    """Return the turn as it is now. Raises :class:`LostTurn` if it belongs to another writer."""
    turn = session.turn
    if turn is None or (turn.id, turn.runner) != (fence.id, fence.runner):
        raise LostTurn
    # Without a runner, the turn is a run's only until another one has made progress.
    if not fence.runner and _progress(turn) != _progress(fence):
        raise LostTurn
    return turn


def set_idle(session: AgentSession, answered_through: int, now: datetime) -> AgentSession:
    """Return a session without a turn, answered through a message."""
    waiting = session.last_input_sequence > answered_through
    return replace(
        session,
        status=SessionStatus.IDLE,
        turn=None,
        answered_through=answered_through,
        waiting_since=now if waiting else None,
        updated_at=now,
    )
