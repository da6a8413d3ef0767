"""Records and attribute values: there and back without loss."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.storage.records import (
    BY_LINK,
    BY_LIST,
    BY_PARENT,
    PREFIX,
    Key,
    Record,
    Row,
    from_item,
    to_item,
)
from tests.support.template import table_definition

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
BODY = st.dictionaries(
    st.text(),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.none(),
)
ROWS = st.dictionaries(st.sampled_from([BY_LIST, BY_PARENT, BY_LINK]), st.builds(Row, TEXT, TEXT))


@given(
    st.builds(
        Record,
        key=st.builds(Key, TEXT, TEXT),
        type=TEXT,
        body=BODY,
        schema_version=st.integers(1, 9),
        version=st.integers(1, 10**9),
        rows=ROWS,
        marks=st.dictionaries(TEXT, TEXT),
        expires_at=st.none() | st.integers(0, 10**10),
        fingerprint=st.none() | TEXT,
        original=st.none() | BODY,
    ),
    st.integers(1, 64),
)
def test_given_any_record_when_written_as_an_item_then_it_reads_back_equal(
    record: Record, shards: int
) -> None:
    assert from_item(to_item(record, shards=shards)) == record


def test_given_an_item_when_read_then_the_record_tells_the_bytes_of_its_body() -> None:
    record = Record(key=Key("p", "s"), type="t", body={"name": "Zo\u00eb"})
    read = from_item(to_item(record, shards=1))
    assert (read.size, record.size) == (len(b'{"name":"Zo\xc3\xab"}'), 0)


def test_given_the_templates_indexes_then_records_know_all_of_them() -> None:
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table_definition("t")["GlobalSecondaryIndexes"]
    }
    assert indexes == {name: [f"{prefix}_pk", f"{prefix}_sk"] for name, prefix in PREFIX.items()}


def test_given_many_rows_then_they_are_spread_evenly_over_the_shards() -> None:
    counts: dict[str, int] = {}
    for number in range(4000):
        partition = Row("org#things", f"2026-01-01T00:00:00.{number:06d}Z#{number:x}").partition(4)
        counts[partition] = counts.get(partition, 0) + 1
    assert sorted(counts) == [f"org#things#{shard}" for shard in range(4)]
    assert all(800 < number < 1200 for number in counts.values())


def record(body: dict[str, Any], **options: Any) -> Record:
    return Record(key=Key("p", "s"), type="t", body=body, **options)


def test_given_an_item_made_under_a_key_when_changed_twice_then_it_remembers_its_beginning() -> (
    None
):
    created = record({"n": 1}, fingerprint="f")
    second = created.followed_by(record({"n": 2}, version=2))
    third = second.followed_by(record({"n": 3}, version=3))
    assert third.body == {"n": 3}
    assert third.as_created() == created
    assert second.as_created() == created
    assert created.as_created() == created


def test_given_an_item_made_without_a_key_when_changed_then_nothing_more_is_kept() -> None:
    changed = record({"n": 1}).followed_by(record({"n": 2}, version=2))
    assert changed == record({"n": 2}, version=2)
