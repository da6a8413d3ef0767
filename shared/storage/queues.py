"""Message queues: the only module that calls SQS."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, ClassVar, Self

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.session import get_session

from shared.core.backoff import Backoff, Sleep
from shared.core.errors import Unavailable
from shared.core.observability import logger

#: Entries of one request, at most (SQS's limit).
MAX_ENTRIES = 10
#: Tries of entries that the queue rejects.
_RETRIES = Backoff(tries=3, first=0.2, longest=0.4)
_FAILURES = (ClientError, BotoConnectionError, HTTPClientError)


@dataclass(frozen=True, slots=True)
class Message:
    """Body of a message and its group, whose messages SQS delivers fairly among groups."""

    body: str
    group: str


class MessageQueue:
    """A standard queue; ``name`` is that of its errors."""

    name: ClassVar[str] = "queue"

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

    def send_all(self, messages: Sequence[Message]) -> None:
        """Send messages, ten a request.

        Raises ``Unavailable`` when some are not accepted in three tries.
        """
        for batch in batched(messages, MAX_ENTRIES):
            pending = list(batch)
            for _ in _RETRIES.attempts(self._sleep):
                pending = self._send(pending)
                if not pending:
                    break
            else:
                raise Unavailable(f"The {self.name} does not respond; retry shortly.")

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """Let a received message be delivered again after ``seconds`` from now."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
        except _FAILURES as error:
            logger.warning("a message cannot be hidden", extra={"reason": str(error)})

    def _send(self, messages: list[Message]) -> list[Message]:
        """Send up to ten messages, and return those that were rejected."""
        entries: Any = [
            {"Id": str(position), "MessageBody": one.body, "MessageGroupId": one.group}
            for position, one in enumerate(messages)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except _FAILURES as error:
            logger.warning("the %s does not answer", self.name, extra={"reason": str(error)})
            return messages
        rejected = [int(entry["Id"]) for entry in answer.get("Failed", ())]
        return [messages[position] for position in rejected]
