"""Appending with a session in hand, marks that depend on it, and reading a part of a log."""

import pytest

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.log_reading import newest_events
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Create
from tests.support.storage import counted_requests
from tests.unit.sessions.conftest import ORGANIZATION, CountingSession, events

type Store = SessionStore[CountingSession]


class Over(Exception):
    """The writer's time is over."""


def test_given_a_session_in_hand_then_each_append_is_one_transaction(
    store: Store, session: CountingSession
) -> None:
    held = store.hold(ORGANIZATION, session.id)
    with counted_requests() as requests:
        first = store.append(ORGANIZATION, session.id, lambda s: (s, events(2)), held=held)
        second = store.append(ORGANIZATION, session.id, lambda s: (s, events(1)), held=first.held)
    assert requests == {"TransactWriteItems": 2}
    assert [event.sequence for event in second.events] == [3]
    assert store.get(ORGANIZATION, session.id) == second.session


def test_given_another_writer_came_first_then_the_change_sees_the_newest_session(
    store: Store, session: CountingSession
) -> None:
    held = store.hold(ORGANIZATION, session.id)
    store.append(ORGANIZATION, session.id, lambda s: (s, events(1)))

    appended = store.append(ORGANIZATION, session.id, lambda s: (s, events(1)), held=held)

    assert [event.sequence for event in appended.events] == [2]


def test_given_a_change_that_gives_up_then_nothing_is_written(
    store: Store, session: CountingSession
) -> None:
    held = store.hold(ORGANIZATION, session.id)
    taken = store.append(ORGANIZATION, session.id, lambda s: (s, events(1))).session

    def unless_taken(found: CountingSession) -> tuple[CountingSession, list[NewEvent]]:
        if found.last_sequence:
            raise Over
        return found, events(1)

    with pytest.raises(Over):
        store.append(ORGANIZATION, session.id, unless_taken, held=held)
    assert store.get(ORGANIZATION, session.id) == taken


def test_given_marks_that_depend_on_the_session_then_the_events_carry_them(
    store: Store, session: CountingSession, table: Table
) -> None:
    store.append(
        ORGANIZATION, session.id, lambda s: (s, events(1)), marks=lambda s: {"n": str(s.version)}
    )
    record = table.get(Key(f"{ORGANIZATION}#session#{session.id.hex}", "events#000000000001"))
    assert record is not None
    assert record.marks == {"n": "2"}


def test_given_a_further_item_then_it_is_written_with_the_append_or_not_at_all(
    store: Store, session: CountingSession, table: Table
) -> None:
    key = Key(f"{ORGANIZATION}#session#{session.id.hex}", "tool#notes")
    also = [Create(Record(key=key, type="notes", body={}))]

    def refuse(_: CountingSession) -> tuple[CountingSession, list[NewEvent]]:
        raise Over

    with pytest.raises(Over):
        store.append(ORGANIZATION, session.id, refuse, also=also)
    assert table.get(key) is None
    store.append(ORGANIZATION, session.id, lambda s: (s, events(1)), also=also)
    assert table.get(key) is not None


@pytest.fixture
def log(store: Store, session: CountingSession) -> SessionId:
    """A session with 12 events: 1 to 5 together, 6, 7 to 12 together."""
    for new in (events(5, size=100), events(1), events(6)):
        store.append(ORGANIZATION, session.id, lambda s: (s, new))  # noqa: B023  # called at once
    return session.id


@pytest.mark.parametrize(
    ("after", "sequences", "requests"),
    [
        (0, range(1, 13), 1),
        (5, range(6, 13), 1),
        (6, range(7, 13), 1),
        (3, range(4, 13), 2),
        (9, range(10, 13), 2),
        (12, [], 0),
        (99, [], 0),
    ],
)
def test_given_a_place_in_the_log_then_reading_goes_on_behind_it(
    store: Store, log: SessionId, after: int, sequences: range, requests: int
) -> None:
    with counted_requests() as counts:
        _, found = store.read_part(ORGANIZATION, log, after=after, max_bytes=100_000)
    assert [event.sequence for event in found] == list(sequences)
    assert counts["Query"] == requests
    assert counts["GetItem"] == 1


def test_given_a_limit_then_a_part_ends_with_a_whole_item(store: Store, log: SessionId) -> None:
    _, found = store.read_part(ORGANIZATION, log, after=0, max_bytes=1)
    assert [event.sequence for event in found] == [1, 2, 3, 4, 5]
    _, found = store.read_part(ORGANIZATION, log, after=2, max_bytes=1)
    assert found[0].sequence == 3


def test_given_another_organization_then_there_is_no_part_to_read(
    store: Store, log: SessionId
) -> None:
    with pytest.raises(NotFound):
        store.read_part(OrganizationId.new(), log, after=0, max_bytes=1000)


@pytest.mark.parametrize(
    ("max_items", "max_bytes", "first"), [(9, 10**6, 1), (2, 10**6, 6), (9, 1, 7)]
)
def test_given_limits_then_the_end_of_the_log_is_read(
    table: Table, log: SessionId, max_items: int, max_bytes: int, first: int
) -> None:
    partition = f"{ORGANIZATION}#session#{log.hex}"
    with counted_requests() as counts:
        found = newest_events(table, partition, last=12, max_items=max_items, max_bytes=max_bytes)
    assert [event.sequence for event in found] == list(range(first, 13))
    assert counts == {"Query": 1}


def test_given_an_empty_log_then_its_end_is_empty(table: Table, session: CountingSession) -> None:
    partition = f"{ORGANIZATION}#session#{session.id.hex}"
    assert newest_events(table, partition, last=0, max_items=5, max_bytes=100) == []


@pytest.mark.parametrize("after", range(13))
def test_given_a_place_then_the_end_of_the_log_behind_it_is_read(
    table: Table, log: SessionId, after: int
) -> None:
    partition = f"{ORGANIZATION}#session#{log.hex}"
    found = newest_events(table, partition, after=after, last=12, max_items=9, max_bytes=10**6)
    assert [event.sequence for event in found] == list(range(after + 1, 13))
