"""Writes: conditional puts of single items, and transactions: all items are written, or none."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import Busy, TooLarge
from shared.storage.contention import ConditionFailed
from shared.storage.table import Table
from shared.storage.transactions import (
    MAX_ACTIONS,
    Action,
    Create,
    Delete,
    Replace,
    transact,
    write,
    write_unless_exists,
)
from tests.support.clocks import FixedClock
from tests.support.lost_answers import lost_answers
from tests.support.racing import at_once, succeeds
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import expiring_meanwhile, record

KEY, ALONG = record().key, record("along")
OTHER = record(body={"name": "other"})


@pytest.fixture(params=[[], [Create(ALONG)]], ids=["put", "transaction"])
def along(request: pytest.FixtureRequest) -> list[Action]:
    """A further action, which makes a put a transaction."""
    actions: list[Action] = request.param
    return actions


def test_write_of_one_item_is_a_put_and_of_several_a_transaction(table: Table) -> None:
    writes: list[tuple[list[Action], str]] = [
        ([Create(record())], "PutItem"),
        ([Replace(OTHER, 1)], "PutItem"),
        ([Create(record("b")), Replace(record("a"), 2)], "TransactWriteItems"),
        ([Create(record("c")), Delete(record("b").key)], "TransactWriteItems"),
    ]
    for actions, operation in writes:
        with counted_requests() as requests:
            write(table, actions)
        assert requests == {operation: 1}
    assert table.get(KEY) == record("a", version=3)
    assert table.get(record("b").key) is None
    assert table.get(record("c").key) == record("c")


def test_create_and_replace_return_the_stored_record(table: Table) -> None:
    assert table.create(record()) == table.get(KEY) == record()
    stored = table.replace(OTHER, expected_version=1)
    assert stored == table.get(KEY) == record(body=OTHER.body, version=2)


@pytest.mark.parametrize(
    ("actions", "existing"),
    [
        ([Create(OTHER)], {0: record("a")}),
        ([Replace(OTHER, 0)], {0: record("a")}),
        ([Replace(OTHER, 2)], {0: record("a")}),
        ([Replace(OTHER, 7)], {0: record("a")}),
        ([Replace(record("none"), 1)], {0: None}),
        ([Create(record("new")), Create(OTHER)], {1: record("a")}),
        ([Create(record("new")), Replace(OTHER, 2)], {1: record("a")}),
        ([Replace(record("none"), 1), Create(record("new"))], {0: None}),
        ([Create(OTHER), Replace(record("b"), 2)], {0: record("a"), 1: record("b")}),
    ],
)
def test_failed_condition_writes_nothing_and_reports_its_position(
    table: Table, actions: list[Action], existing: dict[int, Any]
) -> None:
    table.create(record("a"))
    table.create(record("b"))
    with pytest.raises(ConditionFailed) as caught:
        write(table, actions)
    assert caught.value.existing == existing
    assert table.get(record("new").key) is None
    assert table.get(record("a").key) == record("a")
    assert table.get(record("b").key) == record("b")


def test_replace_at_a_stale_version_with_equal_content_fails(table: Table) -> None:
    # Else the writer would go on with a version that is not the item's.
    table.create(record())
    for version in (1, 2, 3):
        table.replace(record(), expected_version=version)
    with pytest.raises(ConditionFailed):
        table.replace(record(), expected_version=1)


def test_concurrent_replaces_with_equal_content_succeed_once(table: Table) -> None:
    # Else one of two increments of a counter would be lost.
    table.create(record())

    def replace(_: int) -> bool:
        return succeeds(lambda: table.replace(OTHER, expected_version=1), ConditionFailed)

    won = at_once(8, replace)
    assert sum(won) == 1


def test_concurrent_creates_succeed_once(table: Table, along: list[Action]) -> None:
    def create(number: int) -> bool:
        shared = Create(record("shared", body={"by": number}))
        own = [Create(record(f"own-{number}")) for _ in along]
        return succeeds(lambda: write(table, [*own, shared]), ConditionFailed)

    won = at_once(20, create)
    assert sum(won) == 1
    own = [table.get(record(f"own-{number}").key) is not None for number in range(20)]
    assert own == (won if along else [False] * 20)


def test_repeated_write_after_a_lost_answer_is_carried_out_once(
    table: Table, along: list[Action]
) -> None:
    with lost_answers() as lost:
        write(table, [Create(record()), *along])
    assert lost == ["TransactWriteItems" if along else "PutItem"]
    with lost_answers() as lost:
        stored = table.replace(OTHER, expected_version=1)
    assert lost == ["PutItem"]
    assert table.get(KEY) == stored


@pytest.mark.parametrize("version", [1, 2])
def test_expired_item_is_created_and_not_replaced(
    table: Table, clock: FixedClock, along: list[Action], version: int
) -> None:
    table.create(record(expires_at=clock.after(1)))
    clock.forward(1)
    with pytest.raises(ConditionFailed) as caught:
        write(table, [Replace(OTHER, version), *along])
    assert caught.value.existing == {0: None}
    write(table, [Create(OTHER), *along])
    assert table.get(KEY) == OTHER


def test_create_at_an_item_that_expires_meanwhile_is_busy(
    table: Table, clock: FixedClock, along: list[Action]
) -> None:
    """The same write may well succeed: it is tried again."""
    table.create(record(expires_at=clock.after(1)))
    with expiring_meanwhile(clock), pytest.raises(Busy):
        write(table, [Create(OTHER), *along])
    assert table.get(ALONG.key) is None


def test_replace_of_an_item_that_expires_meanwhile_fails(table: Table, clock: FixedClock) -> None:
    table.create(record(expires_at=clock.after(1)))
    with expiring_meanwhile(clock), pytest.raises(ConditionFailed):
        table.replace(OTHER, expected_version=7)


def test_replace_of_an_item_held_by_a_transaction_is_busy(table: Table, stubber: Stubber) -> None:
    stubber.add_client_error("put_item", "TransactionConflictException")
    with pytest.raises(Busy):
        table.replace(record(), expected_version=1)


def test_delete_of_a_missing_item_succeeds(table: Table) -> None:
    transact(table, [Delete(KEY), Create(record("b"))])
    assert table.get(record("b").key) == record("b")


def test_write_unless_exists_leaves_the_existing_item_unchanged(table: Table) -> None:
    assert write_unless_exists(table, record())
    assert not write_unless_exists(table, OTHER)
    assert table.get(KEY) == record()


# ------------------------------------------------------------------------------- limits
def test_item_over_400_kb_is_too_large_and_nothing_is_stored(
    table: Table, along: list[Action]
) -> None:
    with pytest.raises(TooLarge):
        write(table, [*along, Create(record(body={"pad": "x" * 410_000}))])
    assert table.get(ALONG.key) is None
    assert table.get(KEY) is None


def test_transaction_over_100_actions_is_too_large(table: Table) -> None:
    with counted_requests() as requests, pytest.raises(TooLarge):
        transact(table, [Create(record(f"{number}")) for number in range(MAX_ACTIONS + 1)])
    assert not requests
