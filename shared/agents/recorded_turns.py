"""Turn of an agent that another program runs, as events of its session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.agents import event_types as types
from shared.agents.messages.domain import PREVIEW_LENGTH
from shared.agents.sessions.domain import AgentSession, SessionStatus, Simulation
from shared.agents.sessions.imported_events import EventWriter
from shared.agents.simulated_log import ANSWERED
from shared.agents.tools.results import limited
from shared.core.ids import MessageId, TurnId, derived_uuid
from shared.llm.port import TokenUsage
from shared.sessions.domain import NewEvent
from shared.sessions.log_rewriting import portion_of
from shared.sessions.transcript import ToolAnswered, ToolCalled
from shared.simulation.recording import ServedCall
from shared.simulation.target import TargetAnswer

#: The answer, or the reason why there is none.
type Ending = TargetAnswer | str
#: Code of the failure in a turn's last event.
TARGET_FAILED = "target_failed"


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """A turn, counted from 1, that is to be added to a session's log."""

    session_id: UUID
    turn: int
    message: str
    ending: Ending

    @staticmethod
    def message_id(session_id: UUID, turn: int) -> MessageId:
        """Return the id of the user's message in a turn."""
        return MessageId(derived_uuid(session_id.hex, "turn", str(turn), "0"))

    def next_part(
        self,
        session: AgentSession,
        state: Simulation,
        calls: Sequence[ServedCall],
        now: datetime,
    ) -> tuple[AgentSession, list[NewEvent]]:
        """Return the session after the next events that one transaction holds, and these events.

        ``calls`` are those that the log lacks. The part may end between two calls.
        """
        is_asked = state.asked >= self.turn
        events, ends = self._events(session, calls, now, is_asked=is_asked)
        count = len(portion_of(events))
        # Ends of the message, of each call, and of the turn: one of them is the part's.
        taken = max(number for number, end in enumerate(ends) if end <= count)
        part = events[: ends[taken]]
        is_last = taken == len(calls) + 1
        taken_calls = calls[:taken]
        served = taken_calls[-1].index + 1 if taken_calls else state.served
        changed = replace(
            session,
            updated_at=now,
            started_at=session.started_at or part[0].at,
            status=SessionStatus.IDLE,
            simulation=replace(
                state,
                asked=self.turn,
                served=served,
                answered=self.turn if is_last else state.answered,
            ),
        )
        if not is_asked:
            changed = self._asked(changed, session.last_sequence + 1)
        return self._ended(changed) if is_last else changed, part

    def _events(
        self,
        session: AgentSession,
        calls: Sequence[ServedCall],
        now: datetime,
        *,
        is_asked: bool,
    ) -> tuple[list[NewEvent], list[int]]:
        """Return the events that the log lacks, and the numbers of events up to each part's end."""
        # The message is first in any case: the others name it.
        writer = EventWriter(session.id, session.last_sequence - is_asked)
        writer.at = now - timedelta(seconds=self._seconds)
        writer.add_input(self.message, self.message_id(self.session_id, self.turn))
        ends = [1]
        for call in calls:
            writer.at = call.at
            self._add_call(writer, call)
            ends.append(len(writer.events))
        writer.at = now
        self._add_ending(writer)
        ends.append(len(writer.events))
        return writer.events[is_asked:], [end - is_asked for end in ends]

    @property
    def _seconds(self) -> float:
        return 0.0 if isinstance(self.ending, str) else self.ending.seconds

    def _add_call(self, writer: EventWriter, call: ServedCall) -> None:
        number = call.index + 1
        writer.add_output("", [ToolCalled(number, call.tool, call.arguments)])
        output = limited(call.output) if call.error is None else None
        writer.add_result(ToolAnswered(number, call.tool, output, call.error))
        chosen: dict[str, Any] = {"matched": call.matched}
        if call.recorded is not None:
            chosen["recorded"] = call.recorded
        _extend_last(writer, chosen)

    def _add_ending(self, writer: EventWriter) -> None:
        if isinstance(self.ending, str):
            identifier = str(TurnId(derived_uuid(self.session_id.hex, "turn", str(self.turn))))
            context = {**writer.events[0].context, "turn_id": identifier}
            data = {
                "turn_id": identifier,
                "error": self.ending,
                "error_code": TARGET_FAILED,
                "retryable": False,
            }
            writer.events.append(NewEvent(type=types.TURN_FAILED, data=data, context=context))
            return
        answer = self.ending
        writer.add_output(answer.text, [])
        answered: dict[str, Any] = {"seconds": answer.seconds}
        if answer.cost_usd is not None:
            answered["cost_usd"] = answer.cost_usd
        if answer.end_reason is not None:
            answered["end_reason"] = answer.end_reason
        _extend_last(writer, {"metadata": {ANSWERED: answered}, "usage": _usage(answer)})

    def _asked(self, session: AgentSession, sequence: int) -> AgentSession:
        """Return the session with the user's message; no turn of this stack answers it."""
        return replace(
            session,
            preview=session.preview or self.message[:PREVIEW_LENGTH],
            message_count=session.message_count + 1,
            last_input_sequence=sequence,
            answered_through=sequence,
        )

    def _ended(self, session: AgentSession) -> AgentSession:
        ended = replace(session, turn_count=session.turn_count + 1)
        if isinstance(self.ending, str):
            return ended
        answer = self.ending
        usage = TokenUsage(input_tokens=answer.input_tokens, output_tokens=answer.output_tokens)
        return replace(
            ended,
            output_preview=self.ending.text[:PREVIEW_LENGTH] or session.output_preview,
            usage=session.usage + usage,
        )


def _usage(answer: TargetAnswer) -> dict[str, int] | None:
    tokens = {"input_tokens": answer.input_tokens, "output_tokens": answer.output_tokens}
    return tokens if any(tokens.values()) else None


def _extend_last(writer: EventWriter, data: dict[str, Any]) -> None:
    last = writer.events[-1]
    writer.events[-1] = replace(last, data=last.data | data)
