"""Run of a turn by a message of the turn queue."""

from typing import Any

from shared.agents.admission.documents import slot_from_message
from shared.agents.admission.queue import TurnQueue
from shared.agents.turns.context import TurnContext
from shared.agents.turns.runner import SessionRun
from shared.storage.redelivery import redelivered_soon


def run_turn(message: dict[str, Any], queue: TurnQueue, context: TurnContext) -> None:
    """Run the turn that a queue message starts.

    An error passes: the queue delivers the message again, and moves it to the dead-letter queue
    after its last delivery (see template.yaml).
    """
    slot = slot_from_message(message["body"])
    with redelivered_soon(queue, message["receiptHandle"]):
        cause = message["messageId"]
        if int(message["attributes"]["ApproximateReceiveCount"]) > 1:
            context.admission.resend(slot.organization_id, cause)
        SessionRun(context, slot, cause).run()
