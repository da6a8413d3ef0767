"""Turn queue: one message for each turn that has a slot."""

from collections.abc import Sequence

from shared.agents.admission.documents import slot_to_message
from shared.agents.admission.domain import Slot
from shared.storage.queues import Message, MessageQueue


class TurnQueue(MessageQueue):
    """Queue of the turns that have a slot.

    The organization is the message group: SQS delivers the messages of quiet groups first when
    one group has many in flight (fair queues).
    """

    name = "queue of turns"

    def send(self, slots: Sequence[Slot]) -> None:
        """Send a message for each slot. Raises as :meth:`send_all`."""
        messages = [Message(slot_to_message(one), str(one.organization_id)) for one in slots]
        self.send_all(messages)
