"""Event documents: round trip without loss, and nothing stored twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import EventId, SessionId
from shared.core.json import dumps
from shared.sessions.domain import Event, event_id
from shared.sessions.event_documents import (
    MAX_BYTES_PER_ITEM,
    MAX_EVENTS_PER_ITEM,
    event_items,
    events_of,
)
from shared.storage.records import Key, Record, from_item, to_item

SESSION = SessionId.new()
PARTITION = f"org_{'0' * 32}#session#{SESSION.hex}"
AT = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
#: Few names and values, so that data and contexts often say the same, or nearly so.
NAME = st.sampled_from(["turn_id", "input_message_id", "x", ""])
VALUE = st.sampled_from(["turn_1", "", 1, 1.0, True, None]) | st.text() | st.lists(st.text())
DATA = st.dictionaries(NAME, VALUE)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Draw a part of a log: any times, contexts and ids, its sequences without a gap."""
    first = draw(st.integers(1, 10**6))
    events = []
    for sequence in range(first, first + draw(st.integers(1, 8))):
        at = draw(st.just(AT) | MOMENTS)
        own = event_id(SESSION, sequence, at)
        events.append(
            Event(
                id=draw(st.just(own) | st.builds(EventId, st.uuids())),
                type=draw(st.text()),
                sequence=sequence,
                at=at,
                context=draw(st.just({"turn_id": "turn_1"}) | DATA),
                data=draw(DATA),
            )
        )
    return events


def event(sequence: int, **fields: Any) -> Event:
    return Event(
        id=event_id(SESSION, sequence, AT), type="said", sequence=sequence, at=AT, **fields
    )


def stored(events: list[Event]) -> list[Record]:
    return [from_item(to_item(item, shards=1)) for item in event_items(PARTITION, events)]


@given(logs())
def test_events_round_trip_through_items(events: list[Event]) -> None:
    read = [event for item in stored(events) for event in events_of(item)]
    assert read == events
    # Python takes 1, 1.0 and true for equal; a client does not.
    assert [_json(one) for one in read] == [_json(one) for one in events]


def _json(one: Event) -> tuple[str, dict[str, str]]:
    return dumps(one.context), {name: dumps(value) for name, value in one.data.items()}


def test_shared_fields_of_events_are_stored_once() -> None:
    context = {"turn_id": f"turn_{'1' * 32}", "input_message_id": f"message_{'2' * 32}"}
    events = [event(n, context=context, data=context | {"n": n}) for n in range(1, 6)]
    [item] = stored(events)
    text = dumps(item.body)
    assert events_of(item) == events
    assert [text.count(value) for value in context.values()] == [1, 1]
    assert events[0].id.hex not in text


@pytest.mark.parametrize("context", [{}, {"turn_id": "turn_1"}])
def test_item_of_the_first_form_can_be_read(context: dict[str, Any]) -> None:
    expected = [event(5, data={"turn_id": "turn_1"}, context=context), event(6)]
    item = Record(
        key=Key(PARTITION, "events#000000000005"),
        type="events",
        body={
            "events": [
                {
                    "id": one.id.hex,
                    "type": one.type,
                    "sequence": one.sequence,
                    "at": "2026-01-01T00:00:00.000000Z",
                    "context": one.context,
                    "data": one.data,
                }
                for one in expected
            ]
        },
    )
    assert events_of(item) == expected


@given(st.lists(st.integers(0, 400_000), max_size=250))
def test_items_keep_order_and_limits_for_any_sizes(sizes: list[int]) -> None:
    events = [event(number, data={"pad": "x" * size}) for number, size in enumerate(sizes, 1)]
    items = [events_of(item) for item in event_items(PARTITION, events)]
    assert [one for item in items for one in item] == events
    for item in items:
        assert 1 <= len(item) <= MAX_EVENTS_PER_ITEM
        total = sum(len(one.data["pad"]) for one in item)
        assert len(item) == 1 or total <= MAX_BYTES_PER_ITEM


@pytest.mark.parametrize(("number", "items"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_item_holds_100_small_events(number: int, items: int) -> None:
    assert len(event_items(PARTITION, [event(n) for n in range(1, number + 1)])) == items


def test_bytes_are_counted_outside_ascii() -> None:
    events = [event(number, data={"pad": "é" * 100_000}) for number in (1, 2)]
    assert len(event_items(PARTITION, events)) == 2


def test_item_is_keyed_by_its_first_event_and_has_the_stream_attributes() -> None:
    later = replace(event(8), at=AT + timedelta(seconds=1))
    [item] = event_items(PARTITION, [event(7), later], {"turn": "completed"})
    assert item.key == Key(PARTITION, "events#000000000007")
    assert item.stream_attributes == {"turn": "completed"}
