"""A network that loses answers: the request is carried out, and its sender does not hear."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber


@contextmanager
def lost_answers(number: int = 1) -> Iterator[list[str]]:
    """Lose the next answers; the list given names the operations they were to.

    The SDK's own retries are at work: it sends the same request again.
    """
    lost: list[str] = []
    carry_out = BotocoreStubber.__call__

    def lose(self: BotocoreStubber, event_name: str, request: Any, **options: Any) -> Any:
        answer = carry_out(self, event_name, request, **options)
        if len(lost) < number:
            lost.append(event_name.rpartition(".")[2])
            raise ConnectionClosedError(endpoint_url=request.url)
        return answer

    with patch.object(BotocoreStubber, "__call__", lose):
        yield lost
