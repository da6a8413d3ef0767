"""Network that loses responses: requests are executed, and their sender gets an error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber

_WRITES = {"PutItem", "TransactWriteItems", "UpdateItem"}


@contextmanager
def lost_answers() -> Iterator[list[str]]:
    """Lose the response to the next write; yield a list that gets its operation.

    The SDK retries with the same request. A request whose client token was seen before gets its
    first response, as from DynamoDB; moto does not support client tokens.
    """
    lost: list[str] = []
    answers: dict[str, Any] = {}
    execute = BotocoreStubber.__call__

    def lose(self: BotocoreStubber, event_name: str, request: Any, **options: Any) -> Any:
        token = json.loads(request.body).get("ClientRequestToken")
        answer = answers.get(token) or execute(self, event_name, request, **options)
        operation = event_name.rpartition(".")[2]
        if not lost and operation in _WRITES:
            lost.append(operation)
            if token is not None:
                answers[token] = answer
            raise ConnectionClosedError(endpoint_url=request.url)
        return answer

    with patch.object(BotocoreStubber, "__call__", lose):
        yield lost
