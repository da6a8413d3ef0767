"""Start of a turn by its message: where a slot is free, both are written together."""

from datetime import datetime

from shared.agents.admission.documents import SLOT, slot_to_attribute
from shared.agents.admission.domain import Slot
from shared.agents.admission.slots import Slots
from shared.agents.sessions.domain import AgentSession
from shared.agents.turns.states import Change, begin_with_message
from shared.agents.turns.stream_attributes import TAKEN_SLOT, starts_turn
from shared.core.ids import MessageId
from shared.storage.contention import ConditionFailed
from shared.storage.transactions import Action

#: Slots that a message tries, at most: each costs a transaction that fails.
_TRIES = 3


class TurnStart:
    """The turn of one message.

    In an idle session it begins with the message, in a slot chosen by the message's id: no
    further write is needed until its end. If that slot and the next ones are in use, or another
    turn comes first, the message waits and the turn is admitted as any other (see ``admission``).
    """

    def __init__(self, slots: Slots, message_id: MessageId) -> None:
        self._slots = slots
        self._message_id = message_id
        self._slot: Slot | None = None
        self._slots_in_use = 0

    def begin(self, session: AgentSession, *, is_idle: bool, now: datetime) -> Change:
        """Begin the turn of a message that was just added, if the session was idle."""
        if not is_idle or self._slots_in_use >= min(_TRIES, self._slots.limit):
            return session, []
        self._slot = self._slots.of_message(session, self._message_id, self._slots_in_use)
        return begin_with_message(session, self._message_id, now, cause=self._slot.name)

    def actions(self, _: AgentSession, stored: AgentSession) -> list[Action]:
        """Return the write that takes the slot; none if the turn does not begin."""
        slot = self._taken_by(stored)
        return [self._slots.taking(slot, freed_with_turn=True)] if slot else []

    def stream_attributes(self, stored: AgentSession) -> dict[str, str]:
        """Return the stream attributes of the message, from the session it was added to."""
        # Set by this message: the session was idle. An earlier message has started a turn, whose
        # end starts the next one; both are decided under the session's version.
        if stored.waiting_since != stored.updated_at:
            return {}
        slot = self._taken_by(stored)
        return starts_turn(stored) | ({TAKEN_SLOT: slot_to_attribute(slot)} if slot else {})

    def write_failed(self, failed: ConditionFailed) -> None:
        """Try the next slot if this one is in use, or let the message wait."""
        found = failed.existing.values()
        self._slots_in_use += any(one is not None and one.type == SLOT for one in found)

    def _taken_by(self, stored: AgentSession) -> Slot | None:
        begins = stored.turn is not None and stored.turn.input_message_id == self._message_id
        return self._slot if begins else None
