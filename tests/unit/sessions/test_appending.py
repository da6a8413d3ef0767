"""Appends: events are read as they were answered, in order, or not stored at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.errors import Conflict, TooLarge
from shared.sessions.domain import NewEvent, sequence_of
from tests.support.storage import counted_requests, hooked
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    Store,
    Ticking,
    create,
    events,
    idempotency,
    new_session,
    sequences,
)


@pytest.mark.parametrize("number", [1, 2, 99, 100])
def test_append_is_one_read_and_one_transaction_of_two_items(
    store: Store, session: CountingSession, number: int
) -> None:
    written: list[int] = []

    def note(params: Any, **_: Any) -> None:
        written.append(len(params["TransactItems"]))

    event = "provide-client-params.dynamodb.TransactWriteItems"
    with hooked(event, note), counted_requests() as requests:
        appended = store.add(session, number)
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    assert written == [2]
    assert appended.session.last_sequence == number
    assert store.newest(session) == appended.session


def test_appended_events_are_read_as_answered(store: Store, session: CountingSession) -> None:
    new = NewEvent(type="a", data={"x": [1.5, None, "é"]}, context={"turn": 1})
    first = store.add_events(session, [new])
    second = store.add(session, 250)
    newest, read = store.read(ORGANIZATION, session.id)
    assert read == first.events + second.events
    assert newest == second.session
    assert sequences(read) == [sequence_of(event.id) for event in read] == list(range(1, 252))
    assert (newest.count, newest.version) == (2, 3)
    assert not first.replayed


def test_read_costs_one_query_per_megabyte(store: Store, session: CountingSession) -> None:
    for _ in range(5):
        store.add(session, 120)
    with counted_requests() as requests:
        assert store.sequences(session) == list(range(1, 601))
    assert requests == {"Query": 1}
    store.add_events(session, events(10, size=250_000))  # 1.9 MB compressed
    with counted_requests() as requests:
        assert store.sequences(session) == list(range(1, 611))
    assert set(requests) == {"Query"}
    assert 2 <= requests["Query"] <= 3


def test_refused_change_stores_nothing(store: Store, session: CountingSession) -> None:
    def refuse(_: CountingSession) -> Any:
        raise Conflict("closed")

    with pytest.raises(Conflict, match="closed"):
        store.append(ORGANIZATION, session.id, refuse)
    assert store.read(ORGANIZATION, session.id) == (session, [])


@pytest.mark.parametrize(
    "new",
    [
        pytest.param([*events(3), *events(1, size=409_600)], id="event over 400 KB"),
        pytest.param([*events(3), *events(1, size=1_000_000)], id="event of 1 MB"),
        pytest.param(events(10_000), id="over 100 items"),
    ],
)
def test_oversized_append_is_too_large_and_stores_nothing(
    store: Store, session: CountingSession, new: list[NewEvent]
) -> None:
    with pytest.raises(TooLarge):
        store.add_events(session, new, idempotency=idempotency())
    assert store.read(ORGANIZATION, session.id) == (session, [])


def test_times_of_a_log_never_decrease(
    store: Store, session: CountingSession, clock: Ticking
) -> None:
    first = store.add(session, 2)
    clock.now -= timedelta(hours=1)
    store.close(session)
    second = store.add(session, 2)
    clock.now += timedelta(hours=2)
    third = store.add(session, 1)
    log = first.events + second.events + third.events
    assert [event.at for event in log] == sorted(event.at for event in log)
    assert [str(event.id) for event in log] == sorted(str(event.id) for event in log)
    assert second.events[0].at == first.events[-1].at
    assert third.events[0].at > datetime(2026, 1, 1, 1, tzinfo=UTC)


def test_stream_attributes_are_on_the_items_of_the_events(
    store: Store, session: CountingSession
) -> None:
    store.add(session, 120, stream_attributes={"turn": "start"})
    store.add(session, stream_attributes=lambda changed: {"n": str(changed.version)})
    attributes = [item.stream_attributes for item in store.items(session)]
    assert attributes == [{"turn": "start"}, {"turn": "start"}, {"n": "3"}]
    assert [len(item) for item in store.stored_sequences(session)] == [100, 20, 1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    sizes=st.lists(st.integers(1, 230), max_size=5),
    afters=st.lists(st.integers(-2, 1000), min_size=3, max_size=12),
)
def test_read_behind_any_sequence_returns_exactly_the_rest(
    store: Store, sizes: list[int], afters: list[int]
) -> None:
    session = create(store, new_session()).entity
    for size in sizes:
        store.add(session, size)
    total = sum(sizes)
    near = [border + step for border in (0, 100, 200, total) for step in (-1, 0, 1)]
    for after in afters + near:
        assert store.sequences(session, after) == list(range(max(0, after) + 1, total + 1))


def test_read_of_the_end_of_a_log_skips_what_is_before(
    store: Store, session: CountingSession
) -> None:
    for _ in range(8):
        store.add_events(session, events(100, size=2_900))
    with counted_requests() as requests:
        assert store.sequences(session, 795) == [796, 797, 798, 799, 800]
    assert requests == {"Query": 1}
