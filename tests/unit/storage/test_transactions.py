"""Several items, all or none: written, created together, deleted."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import (
    Busy,
    NotFound,
    PreconditionFailed,
    TooLarge,
    Unprocessable,
)
from shared.core.ids import OrganizationId
from shared.storage.idempotency import Idempotency
from shared.storage.table import Table
from shared.storage.transactions import (
    MAX_ACTIONS,
    Action,
    Create,
    Delete,
    Refused,
    Replace,
    create_together,
    delete,
    transact,
)
from tests.support.lost_answers import lost_answers
from tests.support.storage import counted_requests
from tests.support.threads import at_once
from tests.unit.storage.conftest import FixedClock, cancel, expiring_meanwhile, record

ORGANIZATION = OrganizationId.new()


def test_given_conditions_that_hold_then_all_is_written_in_one_request(table: Table) -> None:
    table.create(record("b"))
    table.create(record("c"))
    with counted_requests() as requests:
        transact(
            table,
            [
                Create(record("a")),
                Replace(record("b", body={"n": 2}), 1),
                Delete(record("c").key, expected_version=1),
            ],
        )
    assert requests == {"TransactWriteItems": 1}
    assert table.get(record("a").key) == record("a")
    assert table.get(record("b").key) == record("b", body={"n": 2}, version=2)
    assert table.get(record("c").key) is None


@pytest.mark.parametrize(
    ("actions", "existing"),
    [
        ([Create(record("a"))], {0: record("a")}),
        ([Create(record("new")), Create(record("a"))], {1: record("a")}),
        ([Create(record("new")), Replace(record("a"), 2)], {1: record("a")}),
        ([Replace(record("none"), 1), Create(record("new"))], {0: None}),
        ([Create(record("new")), Delete(record("none").key)], {1: None}),
        ([Create(record("new")), Delete(record("none").key, 1)], {1: None}),
        ([Create(record("a")), Delete(record("b").key, 2)], {0: record("a"), 1: record("b")}),
    ],
)
def test_given_a_condition_that_fails_then_nothing_is_written_and_the_place_is_told(
    table: Table, actions: list[Action], existing: dict[int, Any]
) -> None:
    table.create(record("a"))
    table.create(record("b"))
    with pytest.raises(Refused) as caught:
        transact(table, actions)
    assert caught.value.existing == existing
    assert table.get(record("new").key) is None
    assert table.get(record("a").key) == record("a")
    assert table.get(record("b").key) == record("b")


def test_given_an_expired_item_when_created_anew_then_it_is_as_if_it_were_gone(
    table: Table, clock: FixedClock
) -> None:
    table.create(record("a", expires_at=clock.after(1)))
    clock.forward(1)
    transact(table, [Create(record("a", body={"n": 2})), Create(record("b"))])
    assert table.get(record("a").key) == record("a", body={"n": 2})


def test_given_an_item_that_expires_while_it_stands_against_a_create_then_it_is_busy(
    table: Table, clock: FixedClock
) -> None:
    """Given that, then the same transaction may well succeed: it is tried again."""
    table.create(record("a", body={"n": 1}, expires_at=clock.after(1)))
    with expiring_meanwhile(table, clock), pytest.raises(Busy):
        transact(table, [Create(record("a")), Create(record("b"))])
    assert table.get(record("b").key) is None


@pytest.mark.parametrize("in_the_way", ["a", "b"])
@pytest.mark.parametrize("keyed_", [True, False])
def test_given_an_item_that_expires_when_created_together_then_all_is_created(
    table: Table, clock: FixedClock, in_the_way: str, keyed_: bool
) -> None:
    table.create(record(in_the_way, body={"n": 1}, expires_at=clock.after(1)))
    with expiring_meanwhile(table, clock):
        key = keyed() if keyed_ else None
        created = create_together(table, record("a"), [Create(record("b"))], key)
    assert not created.replayed
    assert table.get(record("a").key) == created.record
    assert table.get(record("b").key) == record("b")


@pytest.mark.parametrize(
    "action", [Replace(record("a"), 1), Delete(record("a").key, 1), Delete(record("a").key)]
)
def test_given_an_expired_item_when_written_to_then_there_is_none(
    table: Table, clock: FixedClock, action: Action
) -> None:
    table.create(record("a", expires_at=clock.after(1)))
    clock.forward(1)
    with pytest.raises(Refused) as caught:
        transact(table, [Create(record("b")), action])
    assert caught.value.existing == {1: None}


def test_given_a_lost_answer_when_the_sdk_repeats_it_then_it_is_carried_out_once(
    table: Table,
) -> None:
    with lost_answers() as lost:
        transact(table, [Create(record("a"))])
    assert lost == ["TransactWriteItems"]
    assert table.get(record("a").key) == record("a")


# ----------------------------------------------------------------------- create together
def keyed(fingerprint: str = "f") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /a", key="k", fingerprint=fingerprint
    )


def test_given_a_key_when_created_together_again_then_the_first_answer_comes_back(
    table: Table,
) -> None:
    first = create_together(table, record("a"), [Create(record("b"))], keyed())
    stored = first.record
    table.replace(stored.followed_by(record("a", body={"n": 2})), expected_version=1)
    with counted_requests() as requests:
        again = create_together(table, record("a", body={}), [Create(record("b"))], keyed())
    assert requests == {"TransactWriteItems": 1}
    assert (first.replayed, again.replayed) == (False, True)
    assert again.record == first.record
    with pytest.raises(Unprocessable):
        create_together(table, record("a"), [Create(record("b"))], keyed("other payload"))


@pytest.mark.parametrize("key", [None, keyed()])
def test_given_another_item_that_is_in_the_way_then_nothing_is_created_together(
    table: Table, key: Idempotency | None
) -> None:
    table.create(record("b"))
    with pytest.raises(Refused) as caught:
        create_together(table, record("a"), [Create(record("b"))], key)
    assert caught.value.existing == {1: record("b")}
    assert table.get(record("a").key) is None


def test_given_no_key_when_the_item_exists_then_it_is_not_created_together(table: Table) -> None:
    table.create(record("a"))
    with pytest.raises(Refused) as caught:
        create_together(table, record("a"), [Create(record("b"))])
    assert caught.value.existing == {0: record("a")}


# ------------------------------------------------------------------------------- delete
def test_given_an_item_when_deleted_then_it_is_gone_at_one_request(table: Table) -> None:
    table.create(record())
    with counted_requests() as requests:
        delete(table, record().key)
    assert requests == {"TransactWriteItems": 1}
    assert table.get(record().key) is None
    with pytest.raises(NotFound):
        delete(table, record().key)


@pytest.mark.parametrize("version", [None, 1])
def test_given_a_lost_answer_when_deleted_then_it_is_not_said_to_have_been_missing(
    table: Table, version: int | None
) -> None:
    table.create(record())
    with lost_answers() as lost:
        delete(table, record().key, expected_version=version)
    assert lost == ["TransactWriteItems"]
    assert table.get(record().key) is None


def test_given_a_version_when_deleted_then_only_that_version_goes(table: Table) -> None:
    table.create(record())
    with pytest.raises(PreconditionFailed):
        delete(table, record().key, expected_version=2)
    delete(table, record().key, expected_version=1)
    with pytest.raises(NotFound):
        delete(table, record().key, expected_version=1)


@pytest.mark.parametrize("version", [None, 1, 2])
def test_given_an_expired_item_when_deleted_then_it_is_not_found(
    table: Table, clock: FixedClock, version: int | None
) -> None:
    table.create(record(expires_at=clock.after(1)))
    clock.forward(1)
    with pytest.raises(NotFound):
        delete(table, record().key, expected_version=version)


def test_given_a_transaction_that_holds_the_item_when_deleted_then_it_is_waited_for(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    cancel(stubber, [{"Code": "TransactionConflict"}])
    stubber.add_response("transact_write_items", {})
    delete(table, record().key)
    assert len(pauses) == 1


# ------------------------------------------------------------------------------- limits
def test_given_an_item_of_more_than_400_kb_then_it_is_too_large_and_nothing_is_stored(
    table: Table,
) -> None:
    with pytest.raises(TooLarge):
        transact(table, [Create(record("a")), Create(record("b", body={"p": "x" * 410_000}))])
    assert table.get(record("a").key) is None


def test_given_more_actions_than_a_transaction_takes_then_it_is_too_large(table: Table) -> None:
    with counted_requests() as requests, pytest.raises(TooLarge):
        transact(table, [Create(record(f"{number}")) for number in range(MAX_ACTIONS + 1)])
    assert not requests


def test_given_20_racers_then_one_transaction_is_carried_out(table: Table) -> None:
    def write(number: int) -> int | None:
        try:
            transact(table, [Create(record(f"own-{number}")), Create(record("shared"))])
        except Refused:
            return None
        return number

    (winner,) = [number for number in at_once(20, write) if number is not None]
    own = [table.get(record(f"own-{number}").key) is not None for number in range(20)]
    assert own == [number == winner for number in range(20)]
