"""Single items: conditional writes, told apart when a condition fails."""

from dataclasses import replace

import pytest
from botocore.stub import Stubber

from shared.core.backoff import CROWDED
from shared.core.errors import (
    Busy,
    Conflict,
    NotFound,
    PreconditionFailed,
    TooLarge,
    Unprocessable,
)
from shared.core.ids import OrganizationId
from shared.storage.idempotency import Idempotency
from shared.storage.table import Table
from tests.support.lost_answers import lost_answers
from tests.support.storage import counted_requests
from tests.support.threads import at_once
from tests.unit.storage.conftest import FixedClock, expiring_meanwhile, record

ORGANIZATION = OrganizationId.new()


def idempotency(fingerprint: str = "f", key: str = "k") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /things", key=key, fingerprint=fingerprint
    )


def test_given_no_item_when_created_then_it_can_be_read(table: Table) -> None:
    with counted_requests() as requests:
        created = table.create(record())
    assert requests == {"PutItem": 1}
    assert (created.replayed, created.record) == (False, record())
    assert table.get(record().key) == record()


def test_given_an_item_when_another_is_created_at_its_key_then_it_conflicts(table: Table) -> None:
    table.create(record())
    with pytest.raises(Conflict):
        table.create(record(body={"name": "other"}))
    assert table.get(record().key) == record()


def test_given_an_item_when_the_same_is_created_then_it_is_there(table: Table) -> None:
    table.create(record())
    assert table.create(record()).replayed is False


def test_given_a_key_when_created_again_then_the_first_answer_comes_back(table: Table) -> None:
    first = table.create(record(), idempotency())
    with counted_requests() as requests:
        again = table.create(record(body={"name": "later"}), idempotency())
    assert requests == {"PutItem": 1}
    assert (first.replayed, again.replayed) == (False, True)
    assert again.record == first.record


def test_given_a_key_when_the_item_was_changed_then_the_first_answer_comes_back(
    table: Table,
) -> None:
    first = table.create(record(), idempotency())
    stored = first.record
    for name in ("b", "c"):
        changed = replace(stored, body={"name": name})
        stored = table.replace(stored.followed_by(changed), expected_version=stored.version)
    again = table.create(record(), idempotency())
    assert again.record == first.record
    assert table.get(record().key) == stored
    assert stored.version == 3


def test_given_a_key_when_used_with_another_payload_then_it_is_refused(table: Table) -> None:
    table.create(record(), idempotency())
    with pytest.raises(Unprocessable) as caught:
        table.create(record(), idempotency("g"))
    assert caught.value.code == "idempotency_key_reused"


def test_given_an_item_made_without_a_key_when_met_under_one_then_it_is_refused(
    table: Table,
) -> None:
    table.create(record())
    with pytest.raises(Unprocessable):
        table.create(record(), idempotency())


def test_given_20_racers_with_one_key_then_one_creates_and_all_get_its_answer(
    table: Table,
) -> None:
    made = at_once(20, lambda number: table.create(record(body={"by": number}), idempotency()))
    assert sum(not created.replayed for created in made) == 1
    assert len({str(created.record.body) for created in made}) == 1


def test_given_20_racers_without_a_key_then_one_creates_and_the_others_conflict(
    table: Table,
) -> None:
    def create(number: int) -> bool:
        try:
            table.create(record(body={"by": number}))
        except Conflict:
            return False
        return True

    assert sum(at_once(20, create)) == 1


def test_given_a_version_when_replaced_then_the_next_one_is_stored(table: Table) -> None:
    table.create(record())
    stored = table.replace(record(body={"n": 2}), expected_version=1)
    assert stored.version == 2
    assert table.get(record().key) == stored


@pytest.mark.parametrize("version", [0, 2, 7])
def test_given_a_version_it_is_not_at_when_replaced_then_nothing_changes(
    table: Table, version: int
) -> None:
    table.create(record())
    with pytest.raises(PreconditionFailed):
        table.replace(record(body={"n": 2}), expected_version=version)
    assert table.get(record().key) == record()


def test_given_a_stale_version_and_the_same_content_when_replaced_then_it_is_refused(
    table: Table,
) -> None:
    # Else the writer would go on with a version that is not the item's.
    table.create(record())
    for version in (1, 2, 3):
        table.replace(record(), expected_version=version)
    with pytest.raises(PreconditionFailed):
        table.replace(record(), expected_version=1)


