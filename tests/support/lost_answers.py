"""A network that loses answers: the request is carried out, and its sender does not hear."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber


@contextmanager
def lost_answers(number: int = 1) -> Iterator[list[str]]:
    """Lose the next answers; the list given names the operations they were to.

    The SDK's own retries are at work: it sends the same request again. One with a client token
    that was carried out already is answered as it was: moto knows no tokens, DynamoDB does.
    """
    lost: list[str] = []
    answers: dict[str, Any] = {}
    carry_out = BotocoreStubber.__call__

    def lose(self: BotocoreStubber, event_name: str, request: Any, **options: Any) -> Any:
        token = json.loads(request.body).get("ClientRequestToken")
        answer = answers.get(token) or carry_out(self, event_name, request, **options)
        if len(lost) < number:
            lost.append(event_name.rpartition(".")[2])
            if token is not None:
                answers[token] = answer
            raise ConnectionClosedError(endpoint_url=request.url)
        return answer

    with patch.object(BotocoreStubber, "__call__", lose):
        yield lost
