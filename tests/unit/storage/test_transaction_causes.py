"""Why a transaction was refused, what each cause comes to, and when it is sent again."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.backoff import CROWDED
from shared.core.errors import (
    Busy,
    DomainError,
    Throttled,
    TooLarge,
    Unavailable,
)
from shared.storage.records import to_item
from shared.storage.table import Table
from shared.storage.transactions import (
    Create,
    Refused,
    transact,
    transact_patiently,
)
from tests.unit.storage.conftest import cancel, record

NONE = {"Code": "None"}
CAUSES: dict[str, tuple[list[dict[str, Any]], type[Exception], str]] = {
    "conflict": ([{"Code": "TransactionConflict"}, NONE], Busy, "busy"),
    "throttled": ([NONE, {"Code": "ThrottlingError"}], Throttled, "rate_limited"),
    "capacity": ([{"Code": "ProvisionedThroughputExceeded"}], Throttled, "rate_limited"),
    "throttled and conflict": (
        [{"Code": "ThrottlingError"}, {"Code": "TransactionConflict"}],
        Throttled,
        "rate_limited",
    ),
    "size": (
        [{"Code": "ValidationError", "Message": "Item size has exceeded the maximum allowed size"}],
        TooLarge,
        "payload_too_large",
    ),
    "size and conflict": (
        [
            {"Code": "TransactionConflict"},
            {"Code": "ValidationError", "Message": "Item size has exceeded the maximum"},
        ],
        TooLarge,
        "payload_too_large",
    ),
    "something new": ([{"Code": "SomethingNew"}], Unavailable, "unavailable"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_given_another_cause_then_it_comes_to_its_domain_error(
    table: Table, stubber: Stubber, cause: str
) -> None:
    reasons, kind, code = CAUSES[cause]
    cancel(stubber, reasons)
    with pytest.raises(DomainError) as caught:
        transact(table, [Create(record())])
    assert type(caught.value) is kind
    assert caught.value.code == code
    if isinstance(caught.value, Throttled | Unavailable):
        assert caught.value.retry_after == 1


def test_given_a_condition_that_failed_beside_a_conflict_then_the_condition_is_told(
    table: Table, stubber: Stubber
) -> None:
    item = to_item(record("a"), shards=3)
    cancel(
        stubber,
        [{"Code": "TransactionConflict"}, {"Code": "ConditionalCheckFailed", "Item": item}],
    )
    with pytest.raises(Refused) as caught:
        transact(table, [Create(record("b")), Create(record("a"))])
    assert caught.value.existing == {1: record("a")}


def test_given_a_defect_of_ours_then_it_is_not_taken_for_the_clients(
    table: Table, stubber: Stubber
) -> None:
    cancel(stubber, [{"Code": "ValidationError", "Message": "Type mismatch for Index Key"}])
    with pytest.raises(Exception, match="TransactionCanceled") as caught:
        transact(table, [Create(record())])
    assert not isinstance(caught.value, DomainError)


def test_given_other_transactions_at_the_items_when_patient_then_it_waits_for_them(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(3):
        cancel(stubber, [{"Code": "TransactionConflict"}])
    stubber.add_response("transact_write_items", {})
    transact_patiently(table, [Create(record())])
    assert len(pauses) == 3
    stubber.assert_no_pending_responses()


def test_given_other_transactions_that_never_end_when_patient_then_it_gives_up(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(CROWDED.tries):
        cancel(stubber, [{"Code": "TransactionConflict"}])
    with pytest.raises(Busy):
        transact_patiently(table, [Create(record())])
    assert len(pauses) == CROWDED.tries - 1
    assert sum(pauses) < 4
