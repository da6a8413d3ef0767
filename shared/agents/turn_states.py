"""What a turn does to its session: each step as a pure change of the newest session.

A change is made under the session's version, so it sees every other writer's work. The
first thing that each looks at is the **fence**: is the turn still ours? Whoever cancels a
turn, takes it over or deletes its session need not find its runner: the runner finds out
at its next write, and what it has not written by then, it never will.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.agents.domain import AgentSession, MessageRole, NewMessage, SessionStatus, Turn
from shared.agents.turn_events import TurnEvents
from shared.core.ids import MessageId, TurnId, derived_uuid
from shared.llm.port import NO_USAGE, ModelAnswer
from shared.sessions.models import Event, NewEvent

type Change = tuple[AgentSession, list[NewEvent]]

#: A turn without progress for so many times its time-out has lost its runner.
STALE_AFTER = 2
STOPPED = "The turn made no progress and was stopped; send the message again."
STOPPED_CODE = "turn_timeout"


class LostTurn(Exception):
    """The turn is not the runner's any more, and nothing was written."""


def turn_id_of(message_id: MessageId) -> TurnId:
    """Return the id of the turn that answers a message: always the same."""
    return TurnId(derived_uuid("turn", message_id.hex))


def begin(
    session: AgentSession, message: Event, *, runner: str, cause: str, now: datetime
) -> Change:
    """Start the turn of an input message. Raises :class:`LostTurn` if another writer did."""
    if session.turn is not None or session.answered_through >= message.sequence:
        raise LostTurn
    message_id = MessageId.parse(message.data["message"]["id"])
    turn = Turn(
        id=turn_id_of(message_id),
        input_message_id=message_id,
        input_sequence=message.sequence,
        runner=runner,
        cause=cause,
        started_at=now,
        heartbeat_at=now,
    )
    begun = replace(
        session,
        status=SessionStatus.ACTIVE,
        turn=turn,
        turn_count=session.turn_count + 1,
        started_at=session.started_at or now,
        updated_at=now,
    )
    return begun, TurnEvents(turn).started(session.agent_id)


def take_over(session: AgentSession, turn: Turn, runner: str, now: datetime) -> Change:
    """Put another runner in the place of one that is gone, or was slower."""
    if session.turn != turn:
        raise LostTurn
    return replace(session, turn=replace(turn, runner=runner, heartbeat_at=now)), []


def proceed(
    session: AgentSession,
    fence: Turn,
    answer: ModelAnswer | None,
    events: list[NewEvent],
    now: datetime,
) -> Change:
    """Go on after an answer of the model, with the events that tell of it."""
    turn = _held(session, fence)
    usage = answer.usage if answer else NO_USAGE
    going_on = replace(
        turn,
        heartbeat_at=now,
        iterations=turn.iterations + (answer is not None),
        usage=turn.usage + usage,
    )
    said = answer.text if answer else ""
    changed = replace(
        session,
        turn=going_on,
        usage=session.usage + usage,
        output_preview=preview(said) if said else session.output_preview,
        message_count=session.message_count + (1 if said else 0),
        updated_at=now,
    )
    return changed, events


def complete(
    session: AgentSession,
    fence: Turn,
    answer: ModelAnswer,
    events: list[NewEvent],
    now: datetime,
) -> Change:
    """End a turn with its last answer."""
    changed, events = proceed(session, fence, answer, events, now)
    turn = _held(changed, fence)
    milliseconds = int((now - turn.started_at) / timedelta(milliseconds=1))
    ended = _idle(changed, turn.input_sequence, now)
    return ended, [*events, *TurnEvents(turn).completed(milliseconds)]


def fail(
    session: AgentSession, fence: Turn, now: datetime, error: str, *, code: str, retryable: bool
) -> Change:
    """End a turn that came to nothing."""
    turn = _held(session, fence)
    failed = TurnEvents(turn).failed(error, code=code, retryable=retryable)
    return _idle(session, turn.input_sequence, now), failed


def cancel(session: AgentSession, now: datetime) -> Change:
    """End the turn that runs, whoever runs it, and the waiting of all messages behind it.

    Who cancels wants the session to come to rest: what was asked before stays in the
    conversation, and gets no turn of its own. Raises :class:`LostTurn` if none runs.
    """
    if session.turn is None:
        raise LostTurn
    cancelled = TurnEvents(session.turn).cancelled("Cancelled on request.")
    return _idle(session, session.last_input_sequence, now), cancelled


def is_stale(session: AgentSession, now: datetime, timeout: timedelta) -> bool:
    """Tell whether a turn runs that has made no progress for twice its time-out."""
    return session.turn is not None and now - session.turn.heartbeat_at > STALE_AFTER * timeout


def stop_stale(session: AgentSession, now: datetime, timeout: timedelta) -> Change:
    """Fail a turn without progress. Raises :class:`LostTurn` if it has made some."""
    turn = session.turn
    if turn is None or not is_stale(session, now, timeout):
        raise LostTurn
    return fail(session, turn, now, STOPPED, code=STOPPED_CODE, retryable=True)


def preview(text: str) -> str | None:
    """Return what lists show of a message."""
    part = {"type": "text", "text": text}
    return NewMessage(role=MessageRole.AGENT, content=(part,)).preview


def _held(session: AgentSession, fence: Turn) -> Turn:
    turn = session.turn
    if turn is None or (turn.id, turn.runner) != (fence.id, fence.runner):
        raise LostTurn
    return turn


def _idle(session: AgentSession, answered_through: int, now: datetime) -> AgentSession:
    waiting = session.last_input_sequence > answered_through
    return replace(
        session,
        status=SessionStatus.IDLE,
        turn=None,
        answered_through=answered_through,
        waiting_since=now if waiting else None,
        updated_at=now,
    )
