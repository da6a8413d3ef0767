"""Creates of the generic repository: repetitions under a key, tombstones, races."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.errors import Conflict, Deleted, DomainError, NotFound, Unprocessable
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.idempotency import RECEIPT_RETENTION
from shared.storage.lists import ListQuery
from shared.storage.records import Key
from shared.storage.repository import Created
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone
from shared.storage.transactions import Action, Create
from tests.support.clocks import FixedClock
from tests.support.racing import at_once
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import expiring_meanwhile, record
from tests.unit.storage.notes import KEY, ORGANIZATION, Note, Notes, create, idempotency, set_text


@pytest.fixture(params=[[], [Create(record("b"))]], ids=["alone", "with another item"])
def also(request: pytest.FixtureRequest) -> list[Action]:
    """Actions that are written along with a create."""
    actions: list[Action] = request.param
    return actions


def test_created_entity_can_be_read(notes: Notes, also: list[Action]) -> None:
    with counted_requests() as requests:
        created = create(notes, also=also)
    assert requests == {"TransactWriteItems" if also else "PutItem": 1}
    assert created == Created(Note("1", "first"))
    assert notes.get(ORGANIZATION, "1") == created.entity
    assert notes.load_many(ORGANIZATION, ["1", "2"]).keys() == {"1"}
    page = notes.page(ListQuery(list="notes"), 5)
    assert (page.items, page.next_cursor) == ([created.entity], None)


def test_create_without_key_of_an_existing_id_conflicts(notes: Notes) -> None:
    create(notes)
    with pytest.raises(Conflict, match="Note exists already"):
        create(notes, "other")
    assert notes.get(ORGANIZATION, "1").text == "first"


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_repeated_create_returns_the_first_answer(notes: Notes, changes: int) -> None:
    first = create(notes, key=idempotency())
    for number in range(changes):
        set_text(notes, f"{number}")
    newest = notes.get(ORGANIZATION, "1")
    with counted_requests() as requests:
        again = create(notes, "later", key=idempotency())
    assert requests == Counter(PutItem=1, GetItem=min(changes, 1))
    assert again == replace(first, replayed=True)
    assert notes.get(ORGANIZATION, "1") == newest
    assert newest.version == 1 + changes


def test_large_entity_created_under_a_key_can_be_changed(notes: Notes) -> None:
    """The original has an item of its own: together they would exceed 400 KB."""
    first = create(notes, "x" * 300_000, key=idempotency())
    set_text(notes, "y" * 300_000)
    assert create(notes, "x" * 300_000, key=idempotency()).entity == first.entity


def test_inline_original_of_an_earlier_version_is_returned(notes: Notes, table: Table) -> None:
    stored = notes.codec.to_record(Note("1", "second", 2))
    table.create(replace(stored, fingerprint="f", original=stored.body | {"text": "first"}))
    set_text(notes, "third")
    assert create(notes, key=idempotency()) == Created(Note("1", "first"), replayed=True)


def test_entity_created_without_a_key_is_not_a_replay(notes: Notes) -> None:
    create(notes)
    with pytest.raises(Unprocessable):
        create(notes, key=idempotency())


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_repeated_create_after_delete_is_refused_and_the_id_stays_deleted(
    notes: Notes, table: Table, also: list[Action], changes: int
) -> None:
    create(notes, key=idempotency())
    with pytest.raises(Unprocessable) as reused:
        create(notes, key=idempotency("other"), also=also)
    assert reused.value.code == "idempotency_key_reused"
    for number in range(changes):
        set_text(notes, f"{number}")
    assert notes.delete(ORGANIZATION, "1").version == 1 + changes
    with pytest.raises(Deleted) as caught:
        create(notes, key=idempotency(), also=also)
    assert caught.value.code == "deleted"
    with pytest.raises(Unprocessable):
        create(notes, key=idempotency("other"), also=also)
    with pytest.raises(NotFound, match="Note not found"):
        notes.get(ORGANIZATION, "1")
    [left] = table.query(Key(KEY.partition, "a"), upto="z")
    assert is_tombstone(left)
    assert "first" not in str(left.body)
    assert left.index_entries == {}


def test_entity_that_counts_as_deleted_is_not_replayed(notes: Notes) -> None:
    create(notes, key=idempotency())
    set_text(notes, "archived")
    with pytest.raises(Deleted):
        create(notes, key=idempotency())


def test_tombstone_and_original_expire_after_30_days(notes: Notes, clock: FixedClock) -> None:
    create(notes, key=idempotency())
    set_text(notes, "second")
    clock.now += timedelta(seconds=RECEIPT_RETENTION)
    with pytest.raises(Conflict, match="more than 30 days ago"):
        create(notes, key=idempotency())
    notes.delete(ORGANIZATION, "1")
    clock.now += timedelta(seconds=RECEIPT_RETENTION)
    assert create(notes, "new", key=idempotency()) == Created(Note("1", "new"))


def test_build_error_of_a_replay_is_not_raised(notes: Notes) -> None:
    def build() -> tuple[Note, Sequence[Action]]:
        raise NotFound("Parent not found")

    with pytest.raises(NotFound, match="Parent"):
        notes.create(KEY, build, idempotency())
    first = create(notes, key=idempotency())
    assert notes.create(KEY, build, idempotency()) == replace(first, replayed=True)
    with pytest.raises(Unprocessable):
        notes.create(KEY, build, idempotency("other"))
    with pytest.raises(NotFound, match="Parent"):
        notes.create(KEY, build)


def test_failed_further_action_is_built_again_and_nothing_is_stored(
    notes: Notes, table: Table, pauses: list[float]
) -> None:
    table.create(record("b"))
    with pytest.raises(Conflict, match="modified concurrently"):
        create(notes, also=[Create(record("b"))])
    assert len(pauses) == CONTENTION.tries - 1

    def refuse(failed: ConditionFailed) -> None:
        assert failed.existing == {1: record("b")}
        raise DomainError("taken")

    with pytest.raises(DomainError, match="taken"):
        create(notes, also=[Create(record("b"))], on_condition_failed=refuse)
    with pytest.raises(NotFound):
        notes.get(ORGANIZATION, "1")


def test_concurrent_creates_with_one_key_create_one_entity(
    notes: Notes, also: list[Action]
) -> None:
    answers = at_once(20, lambda n: create(notes, f"{n}", key=idempotency(), also=also))
    assert sum(not answer.replayed for answer in answers) == 1
    assert len({answer.entity for answer in answers}) == 1


def test_item_that_expires_meanwhile_does_not_fail_a_create(
    notes: Notes, table: Table, clock: FixedClock
) -> None:
    stale = replace(notes.codec.to_record(Note("1", "stale")), expires_at=clock.after(1))
    table.create(stale)
    with expiring_meanwhile(clock):
        assert create(notes, key=idempotency()) == Created(Note("1", "first"))