def test_given_two_writers_with_the_same_content_then_one_of_them_is_told(table: Table) -> None:
    # Else one of two increments of a counter would be lost.
    table.create(record(body={"n": 1}))

    def increment(_: int) -> bool:
        try:
            table.replace(record(body={"n": 2}), expected_version=1)
        except PreconditionFailed:
            return False
        return True

    assert sum(at_once(8, increment)) == 1


def test_given_no_item_when_replaced_then_it_is_not_found(table: Table) -> None:
    with pytest.raises(NotFound):
        table.replace(record(), expected_version=1)


def test_given_a_lost_answer_when_the_sdk_repeats_the_write_then_it_has_succeeded(
    table: Table,
) -> None:
    with lost_answers() as lost:
        assert table.create(record()).replayed is False
    assert lost == ["PutItem"]
    with lost_answers() as lost:
        stored = table.replace(record(body={"n": 2}), expected_version=1)
    assert lost == ["PutItem"]
    assert table.get(record().key) == stored


def test_given_a_lost_answer_to_a_create_under_a_key_then_it_is_answered_as_made(
    table: Table,
) -> None:
    with lost_answers():
        created = table.create(record(), idempotency())
    assert created.record == table.get(record().key)


def test_given_an_item_past_its_expiry_then_it_is_not_there(
    table: Table, clock: FixedClock
) -> None:
    key = record().key
    table.create(record(expires_at=clock.after(60)))
    clock.forward(59.9)
    assert table.get(key) is not None
    assert table.get_many([key])
    assert list(table.query(key, upto="thing"))
    clock.forward(0.1)
    assert table.get(key) is None
    assert not table.get_many([key])
    assert not list(table.query(key, upto="thing"))


def test_given_an_expired_item_when_created_anew_then_it_is_as_if_it_were_gone(
    table: Table, clock: FixedClock
) -> None:
    table.create(record(expires_at=clock.after(1)), idempotency())
    clock.forward(1)
    fresh = record(body={"name": "fresh"}, expires_at=clock.after(1))
    assert table.create(fresh).replayed is False
    clock.forward(1)
    assert table.create(record(body={"name": "newest"}), idempotency()).replayed is False
    found = table.get(record().key)
    assert found is not None
    assert found.body == {"name": "newest"}


@pytest.mark.parametrize("version", [1, 2])
def test_given_an_expired_item_when_replaced_then_it_is_not_found(
    table: Table, clock: FixedClock, version: int
) -> None:
    table.create(record(expires_at=clock.after(1)))
    clock.forward(1)
    with pytest.raises(NotFound):
        table.replace(record(body={"n": 2}), expected_version=version)


def test_given_an_item_of_more_than_400_kb_then_it_is_too_large(table: Table) -> None:
    with pytest.raises(TooLarge):
        table.create(record(body={"pad": "x" * 410_000}))
    assert table.get(record().key) is None


def test_given_a_transaction_that_holds_the_item_when_replaced_then_it_is_busy(
    table: Table, stubber: Stubber
) -> None:
    stubber.add_client_error("put_item", "TransactionConflictException")
    with pytest.raises(Busy):
        table.replace(record(), expected_version=1)


def test_given_transactions_that_hold_the_item_when_created_then_they_are_waited_for(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(3):
        stubber.add_client_error("put_item", "TransactionConflictException")
    stubber.add_response("put_item", {})
    assert not table.create(record()).replayed
    assert len(pauses) == 3


def test_given_transactions_that_never_end_when_created_then_it_is_busy(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(CROWDED.tries):
        stubber.add_client_error("put_item", "TransactionConflictException")
    with pytest.raises(Busy):
        table.create(record())
    assert len(pauses) == CROWDED.tries - 1


@pytest.mark.parametrize("key", [None, idempotency()])
def test_given_an_item_that_expires_while_it_stands_against_a_create_then_it_is_created(
    table: Table, clock: FixedClock, key: Idempotency | None
) -> None:
    table.create(record(body={"n": 1}, expires_at=clock.after(1)))
    with expiring_meanwhile(table, clock):
        created = table.create(record(body={"n": 2}), key)
    assert not created.replayed
    assert table.get(record().key) == created.record
    assert created.record.body == {"n": 2}


def test_given_an_item_that_expires_while_it_stands_against_a_replacement_then_it_is_gone(
    table: Table, clock: FixedClock
) -> None:
    table.create(record(expires_at=clock.after(1)))
    with expiring_meanwhile(table, clock), pytest.raises(NotFound):
        table.replace(record(body={"n": 2}), expected_version=7)
