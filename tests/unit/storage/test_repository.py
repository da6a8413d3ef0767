"""Generic repository: one rule for repeated creates, changes and deletes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import (
    Conflict,
    Deleted,
    DomainError,
    NotFound,
    PreconditionFailed,
    Unprocessable,
)  # fmt: skip
from shared.core.ids import OrganizationId
from shared.storage.codec import Codec
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.idempotency import RECEIPT_RETENTION, Idempotency
from shared.storage.lists import ListQuery
from shared.storage.records import BY_LIST, IndexEntry, Key, Record
from shared.storage.repository import Created, Repository
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone
from shared.storage.transactions import Action, Create, Replace, transact
from tests.support.clocks import FixedClock
from tests.support.contention import conflicting_transactions
from tests.support.lost_answers import lost_answers
from tests.support.racing import at_once
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import expiring_meanwhile, record

ORGANIZATION = OrganizationId.new()


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    text: str
    version: int = 1


class NoteCodec(Codec[Note, str]):
    type = "note"
    label = "Note"

    def key(self, organization_id: OrganizationId, identifier: str) -> Key:
        return Key(f"{organization_id}#note#{identifier}", "note")

    def to_record(self, entity: Note) -> Record:
        return Record(
            key=self.key(ORGANIZATION, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_LIST: IndexEntry("notes", entity.id)},
            body={"id": entity.id, "text": entity.text},
        )

    def from_record(self, record: Record) -> Note:
        return Note(record.body["id"], record.body["text"], record.version)

    def counts_as_deleted(self, entity: Note) -> bool:
        return entity.text == "archived"


type Notes = Repository[Note, str]

KEY = NoteCodec().key(ORGANIZATION, "1")


@pytest.fixture
def notes(table: Table, clock: FixedClock) -> Notes:
    return Repository(table, NoteCodec(), clock)


@pytest.fixture(params=[[], [Create(record("b"))]], ids=["alone", "with another item"])
def also(request: pytest.FixtureRequest) -> list[Action]:
    """Actions that are written along with a create."""
    actions: list[Action] = request.param
    return actions


def idempotency(fingerprint: str = "f") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /notes", key="k", fingerprint=fingerprint
    )


def create(
    notes: Notes,
    text: str = "first",
    key: Idempotency | None = None,
    also: Sequence[Action] = (),
    **options: Any,
) -> Created[Note]:
    return notes.create(KEY, lambda: (Note("1", text), also), key, **options)


def set_text(notes: Notes, text: str, **options: Any) -> Note:
    return notes.change(ORGANIZATION, "1", lambda note: replace(note, text=text), **options)


WRITES: dict[str, Callable[[Notes], Any]] = {
    "create": lambda notes: create(notes, key=idempotency()),
    "change": lambda notes: set_text(notes, "second", expected_version=1),
    "delete": lambda notes: notes.delete(ORGANIZATION, "1"),
}
every_write = pytest.mark.parametrize("write", WRITES)


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


@every_write
def test_write_whose_answer_is_lost_is_carried_out_once(notes: Notes, write: str) -> None:
    if write != "create":
        create(notes, key=idempotency())
    with lost_answers() as lost:
        written = WRITES[write](notes)
    assert lost == ["TransactWriteItems" if write == "change" else "PutItem"]
    if write == "create":
        assert written == Created(Note("1", "first"))
    elif write == "change":
        assert written == notes.get(ORGANIZATION, "1") == Note("1", "second", 2)
    else:
        with pytest.raises(NotFound):
            notes.get(ORGANIZATION, "1")


@every_write
def test_write_waits_for_a_transaction_that_holds_the_item(
    notes: Notes, pauses: list[float], write: str
) -> None:
    if write != "create":
        create(notes)
    with conflicting_transactions(times=3) as met:
        WRITES[write](notes)
    assert len(met) == len(pauses) == 3


def test_change_is_one_read_and_one_write(notes: Notes) -> None:
    create(notes)
    with counted_requests() as requests:
        changed = set_text(notes, "second")
    assert requests == {"GetItem": 1, "PutItem": 1}
    assert changed == notes.get(ORGANIZATION, "1") == Note("1", "second", 2)
    with counted_requests() as requests:
        assert set_text(notes, "second") == changed
    assert requests == {"GetItem": 1}


def test_change_and_delete_at_another_version_fail(notes: Notes) -> None:
    create(notes)
    with pytest.raises(PreconditionFailed):
        set_text(notes, "second", expected_version=2)
    with pytest.raises(PreconditionFailed):
        notes.delete(ORGANIZATION, "1", expected_version=2)
    assert set_text(notes, "second", expected_version=1).version == 2


def test_concurrent_changes_are_all_made(notes: Notes, table: Table) -> None:
    create(notes, "", key=idempotency())
    append = lambda note: replace(note, text=note.text + "x")  # noqa: E731
    at_once(8, lambda _: notes.change(ORGANIZATION, "1", append))
    assert notes.get(ORGANIZATION, "1") == Note("1", "x" * 8, 9)
    assert create(notes, key=idempotency()).entity == Note("1", "")


def test_change_that_never_wins_conflicts_after_bounded_pauses(
    notes: Notes, table: Table, pauses: list[float]
) -> None:
    create(notes)

    def overtake(note: Note) -> Note:
        loaded = notes.load(ORGANIZATION, "1")
        transact(table, [Replace(loaded.record, loaded.record.version)])
        return replace(note, text="mine")

    with pytest.raises(Conflict, match="modified concurrently"):
        notes.change(ORGANIZATION, "1", overtake)
    assert len(pauses) == CONTENTION.tries - 1
    assert sum(pauses) < 4


def test_item_that_expires_meanwhile_does_not_fail_a_create(
    notes: Notes, table: Table, clock: FixedClock
) -> None:
    stale = replace(notes.codec.to_record(Note("1", "stale")), expires_at=clock.after(1))
    table.create(stale)
    with expiring_meanwhile(clock):
        assert create(notes, key=idempotency()) == Created(Note("1", "first"))


def test_item_of_another_kind_under_the_key_is_not_found(notes: Notes, table: Table) -> None:
    table.create(replace(notes.codec.to_record(Note("1", "x")), type="other"))
    with pytest.raises(NotFound):
        notes.get(ORGANIZATION, "1")
    assert notes.load_many(ORGANIZATION, ["1"]) == {}
