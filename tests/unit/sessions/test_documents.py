"""Sessions and events as documents: there and back without loss."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.documents import (
    MAX_BYTES_PER_ITEM,
    MAX_EVENTS_PER_ITEM,
    SESSION,
    common_fields,
    event_chunks,
    event_from_document,
    event_to_document,
    events_sort,
    from_record,
    kind_of,
    to_record,
)
from shared.sessions.models import AgentRef, Event, SessionKind, event_id
from shared.storage.records import BY_LINK, BY_LIST, from_item, to_item
from tests.unit.sessions.conftest import CountingCodec, CountingSession, new_session

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXT = st.text(st.characters(codec="utf-8"))
DATA = st.dictionaries(TEXT, TEXT | st.integers() | st.none() | st.lists(TEXT))
SESSIONS = st.builds(
    CountingSession,
    id=st.builds(SessionId, st.uuids()),
    organization_id=st.builds(OrganizationId, st.uuids()),
    created_at=MOMENTS,
    updated_at=MOMENTS,
    tags=st.lists(TEXT).map(tuple),
    agent=st.none() | st.builds(AgentRef, st.builds(AgentId, st.uuids()), TEXT),
    last_sequence=st.integers(0, 10**6),
    version=st.integers(1, 10**6),
    count=st.integers(),
)


@given(SESSIONS)
def test_given_any_session_when_stored_then_it_reads_back_equal(session: CountingSession) -> None:
    item = to_item(to_record(CountingCodec(), session), shards=3)
    assert from_record(CountingCodec(), from_item(item)) == session


def test_given_a_session_then_its_item_tells_its_kind_and_stands_in_its_lists() -> None:
    session = new_session()
    record = to_record(CountingCodec(), session)
    assert kind_of(record) is SessionKind.AGENT
    assert set(record.rows) == {BY_LIST, BY_LINK}
    assert record.rows[BY_LIST].list == f"{session.organization_id}#agent-sessions"
    assert record.key.partition.startswith(f"{session.organization_id}#")
    assert common_fields(record)["tags"] == ("a", "b")


@given(st.integers(1, 2**32 - 1), MOMENTS, TEXT, DATA, DATA)
def test_given_any_event_when_stored_then_it_reads_back_equal(
    sequence: int, at: datetime, kind: str, context: dict[str, Any], data: dict[str, Any]
) -> None:
    event = Event(
        id=event_id(SessionId.new(), sequence, at),
        type=kind,
        sequence=sequence,
        at=at,
        context=context,
        data=data,
    )
    assert event_from_document(event_to_document(event)) == event


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_given_two_sequences_then_their_items_sort_as_they_do(one: int, other: int) -> None:
    assert (events_sort(one) < events_sort(other)) == (one < other)
    assert events_sort(one) < SESSION


EVENT = Event(
    id=event_id(SessionId.new(), 1, datetime(2026, 1, 1, tzinfo=UTC)),
    type="e",
    sequence=1,
    at=datetime(2026, 1, 1, tzinfo=UTC),
)


@given(st.lists(st.integers(0, 400_000), max_size=250))
def test_given_events_of_any_size_then_chunks_keep_their_order_and_limits(
    sizes: list[int],
) -> None:
    events = [
        replace(EVENT, sequence=number, data={"pad": "x" * size})
        for number, size in enumerate(sizes, 1)
    ]
    chunks = event_chunks(events)
    assert [document["sequence"] for chunk in chunks for document in chunk] == [
        event.sequence for event in events
    ]
    for chunk in chunks:
        assert 1 <= len(chunk) <= MAX_EVENTS_PER_ITEM
        total = sum(len(document["data"]["pad"]) for document in chunk)
        assert len(chunk) == 1 or total <= MAX_BYTES_PER_ITEM


@pytest.mark.parametrize(("number", "items"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_given_small_events_then_100_stand_in_an_item(number: int, items: int) -> None:
    assert len(event_chunks([EVENT] * number)) == items


def test_given_text_outside_ascii_then_its_bytes_are_counted() -> None:
    events = [replace(EVENT, data={"pad": "é" * 100_000}) for _ in range(2)]
    assert len(event_chunks(events)) == 2
