"""What is appended to a session: read back as answered, in order, or not stored at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.errors import (
    Conflict,
    TooLarge,
)
from shared.sessions.models import NewEvent, sequence_of
from shared.storage.records import Key
from tests.support.storage import counted_requests
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    Ticking,
    events,
    idempotency,
    new_session,
)
from tests.unit.sessions.counting import Store, append, counting, sequences


@pytest.mark.parametrize("number", [1, 2, 99, 100])
def test_given_events_when_appended_then_it_is_one_read_and_one_transaction_of_two_items(
    store: Store, session: CountingSession, number: int
) -> None:
    written: list[int] = []

    def note(params: Any, **_: Any) -> None:
        written.append(len(params["TransactItems"]))

    client = store.table.client
    client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", note)
    with counted_requests() as requests:
        appended = append(store, session, number)
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    assert written == [2]
    assert appended.session.last_sequence == number
    assert store.get(ORGANIZATION, session.id) == appended.session


def test_given_events_then_they_come_back_as_they_were_answered(
    store: Store, session: CountingSession
) -> None:
    first = store.append(
        ORGANIZATION,
        session.id,
        counting([NewEvent(type="a", data={"x": [1.5, None, "é"]}, context={"turn": 1})]),
    )
    second = append(store, session, 250)
    newest, read = store.read(ORGANIZATION, session.id)
    assert read == first.events + second.events
    assert newest == second.session
    assert [event.sequence for event in read] == list(range(1, 252))
    assert [sequence_of(event.id) for event in read] == list(range(1, 252))
    assert (newest.count, newest.version) == (2, 3)
    assert not first.replayed


def test_given_many_events_then_each_item_holds_100(store: Store, session: CountingSession) -> None:
    append(store, session, 250)
    found = store.table.query(
        Key(f"{ORGANIZATION}#session#{session.id.hex}", "events"), upto="events~"
    )
    assert [len(record.body["events"]) for record in found] == [100, 100, 50]


def test_given_a_session_when_read_then_one_query_brings_all_up_to_a_megabyte(
    store: Store, session: CountingSession
) -> None:
    for _ in range(5):
        append(store, session, 120)
    with counted_requests() as requests:
        assert sequences(store, session) == list(range(1, 601))
    assert requests == {"Query": 1}
    store.append(ORGANIZATION, session.id, counting(events(10, size=250_000)))
    with counted_requests() as requests:
        assert sequences(store, session) == list(range(1, 611))
    assert set(requests) == {"Query"}
    assert 3 <= requests["Query"] <= 4


def test_given_a_change_that_is_refused_then_nothing_is_stored(
    store: Store, session: CountingSession
) -> None:
    def refuse(_: CountingSession) -> Any:
        raise Conflict("closed")

    with pytest.raises(Conflict, match="closed"):
        store.append(ORGANIZATION, session.id, refuse)
    assert store.read(ORGANIZATION, session.id) == (session, [])


@pytest.mark.parametrize("size", [409_600, 1_000_000])
def test_given_an_event_that_no_item_holds_then_it_is_too_large_and_nothing_is_stored(
    store: Store, session: CountingSession, size: int
) -> None:
    new = [*events(3), *events(1, size=size)]
    with pytest.raises(TooLarge):
        store.append(ORGANIZATION, session.id, counting(new), idempotency=idempotency())
    assert store.read(ORGANIZATION, session.id) == (session, [])


def test_given_more_events_than_a_transaction_holds_then_it_is_too_large_and_nothing_is_stored(
    store: Store, session: CountingSession
) -> None:
    with pytest.raises(TooLarge):
        append(store, session, 10_000)
    assert store.read(ORGANIZATION, session.id) == (session, [])


def test_given_clocks_that_differ_then_the_log_never_runs_backwards(
    store: Store, session: CountingSession, clock: Ticking
) -> None:
    first = append(store, session, 2)
    clock.now -= timedelta(hours=1)
    store.update(ORGANIZATION, session.id, lambda session: replace(session, closed=True))
    second = append(store, session, 2)
    clock.now += timedelta(hours=2)
    third = append(store, session, 1)
    log = first.events + second.events + third.events
    assert [event.at for event in log] == sorted(event.at for event in log)
    assert [str(event.id) for event in log] == sorted(str(event.id) for event in log)
    assert second.events[0].at == first.events[-1].at
    assert third.events[0].at > datetime(2026, 1, 1, 1, tzinfo=UTC)


def test_given_marks_then_the_items_of_the_events_carry_them(
    store: Store, session: CountingSession
) -> None:
    append(store, session, 120, marks={"turn": "start"})
    found = list(
        store.table.query(Key(f"{ORGANIZATION}#session#{session.id.hex}", "events"), upto="f")
    )
    assert [record.marks for record in found] == [{"turn": "start"}] * 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    sizes=st.lists(st.integers(1, 230), max_size=5),
    afters=st.lists(st.integers(-2, 1000), min_size=3, max_size=12),
)
def test_given_any_log_when_read_behind_a_sequence_then_exactly_the_rest_comes(
    store: Store, sizes: list[int], afters: list[int]
) -> None:
    session = store.open(new_session()).session
    for size in sizes:
        append(store, session, size)
    total = sum(sizes)
    near = [border + step for border in (0, 100, 200, total) for step in (-1, 0, 1)]
    for after in afters + near:
        assert sequences(store, session, after) == list(range(max(0, after) + 1, total + 1))


def test_given_the_end_of_a_long_log_then_what_is_before_it_is_not_read(
    store: Store, session: CountingSession
) -> None:
    for _ in range(8):
        store.append(ORGANIZATION, session.id, counting(events(100, size=2_900)))
    with counted_requests() as requests:
        assert sequences(store, session, 795) == [796, 797, 798, 799, 800]
    assert requests == {"Query": 1}
