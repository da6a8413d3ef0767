"""Generic repository: reads, changes and deletes, and what holds for every write."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.core.errors import Conflict, NotFound, PreconditionFailed
from shared.storage.contention import CONTENTION
from shared.storage.repository import Created
from shared.storage.table import Table
from shared.storage.transactions import Replace, transact
from tests.support.contention import conflicting_transactions
from tests.support.lost_answers import lost_answers
from tests.support.racing import at_once
from tests.support.storage import counted_requests
from tests.unit.storage.notes import ORGANIZATION, Note, Notes, create, idempotency, set_text

WRITES: dict[str, Callable[[Notes], Any]] = {
    "create": lambda notes: create(notes, key=idempotency()),
    "change": lambda notes: set_text(notes, "second", expected_version=1),
    "delete": lambda notes: notes.delete(ORGANIZATION, "1"),
}
every_write = pytest.mark.parametrize("write", WRITES)


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


def test_item_of_another_kind_under_the_key_is_not_found(notes: Notes, table: Table) -> None:
    table.create(replace(notes.codec.to_record(Note("1", "x")), type="other"))
    with pytest.raises(NotFound):
        notes.get(ORGANIZATION, "1")
    assert notes.load_many(ORGANIZATION, ["1"]) == {}
