"""Trace service: store the spans of an export request, and have their sessions assembled."""

from shared.core.ids import OrganizationId
from shared.storage.batches import put_all
from shared.storage.table import Table
from shared.traces.documents import span_items
from shared.traces.queue import TraceQueue
from shared.traces.receiving import Received, read_request


class TraceService:
    """Use case of an export request."""

    def __init__(self, table: Table, queue: TraceQueue) -> None:
        self._table = table
        self._queue = queue

    def export(self, organization_id: OrganizationId, body: bytes, *, is_json: bool) -> Received:
        """Store the spans of a request that are about conversations.

        One batch write for each 25 traces, and one message for each 200. A repeated request
        changes nothing. Raises ``InvalidInput`` and ``TooLarge`` for the request, and
        ``Throttled`` and ``Unavailable``, after which it is to be repeated.
        """
        received = read_request(body, is_json=is_json)
        if received.spans:
            put_all(self._table, span_items(organization_id, received.spans))
            traces = list(dict.fromkeys(span.trace for span in received.spans))
            self._queue.send(organization_id, traces)
        return received
