"""Lists of the whole stack (keys only, always 64 shards), and deletes at a version."""

import pytest

from shared.storage.contention import ConditionFailed
from shared.storage.lists import WorkEntry, work_entries
from shared.storage.records import BY_WORK, WORK_SHARDS, IndexEntry, Key, Record, to_item
from shared.storage.table import Table
from shared.storage.transactions import Create, Delete, transact
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import record


def waiting(sort: str) -> Record:
    return Record(
        key=Key("org#session#1", sort),
        type="session",
        body={},
        index_entries={BY_WORK: IndexEntry("stack#work", sort)},
    )


def test_entries_have_the_keys_of_their_items_in_order(table: Table) -> None:
    sorts = [f"{number:03}" for number in range(120)]
    for sort in reversed(sorts):
        table.create(waiting(sort))
    with counted_requests() as requests:
        found = work_entries(table, "stack#work", "099")

    assert found == [WorkEntry(sort, waiting(sort).key) for sort in sorts[:100]]
    assert requests == {"Query": WORK_SHARDS}


@pytest.mark.parametrize("list_shards", [1, 2, 64])
def test_shard_of_an_entry_does_not_depend_on_the_shards_of_other_lists(list_shards: int) -> None:
    item = to_item(waiting("a"), shards=list_shards)
    assert item["work_pk"] == to_item(waiting("a"), shards=3)["work_pk"]


def test_delete_at_a_version_leaves_another_version(table: Table) -> None:
    table.create(record())
    with pytest.raises(ConditionFailed) as failed:
        table.delete(record().key, expected_version=2)
    assert failed.value.existing == {0: record()}

    table.delete(record().key, expected_version=1)

    assert table.get(record().key) is None
    with pytest.raises(ConditionFailed) as failed:
        table.delete(record().key, expected_version=1)
    assert failed.value.existing == {0: None}


def test_transaction_fails_if_what_it_deletes_is_gone_or_at_another_version(table: Table) -> None:
    table.create(record("a"))
    for gone in (Delete(record("b").key, 1), Delete(record("a").key, 2)):
        with pytest.raises(ConditionFailed):
            transact(table, [Create(record("c")), gone])
    transact(table, [Create(record("c")), Delete(record("a").key, 1)])

    assert table.get(record("a").key) is None
    assert table.get(record("c").key) == record("c")
