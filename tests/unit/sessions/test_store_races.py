"""Concurrent writers and readers of one session: no event lost or repeated, no gap."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from botocore.stub import Stubber

from shared.core.errors import Conflict, Unavailable
from shared.core.ids import SessionId
from shared.sessions.capturing import capture
from shared.sessions.documents import session_key
from shared.sessions.store import SessionStore
from shared.storage.contention import CONTENTION
from shared.storage.records import Key
from shared.storage.repository import Created
from shared.storage.table import Table
from shared.storage.transactions import Replace, transact
from tests.support.contention import conflicting_transactions
from tests.support.racing import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    Store,
    events,
    idempotency,
    new_session,
    sequences,
)


def test_concurrent_writers_lose_no_event_and_repeat_no_sequence(
    store: Store, session: CountingSession
) -> None:
    rounds = 3  # 36 writes: each loses to fewer than a writer tries again

    def counted(current: CountingSession) -> CountingSession:
        return replace(current, count=current.count + 1)

    def write(number: int) -> None:
        for turn in range(rounds):
            new = events(1 + number % 3, name=f"{number}.{turn}")
            if number % 4:
                store.add_events(session, new)
            else:
                store.change(ORGANIZATION, session.id, counted)

    at_once(12, write)
    newest, log = store.read(ORGANIZATION, session.id)
    written = sum(rounds * (1 + number % 3) for number in range(12) if number % 4)
    assert sequences(log) == list(range(1, written + 1))
    assert newest.last_sequence == written
    assert newest.count == 12 * rounds
    assert newest.version == 12 * rounds + 1
    # Events of one append stand together, in their order.
    groups = [event.type for event in log if event.data["n"] == 0]
    assert len(groups) == len(set(groups)) == 9 * rounds


def test_concurrent_reader_sees_a_log_without_gaps(store: Store, session: CountingSession) -> None:
    def run(number: int) -> None:
        for _ in range(8):
            if number:
                store.add(session, 3)
            else:
                seen, log = store.read(ORGANIZATION, session.id)
                assert sequences(log) == list(range(1, seen.last_sequence + 1))

    at_once(4, run)
    assert len(store.sequences(session)) == 72


@pytest.mark.parametrize("after", [0, 1, 2])
def test_append_between_the_pages_of_a_read_leaves_no_gap(
    store: Store, session: CountingSession, after: int
) -> None:
    store.add(session, 2)
    query = store.table.query

    def written_meanwhile(key: Key, *, upto: str) -> Any:
        """Read all events; then, before the session's page, others write."""
        records = list(query(key, upto=upto))
        if upto == "session":
            for _ in range(2):
                store.add(session, 150)
            records[-1:] = list(query(Key(key.partition, "session"), upto="session"))
        yield from records

    with patch.object(Table, "query", lambda _, *a, **k: written_meanwhile(*a, **k)):
        seen, log = store.read(ORGANIZATION, session.id, after=after)
    assert sequences(log) == list(range(after + 1, seen.last_sequence + 1))


def test_append_waits_for_other_transactions(
    store: Store, session: CountingSession, pauses: list[float]
) -> None:
    with conflicting_transactions(times=2) as met:
        assert store.add(session).session.last_sequence == 1
    assert len(met) == len(pauses) == 2


def test_append_is_not_repeated_when_the_database_does_not_respond(
    store: Store, session: CountingSession, table: Table
) -> None:
    loaded = store.load(ORGANIZATION, session.id)
    with Stubber(table.client) as stubber:
        stubber.add_client_error("transact_write_items", "InternalServerError")
        with pytest.raises(Unavailable):
            store.add(session, loaded=loaded)
        stubber.assert_no_pending_responses()


def test_append_gives_up_after_bounded_pauses(
    store: Store, session: CountingSession, pauses: list[float]
) -> None:
    calls = []

    def change(current: CountingSession) -> Any:
        calls.append(1)
        newest = store.table.get(session_key(ORGANIZATION, session.id))
        assert newest is not None
        transact(store.table, [Replace(newest, newest.version)])
        return current, events(1)

    with pytest.raises(Conflict, match="modified concurrently"):
        store.append(ORGANIZATION, session.id, change)
    assert len(calls) == CONTENTION.tries == len(pauses) + 1
    assert sum(pauses) < 4
    assert store.sequences(session) == []


def test_capture_of_a_session_that_another_delivery_completed_replays_it(store: Store) -> None:
    session = new_session(SessionId(idempotency().uuid()))
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def deliver() -> Created[CountingSession]:
        return capture(store, session, events(1500), at=at, idempotency=idempotency())

    with patch.object(SessionStore, "find_replay", return_value=None):  # both looked before
        assert [deliver().replayed, deliver().replayed] == [False, True]
    assert sequences(store.read(ORGANIZATION, session.id)[1]) == list(range(1, 1501))
