"""Turn queue. The only module that calls SQS."""

import time
from collections.abc import Sequence
from itertools import batched
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.session import get_session

from shared.agents.admission.documents import slot_to_message
from shared.agents.admission.domain import Slot
from shared.core.backoff import Backoff, Sleep
from shared.core.errors import Unavailable
from shared.core.observability import logger

QUEUE_SILENT = "The queue of turns does not respond; retry shortly."
#: Entries of one request, at most (SQS's limit).
MAX_ENTRIES = 10
#: Tries of entries that the queue rejects.
_RETRIES = Backoff(tries=3, first=0.2, longest=0.4)
_FAILURES = (ClientError, BotoConnectionError, HTTPClientError)


class TurnQueue:
    """Queue of the turns that have a slot.

    The organization is the message group: SQS delivers the messages of quiet groups first when
    one group has many in flight (fair queues).
    """

    def __init__(self, client: Any, url: str, sleep: Sleep = time.sleep) -> None:
        self._client = client
        self._url = url
        self._sleep = sleep

    @classmethod
    def connect(cls, url: str) -> Self:
        """Return a queue with a client of its own; its timeouts are in seconds."""
        config = Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            tcp_keepalive=True,
        )
        return cls(get_session().create_client("sqs", config=config), url)

    def send(self, slots: Sequence[Slot]) -> None:
        """Send a message for each slot, ten a request.

        Raises ``Unavailable`` when some are not accepted in three tries.
        """
        for batch in batched(slots, MAX_ENTRIES):
            pending = list(batch)
            for _ in _RETRIES.attempts(self._sleep):
                pending = self._send(pending)
                if not pending:
                    break
            else:
                raise Unavailable(QUEUE_SILENT)

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """Let a received message be delivered again after ``seconds`` from now."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
        except _FAILURES as error:
            logger.warning("a message cannot be hidden", extra={"reason": str(error)})

    def _send(self, slots: list[Slot]) -> list[Slot]:
        """Send up to ten messages, and return the slots of those that were rejected."""
        entries: Any = [
            {
                "Id": str(position),
                "MessageBody": slot_to_message(slot),
                "MessageGroupId": str(slot.organization_id),
            }
            for position, slot in enumerate(slots)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except _FAILURES as error:
            logger.warning("the queue of turns does not answer", extra={"reason": str(error)})
            return slots
        rejected = [int(entry["Id"]) for entry in answer.get("Failed", ())]
        return [slots[position] for position in rejected]
