"""The bus. The only module that names EventBridge."""

import time
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.changes.models import Change
from shared.core.backoff import Backoff, Sleep
from shared.core.json import dumps
from shared.core.observability import logger
from shared.core.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE = "agent-sessions"
#: Entries of one PutEvents request, at most (EventBridge's own limit).
MAX_ENTRIES = 10
#: Tries of entries that the bus refuses, before the stream hands them over again.
_REFUSED = Backoff(tries=3, first=0.2, longest=0.4)


class EventBridge:
    """Publishes changes to one bus."""

    def __init__(
        self,
        client: "EventBridgeClient",
        bus_name: str,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._client = client
        self._bus_name = bus_name
        self._sleep = sleep

    def publish(self, changes: Sequence[Change]) -> list[Change]:
        """Publish up to ten changes; return those the bus did not take, in their order.

        EventBridge may take some entries of a request and refuse others: the refused
        are sent again, three times in all.
        """
        waiting = list(changes)
        for _ in _REFUSED.attempts(self._sleep):
            waiting = self._put(waiting)
            if not waiting:
                return []
        return waiting

    def _put(self, changes: list[Change]) -> list[Change]:
        try:
            answer = self._client.put_events(Entries=[self._entry(change) for change in changes])
        except (ClientError, BotoConnectionError, HTTPClientError) as error:
            logger.warning("the bus does not answer", extra={"reason": str(error)})
            return changes
        refused = []
        for change, entry in zip(changes, answer["Entries"], strict=True):
            if code := entry.get("ErrorCode"):
                logger.warning("the bus refused a change", extra={"reason": code})
                refused.append(change)
        return refused

    def _entry(self, change: Change) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": change.name,
            "Detail": dumps(change.detail()),
            "Time": change.occurred_at,
        }


@cache
def event_bridge() -> EventBridge:
    """Return the bus of this process.

    Time-outs are in seconds: three attempts of ours with two of the SDK's each stay well
    below the function's own limit.
    """
    client = boto3.client(
        "events",
        config=Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            tcp_keepalive=True,
        ),
    )
    return EventBridge(client, settings().event_bus_name)
