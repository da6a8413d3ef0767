"""Appends to a loaded session, and reads of a part of a log."""

import pytest

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.sessions.domain import NewEvent
from shared.sessions.log_reading import newest_events
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Create
from tests.support.storage import counted_requests
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    Store,
    events,
    partition,
    sequences,
)


class Over(Exception):
    """The writer's time is over."""


def test_append_to_a_loaded_session_is_one_transaction(
    store: Store, session: CountingSession
) -> None:
    loaded = store.load(ORGANIZATION, session.id)
    with counted_requests() as requests:
        first = store.add(session, 2, loaded=loaded)
        second = store.add(session, 1, loaded=first.loaded)
    assert requests == {"TransactWriteItems": 2}
    assert sequences(second.events) == [3]
    assert store.newest(session) == second.session


def test_append_to_an_outdated_session_sees_the_newest(
    store: Store, session: CountingSession
) -> None:
    loaded = store.load(ORGANIZATION, session.id)
    store.add(session)
    assert sequences(store.add(session, loaded=loaded).events) == [2]


def test_change_that_raises_writes_nothing(store: Store, session: CountingSession) -> None:
    loaded = store.load(ORGANIZATION, session.id)
    taken = store.add(session).session

    def unless_taken(found: CountingSession) -> tuple[CountingSession, list[NewEvent]]:
        if found.last_sequence:
            raise Over
        return found, events(1)

    key = Key(partition(session), "tool#notes")
    also = [Create(Record(key=key, type="notes", body={}))]
    with pytest.raises(Over):
        store.append(ORGANIZATION, session.id, unless_taken, loaded=loaded, also=also)
    assert store.newest(session) == taken
    assert store.table.get(key) is None
    store.add(session, also=also)
    assert store.table.get(key) is not None


@pytest.fixture
def log(store: Store, session: CountingSession) -> CountingSession:
    """A session with 12 events: 1 to 5 together, 6, 7 to 12 together."""
    for new in (events(5, size=100), events(1), events(6)):
        store.add_events(session, new)
    return session


@pytest.mark.parametrize(
    ("after", "found", "requests"),
    [
        (0, range(1, 13), 1),
        (5, range(6, 13), 1),
        (6, range(7, 13), 1),
        (3, range(4, 13), 2),
        (9, range(10, 13), 2),
        (12, range(0), 0),
        (99, range(0), 0),
    ],
)
def test_read_part_continues_behind_a_sequence(
    store: Store, log: CountingSession, after: int, found: range, requests: int
) -> None:
    with counted_requests() as counts:
        _, read = store.read_part(ORGANIZATION, log.id, after=after, max_bytes=100_000)
    assert sequences(read) == list(found)
    assert counts["Query"] == requests
    assert counts["GetItem"] == 1


def test_read_part_ends_with_a_whole_item(store: Store, log: CountingSession) -> None:
    _, found = store.read_part(ORGANIZATION, log.id, after=0, max_bytes=1)
    assert sequences(found) == [1, 2, 3, 4, 5]
    _, found = store.read_part(ORGANIZATION, log.id, after=2, max_bytes=1)
    assert found[0].sequence == 3


def test_read_part_of_another_organization_is_not_found(store: Store, log: CountingSession) -> None:
    with pytest.raises(NotFound):
        store.read_part(OrganizationId.new(), log.id, after=0, max_bytes=1000)


@pytest.mark.parametrize(
    ("max_items", "max_bytes", "first"), [(9, 10**6, 1), (2, 10**6, 6), (9, 1, 7)]
)
def test_newest_events_honor_their_limits(
    table: Table, log: CountingSession, max_items: int, max_bytes: int, first: int
) -> None:
    with counted_requests() as counts:
        found = newest_events(table, log, last=12, max_items=max_items, max_bytes=max_bytes)
    assert sequences(found) == list(range(first, 13))
    assert counts == {"Query": 1}


def test_newest_events_of_an_empty_log_are_empty(table: Table, session: CountingSession) -> None:
    assert newest_events(table, session, last=0, max_items=5, max_bytes=100) == []


@pytest.mark.parametrize("after", range(13))
def test_newest_events_behind_a_sequence_are_complete(
    table: Table, log: CountingSession, after: int
) -> None:
    found = newest_events(table, log, after=after, last=12, max_items=9, max_bytes=10**6)
    assert sequences(found) == list(range(after + 1, 13))
