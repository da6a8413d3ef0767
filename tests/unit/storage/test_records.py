"""Records and attribute values: there and back without loss."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.storage.records import (
    BY_LINK,
    BY_LIST,
    BY_PARENT,
    BY_WORK,
    PREFIX,
    IndexEntry,
    Key,
    Record,
    from_item,
    to_item,
)
from tests.support.template import table_definition

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
BODY = st.dictionaries(
    st.text(),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.none(),
)
ENTRIES = st.dictionaries(
    st.sampled_from([BY_LIST, BY_PARENT, BY_LINK, BY_WORK]), st.builds(IndexEntry, TEXT, TEXT)
)


@given(
    st.builds(
        Record,
        key=st.builds(Key, TEXT, TEXT),
        type=TEXT,
        body=BODY,
        schema_version=st.integers(1, 9),
        version=st.integers(1, 10**9),
        index_entries=ENTRIES,
        stream_attributes=st.dictionaries(TEXT, TEXT),
        expires_at=st.none() | st.integers(0, 10**10),
        fingerprint=st.none() | TEXT,
        original=st.none() | BODY,
    ),
    st.integers(1, 64),
)
def test_record_round_trips_through_an_item(record: Record, shards: int) -> None:
    assert from_item(to_item(record, shards=shards)) == record


def test_read_record_has_the_byte_size_of_its_body() -> None:
    record = Record(key=Key("p", "s"), type="t", body={"name": "Zo\u00eb"})
    read = from_item(to_item(record, shards=1))
    assert (read.size, record.size) == (len(b'{"name":"Zo\xc3\xab"}'), 0)


def test_records_know_all_indexes_of_the_template() -> None:
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table_definition("t")["GlobalSecondaryIndexes"]
    }
    assert indexes == {name: [f"{prefix}_pk", f"{prefix}_sk"] for name, prefix in PREFIX.items()}


def test_entries_are_spread_evenly_over_shards() -> None:
    sorts = (f"2026-01-01T00:00:00.{number:06d}Z#{number:x}" for number in range(4000))
    counts = Counter(IndexEntry("org#things", sort).partition(4) for sort in sorts)
    assert sorted(counts) == [f"org#things#{shard}" for shard in range(4)]
    assert all(800 < number < 1200 for number in counts.values())
