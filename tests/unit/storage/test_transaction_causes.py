"""Cancelled transactions: the domain error of each cause, and waits for other writers."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import Busy, Conflict, DomainError, Throttled, TooLarge, Unavailable
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.records import to_item
from shared.storage.table import Table
from shared.storage.transactions import Create, transact, write_when_free
from tests.unit.storage.conftest import cancel, record

CONFLICT, THROTTLED = {"Code": "TransactionConflict"}, {"Code": "ThrottlingError"}
CAPACITY, NONE = {"Code": "ProvisionedThroughputExceeded"}, {"Code": "None"}
SIZE = {"Code": "ValidationError", "Message": "Item size has exceeded the maximum allowed size"}


@pytest.mark.parametrize(
    ("reasons", "kind", "code"),
    [
        ([CONFLICT, NONE], Busy, "busy"),
        ([NONE, THROTTLED], Throttled, "rate_limited"),
        ([CAPACITY], Throttled, "rate_limited"),
        ([THROTTLED, CONFLICT], Throttled, "rate_limited"),
        ([SIZE], TooLarge, "payload_too_large"),
        ([CONFLICT, SIZE], TooLarge, "payload_too_large"),
        ([{"Code": "SomethingNew"}], Unavailable, "unavailable"),
    ],
)
def test_cancellation_reason_becomes_its_domain_error(
    table: Table, stubber: Stubber, reasons: list[dict[str, Any]], kind: type[Exception], code: str
) -> None:
    cancel(stubber, reasons)
    with pytest.raises(DomainError) as caught:
        transact(table, [Create(record())])
    assert type(caught.value) is kind
    assert caught.value.code == code
    if isinstance(caught.value, Throttled | Unavailable):
        assert caught.value.retry_after == 1


def test_failed_condition_takes_precedence_over_a_conflict(table: Table, stubber: Stubber) -> None:
    item = to_item(record("a"), shards=3)
    cancel(stubber, [CONFLICT, {"Code": "ConditionalCheckFailed", "Item": item}])
    with pytest.raises(ConditionFailed) as caught:
        transact(table, [Create(record("b")), Create(record("a"))])
    assert caught.value.existing == {1: record("a")}


def test_defect_of_this_project_is_not_hidden(table: Table, stubber: Stubber) -> None:
    cancel(stubber, [{"Code": "ValidationError", "Message": "Type mismatch for Index Key"}])
    with pytest.raises(Exception, match="TransactionCanceled") as caught:
        transact(table, [Create(record())])
    assert not isinstance(caught.value, DomainError)


def test_write_when_free_waits_for_other_transactions(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(3):
        cancel(stubber, [CONFLICT])
    stubber.add_response("transact_write_items", {})
    write_when_free(table, [Create(record("a")), Create(record("b"))])
    assert len(pauses) == 3


def test_write_when_free_gives_up_after_bounded_pauses(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(CONTENTION.tries):
        cancel(stubber, [CONFLICT])
    with pytest.raises(Conflict):
        write_when_free(table, [Create(record("a")), Create(record("b"))])
    assert len(pauses) == CONTENTION.tries - 1
    assert sum(pauses) < 4
