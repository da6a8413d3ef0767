"""Trace queue: messages with the traces whose sessions are to be assembled."""

import json
from collections.abc import Sequence
from itertools import batched

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.storage.queues import Message, MessageQueue

#: Traces in one message, at most: about 7 KB.
_TRACES = 200


class TraceQueue(MessageQueue):
    """Queue of traces; the organization is the message group."""

    name = "queue of traces"

    def send(self, organization_id: OrganizationId, traces: Sequence[str]) -> None:
        """Send traces, 2,000 a request. Raises as :meth:`send_all`."""
        group = str(organization_id)
        self.send_all(
            [Message(message_of(organization_id, one), group) for one in batched(traces, _TRACES)]
        )


def message_of(organization_id: OrganizationId, traces: Sequence[str]) -> str:
    """Return the body of a message with traces."""
    return json.dumps({"organization_id": str(organization_id), "traces": list(traces)})


def traces_in(body: str) -> list[tuple[OrganizationId, str]]:
    """Return the traces of a message. Raises ``InvalidInput``."""
    try:
        message = json.loads(body)
        organization_id = OrganizationId.parse(message["organization_id"])
        return [(organization_id, str(trace)) for trace in message["traces"]]
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput("message: must be a message of the queue of traces.") from error
