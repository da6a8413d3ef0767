"""Sending conversations to a stack: through its queue, the large ones by way of its bucket."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from local.console import Failure
from shared.imports.envelope import Envelope

#: Bytes of the messages of one request, at most: SQS takes 256 KiB, attributes included.
MAX_REQUEST = 250_000
#: Messages of one request, at most (SQS's own limit).
MAX_MESSAGES = 10
_ATTEMPTS = 5


class ImportQueue:
    """The way into one stack."""

    def __init__(self, queues: Any, queue_url: str, objects: Any, bucket: str) -> None:
        self._queues = queues
        self._queue_url = queue_url
        self._objects = objects
        self._bucket = bucket
        self._waiting: list[str] = []

    def send(self, envelope: Envelope) -> None:
        """Send a conversation, with others of its size as one request: see :meth:`flush`."""
        body = envelope.to_body()
        if len(body) > MAX_REQUEST:
            body = self._by_way_of_bucket(envelope).to_body()
        full = len(self._waiting) == MAX_MESSAGES
        if full or sum(map(len, self._waiting)) + len(body) > MAX_REQUEST:
            self.flush()
        self._waiting.append(body)

    def flush(self) -> None:
        """Send what waits. What the queue refuses is sent again. Raises ``Failure``."""
        entries = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(self._waiting)
        ]
        for _ in range(_ATTEMPTS):
            if not entries:
                break
            answer = self._queues.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            refused = {entry["Id"] for entry in answer.get("Failed", [])}
            entries = [entry for entry in entries if entry["Id"] in refused]
        if entries:
            raise Failure(f"the queue did not take {len(entries)} conversations")
        self._waiting = []

    def _by_way_of_bucket(self, envelope: Envelope) -> Envelope:
        content = json.dumps(envelope.conversation, separators=(",", ":")).encode()
        digest = hashlib.sha256(content).hexdigest()
        key = f"{envelope.organization_id}/{envelope.kind}/{digest}.json"
        self._objects.put_object(
            Bucket=self._bucket, Key=key, Body=content, ContentType="application/json"
        )
        return replace(envelope, conversation=None, object_key=key)
