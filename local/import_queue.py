"""Import queue client: sends conversations to a stack, large ones through its bucket."""

import hashlib
from dataclasses import replace
from typing import Any

from local.console import Failure
from shared.core.json import dumps
from shared.imports.envelopes import Envelope

#: Bytes of the messages of one request, at most: SQS accepts 256 KiB, with attributes.
MAX_REQUEST = 250_000
#: Messages of one request, at most (SQS's limit).
MAX_MESSAGES = 10
_ATTEMPTS = 5


class ImportQueue:
    """Sender of conversations to one stack."""

    def __init__(self, queues: Any, queue_url: str, objects: Any, bucket: str) -> None:
        self._queues = queues
        self._queue_url = queue_url
        self._objects = objects
        self._bucket = bucket
        self._pending: list[str] = []

    def send(self, envelope: Envelope) -> None:
        """Queue a conversation; several are sent as one request: see :meth:`flush`."""
        body = envelope.to_body()
        if len(body) > MAX_REQUEST:
            body = self._through_bucket(envelope).to_body()
        full = len(self._pending) == MAX_MESSAGES
        if full or sum(map(len, self._pending)) + len(body) > MAX_REQUEST:
            self.flush()
        self._pending.append(body)

    def flush(self) -> None:
        """Send the pending messages; rejected ones are sent again. Raises ``Failure``."""
        entries = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(self._pending)
        ]
        for _ in range(_ATTEMPTS):
            if not entries:
                break
            answer = self._queues.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            rejected = {entry["Id"] for entry in answer.get("Failed", [])}
            entries = [entry for entry in entries if entry["Id"] in rejected]
        if entries:
            raise Failure(f"the queue rejected {len(entries)} conversations")
        self._pending = []

    def _through_bucket(self, envelope: Envelope) -> Envelope:
        content = dumps(envelope.conversation).encode()
        digest = hashlib.sha256(content).hexdigest()
        key = f"{envelope.organization_id}/{envelope.kind}/{digest}.json"
        self._objects.put_object(
            Bucket=self._bucket, Key=key, Body=content, ContentType="application/json"
        )
        return replace(envelope, conversation=None, object_key=key)
