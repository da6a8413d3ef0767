"""DynamoDB client: timeouts, and reads with an SDK that honors or ignores its extensions."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.hooks import EventAliaser
from botocore.session import Session

from shared.storage.client import dynamodb
from shared.storage.table import Table
from tests.support.template import template
from tests.unit.storage.byte_server import ITEM, KEY, Server, answer

#: Each read, and the response of one item to it.
READS: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "get_item": ({"Key": KEY.attributes()}, lambda item: {"Item": item}),
    "query": ({"KeyConditionExpression": "pk = :pk"}, lambda item: {"Items": [item]}),
    "batch_get_item": ({"RequestItems": {}}, lambda item: {"Responses": {"t": [item]}}),
}


def test_all_attempts_end_before_the_function_times_out(dynamodb_table: Any) -> None:
    config: Any = dynamodb().meta.config
    attempts = config.retries["total_max_attempts"]
    # Standard mode waits up to 1 second before the second attempt, 2 before the third.
    waiting = sum(2**number for number in range(attempts - 1))
    longest = attempts * max(config.read_timeout, config.connect_timeout) + waiting
    assert longest < template()["Globals"]["Function"]["Timeout"]


def _read(table: Table, operation: str) -> dict[str, Any]:
    response: dict[str, Any] = getattr(table.client, operation)(**READS[operation][0])
    assert response.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    return response


@pytest.mark.parametrize("operation", READS)
def test_read_skips_the_parser_of_the_sdk(
    operation: str, server: Server, connect: Callable[[str], Table]
) -> None:
    """The SDK's parser would decode the binary value."""
    expected = READS[operation][1]({"binary": {"B": "aGk="}})
    server.script = [answer(expected)]
    assert _read(connect(f"http://127.0.0.1:{server.port}"), operation) == expected


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize("ignored", ["parser factory", "before-send handler"])
def test_read_with_sdk_that_ignores_an_extension_returns_its_items(
    ignored: str,
    operation: str,
    server: Server,
    connect: Callable[[str], Table],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if ignored == "parser factory":
        monkeypatch.setattr(Session, "register_component", lambda *_: None)
    else:
        emit = EventAliaser.emit
        monkeypatch.setattr(
            EventAliaser,
            "emit",
            lambda self, name, **arguments: (
                [] if name.startswith("before-send") else emit(self, name, **arguments)
            ),
        )
    expected = READS[operation][1](ITEM)
    server.script = [answer(expected)]
    assert _read(connect(f"http://127.0.0.1:{server.port}"), operation) == expected
