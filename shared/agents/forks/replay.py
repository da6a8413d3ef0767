"""Replay of an agent session's log: its state at an earlier sequence.

The log alone determines the state. A message is answered once its turn has ended, or once an
imported answer follows it; turns run in the order of their messages.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.agents import event_types as types
from shared.agents.messages.domain import PREVIEW_LENGTH, text_preview
from shared.agents.sessions.domain import AgentSession, OpenCall, OpenRound, Turn
from shared.core.ids import MessageId, TurnId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.sessions.domain import Event

_TURN_BEGINS = (types.SESSION_ACTIVATED, types.TURN_STARTED)
_TURN_ENDS = (types.TURN_COMPLETED, types.TURN_FAILED, types.TURN_CANCELLED)


@dataclass(slots=True)
class LogReplay:
    """State of a session after the events that were added; see ``AgentSession``.

    ``last_event_at`` is the time of the last one.
    """

    preview: str | None = None
    output_preview: str | None = None
    usage: TokenUsage = NO_USAGE
    message_count: int = 0
    turn_count: int = 0
    turn: Turn | None = None
    last_input_sequence: int = 0
    answered_through: int = 0
    last_event_at: datetime | None = None
    _waiting: dict[str, int] = field(default_factory=dict)
    _calls: dict[str, str] = field(default_factory=dict)

    def add(self, events: Iterable[Event]) -> None:
        """Apply the next events of the log, in order."""
        for event in events:
            self.last_event_at = event.at
            message_id = event.context.get("input_message_id", "")
            if event.type == types.INPUT_MESSAGE:
                self._add_input(event, message_id)
            elif event.type in _TURN_BEGINS:
                self._begin(event, message_id)
            elif event.type in _TURN_ENDS:
                self._end(message_id)
            else:
                self._add_output(event, message_id)

    def apply_to(self, session: AgentSession) -> AgentSession:
        """Return a session in this state. A running turn has its calls without a result."""
        turn = self.turn
        if turn is not None and self._calls:
            calls = tuple(OpenCall(*call) for call in self._calls.items())
            opened = OpenRound(calls=calls, opened_at=turn.heartbeat_at, due_at=turn.heartbeat_at)
            turn = replace(turn, open_round=opened)
        return replace(
            session,
            preview=self.preview,
            output_preview=self.output_preview,
            started_at=session.started_at if self.turn_count else None,
            usage=self.usage,
            message_count=self.message_count,
            turn_count=self.turn_count,
            turn=turn,
            last_input_sequence=self.last_input_sequence,
            answered_through=self.answered_through,
        )

    def _add_input(self, event: Event, message_id: str) -> None:
        if not self.message_count:
            self.preview = text_preview(event.data["message"]["content"])
        self.message_count += 1
        self.last_input_sequence = event.sequence
        self._waiting[message_id] = event.sequence

    def _begin(self, event: Event, message_id: str) -> None:
        if self.turn is not None or message_id not in self._waiting:
            return
        self.turn_count += 1
        self.turn = Turn(
            id=TurnId.parse(event.context["turn_id"]),
            input_message_id=MessageId.parse(message_id),
            input_sequence=self._waiting[message_id],
            runner="",
            cause="",
            started_at=event.at,
            heartbeat_at=event.at,
        )

    def _end(self, message_id: str) -> None:
        self._answer(message_id)
        if self.turn is not None and str(self.turn.input_message_id) == message_id:
            self.turn = None
            self._calls.clear()

    def _add_output(self, event: Event, message_id: str) -> None:
        if message_id in self._waiting and "turn_id" not in event.context:
            # Imported: no turn ran.
            self.turn_count += 1
            self._answer(message_id)
        match event.type:
            case types.OUTPUT_MESSAGE_COMPLETED:
                self._add_message(event)
            case types.LLM_GENERATION:
                self._add_usage(event.data["metadata"].get("usage") or {})
            case types.TOOL_COMPLETED:
                self._calls.pop(event.data["tool_call_id"], None)

    def _add_message(self, event: Event) -> None:
        content = event.data["message"]["content"]
        self.message_count += 1
        if said := text_preview(content):
            self.output_preview = said[:PREVIEW_LENGTH]
        if self.turn is not None:
            self.turn = replace(self.turn, heartbeat_at=event.at)
            calls = (part for part in content if part["type"] == "tool_call")
            self._calls |= {call["id"]: call["name"] for call in calls}

    def _add_usage(self, tokens: dict[str, Any]) -> None:
        usage = TokenUsage(**tokens)
        self.usage += usage
        if self.turn is not None:
            iterations = self.turn.iterations + 1
            self.turn = replace(self.turn, iterations=iterations, usage=self.turn.usage + usage)

    def _answer(self, message_id: str) -> None:
        """Take a message out of those that wait, and all that came before it."""
        answered = self._waiting.get(message_id, 0)
        self.answered_through = max(self.answered_through, answered)
        self._waiting = {one: place for one, place in self._waiting.items() if place > answered}
