"""Event bus. The only module that calls EventBridge."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.session import get_session

from shared.changes.domain import Change
from shared.core.backoff import Backoff, Sleep
from shared.core.json import dumps
from shared.core.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE = "agent-sessions"
#: Entries of one PutEvents request, at most (EventBridge's limit).
MAX_ENTRIES = 10
#: Tries of entries that the bus rejects, before the stream delivers them again.
_RETRIES = Backoff(tries=3, first=0.2, longest=0.4)


class EventBridge:
    """Publisher of changes to one bus."""

    def __init__(
        self, client: "EventBridgeClient", bus_name: str, sleep: Sleep = time.sleep
    ) -> None:
        self._client = client
        self._bus_name = bus_name
        self._sleep = sleep

    @classmethod
    def connect(cls, bus_name: str) -> Self:
        """Return a publisher with a client of its own.

        Timeouts are in seconds: three tries here with two of the SDK's each stay below the
        function's timeout.
        """
        config = Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            tcp_keepalive=True,
        )
        client: Any = get_session().create_client("events", config=config)
        return cls(client, bus_name)

    def publish(self, changes: Sequence[Change]) -> list[Change]:
        """Publish up to ten changes; return the rejected ones, in their order.

        EventBridge may reject some entries of a request: these are sent again, three times
        in all.
        """
        pending = list(changes)
        for _ in _RETRIES.attempts(self._sleep):
            pending = self._put(pending)
            if not pending:
                return []
        return pending

    def _put(self, changes: list[Change]) -> list[Change]:
        try:
            response = self._client.put_events(Entries=[self._entry(change) for change in changes])
        except (ClientError, BotoConnectionError, HTTPClientError) as error:
            logger.warning("the event bus does not answer", extra={"reason": str(error)})
            return changes
        rejected = []
        for change, entry in zip(changes, response["Entries"], strict=True):
            if code := entry.get("ErrorCode"):
                logger.warning("the event bus rejected a change", extra={"reason": code})
                rejected.append(change)
        return rejected

    def _entry(self, change: Change) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": change.name,
            "Detail": dumps(change.detail()),
            "Time": change.occurred_at,
        }
