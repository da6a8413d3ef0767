"""AWS errors as domain errors."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.stub import Stubber
from moto.core.botocore_stubber import BotocoreStubber

from shared.core.errors import DomainError, Throttled, TooLarge, Unavailable
from shared.storage.lists import ListQuery, count, read_page
from shared.storage.table import Table
from shared.storage.transactions import Create, Delete, transact
from tests.unit.storage.conftest import record

#: Operations of the SDK, and all calls that use them.
CALLS: list[tuple[str, Callable[[Table], Any]]] = [
    ("get_item", lambda table: table.get(record().key)),
    ("batch_get_item", lambda table: table.get_many([record().key])),
    ("put_item", lambda table: table.create(record())),
    ("put_item", lambda table: table.replace(record(), expected_version=1)),
    ("transact_write_items", lambda table: transact(table, [Delete(record().key)])),
    ("query", lambda table: list(table.query(record().key, upto="z"))),
    ("query", lambda table: read_page(table, ListQuery(list="l"), 1)),
    ("query", lambda table: count(table, ListQuery(list="l"))),
    ("transact_write_items", lambda table: transact(table, [Create(record())])),
]

CODES = [
    ("ProvisionedThroughputExceededException", 400, Throttled),
    ("ThrottlingException", 400, Throttled),
    ("RequestLimitExceeded", 400, Throttled),
    ("LimitExceededException", 400, Throttled),
    ("InternalServerError", 500, Unavailable),
    ("ServiceUnavailable", 503, Unavailable),
    ("TransactionInProgressException", 400, Unavailable),
    ("SomethingNew", 500, Unavailable),
    ("502", 502, Unavailable),
]


@pytest.mark.parametrize(("operation", "call"), CALLS)
@pytest.mark.parametrize(("code", "status", "kind"), CODES)
def test_aws_error_becomes_its_domain_error(
    table: Table,
    stubber: Stubber,
    operation: str,
    call: Callable[[Table], Any],
    code: str,
    status: int,
    kind: type[DomainError],
) -> None:
    stubber.add_client_error(operation, code, "of AWS", http_status_code=status)
    with pytest.raises(DomainError) as caught:
        call(table)
    assert type(caught.value) is kind
    assert "of AWS" not in caught.value.message
    assert isinstance(caught.value, Throttled | Unavailable)
    assert caught.value.retry_after == 1


@pytest.mark.parametrize("operation", ["put_item", "transact_write_items"])
def test_oversized_item_raises_too_large(table: Table, stubber: Stubber, operation: str) -> None:
    message = "Item size has exceeded the maximum allowed size"
    stubber.add_client_error(operation, "ValidationException", message)
    with pytest.raises(TooLarge):
        dict(CALLS)[operation](table)


@pytest.mark.parametrize(("operation", "call"), CALLS)
@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"]
)
def test_defect_of_this_project_is_not_hidden(
    table: Table, stubber: Stubber, operation: str, call: Callable[[Table], Any], code: str
) -> None:
    stubber.add_client_error(operation, code, "The provided key is wrong")
    with pytest.raises(ClientError):
        call(table)


NETWORK = [
    EndpointConnectionError(endpoint_url="u", error="refused"),
    ConnectTimeoutError(endpoint_url="u"),
    ReadTimeoutError(endpoint_url="u"),
    ConnectionClosedError(endpoint_url="u"),
]


@pytest.mark.parametrize("error", NETWORK, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("operation", "call"), CALLS)
def test_network_failure_raises_unavailable_after_three_attempts(
    table: Table, operation: str, call: Callable[[Table], Any], error: Exception
) -> None:
    attempts = []

    def fail(*_: Any, **__: Any) -> Any:
        attempts.append(1)
        raise error

    with patch.object(BotocoreStubber, "__call__", fail), pytest.raises(Unavailable) as caught:
        call(table)
    assert len(attempts) == 3
    assert caught.value.__cause__ is error
    assert caught.value.retry_after == 1
