"""Deleting a session: gone at once, removed in the background, in the way of nobody."""

from datetime import timedelta

import pytest
from botocore.stub import Stubber

from shared.core.errors import Conflict, NotFound, PreconditionFailed, Unprocessable
from shared.core.ids import SessionId
from shared.sessions.deletion import DELETED, KEPT_FOR
from shared.sessions.documents import EVENTS, session_key
from shared.sessions.store import SessionStore
from shared.storage.counters import added
from shared.storage.purging import purge_partition
from shared.storage.table import Table
from shared.storage.transactions import Add
from tests.support.lost_answers import lost_answers
from tests.support.threads import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingCodec,
    CountingSession,
    Ticking,
    events,
    idempotency,
    new_session,
)

type Store = SessionStore[CountingSession]


def partition(session: CountingSession) -> str:
    return session_key(ORGANIZATION, session.id).partition


def test_given_a_session_when_deleted_then_nobody_finds_it(
    store: Store, session: CountingSession
) -> None:
    store.append(ORGANIZATION, session.id, lambda s: (s, events(3)))

    was = store.delete(ORGANIZATION, session.id)

    assert was.last_sequence == 3
    for look in (
        lambda: store.get(ORGANIZATION, session.id),
        lambda: store.read(ORGANIZATION, session.id),
        lambda: store.read_part(ORGANIZATION, session.id, after=0, max_bytes=1000),
        lambda: store.append(ORGANIZATION, session.id, lambda s: (s, events(1))),
        lambda: store.update(ORGANIZATION, session.id, lambda s: s),
        lambda: store.delete(ORGANIZATION, session.id),
    ):
        with pytest.raises(NotFound):
            look()
    assert store.get_many(ORGANIZATION, [session.id]) == {}


def test_given_a_writer_that_holds_the_session_when_deleted_then_it_writes_nothing(
    store: Store, session: CountingSession, table: Table
) -> None:
    held = store.hold(ORGANIZATION, session.id)
    store.delete(ORGANIZATION, session.id)

    with pytest.raises(NotFound):
        store.append(ORGANIZATION, session.id, lambda s: (s, events(2)), held=held)

    assert purge_partition(table, partition(session), keep="session")
    grave = table.get(session_key(ORGANIZATION, session.id))
    assert grave is not None
    assert grave.rows == {}
    assert grave.marks == DELETED
    assert "tags" not in grave.body


def test_given_another_version_then_it_is_not_deleted(
    store: Store, session: CountingSession
) -> None:
    with pytest.raises(PreconditionFailed):
        store.delete(ORGANIZATION, session.id, expected_version=7)
    assert store.get(ORGANIZATION, session.id) == session


def test_given_writers_at_once_then_it_is_deleted_all_the_same(
    store: Store, session: CountingSession
) -> None:
    def write(number: int) -> str:
        try:
            if number == 3:
                store.delete(ORGANIZATION, session.id)
            else:
                store.append(ORGANIZATION, session.id, lambda s: (s, events(1)))
        except NotFound:
            return "gone"
        return "done"

    results = at_once(8, write)

    assert results[3] == "done"
    with pytest.raises(NotFound):
        store.get(ORGANIZATION, session.id)


def test_given_a_transaction_at_the_session_then_the_deletion_waits_for_it(
    store: Store, session: CountingSession, table: Table
) -> None:
    key = session_key(ORGANIZATION, session.id).attributes()
    found = {"Item": table.client.get_item(TableName=table.name, Key=key)["Item"]}
    with Stubber(table.client) as stubber:
        stubber.add_response("get_item", found)
        stubber.add_client_error("put_item", "TransactionConflictException")
        stubber.add_response("get_item", found)
        stubber.add_response("put_item", {})
        assert store.delete(ORGANIZATION, session.id) == session
        stubber.assert_no_pending_responses()


def test_given_a_deleted_session_when_its_create_is_repeated_then_none_is_opened(
    store: Store, clock: Ticking
) -> None:
    opened = store.open(new_session(SessionId(idempotency().uuid())), idempotency()).session
    store.delete(ORGANIZATION, opened.id)

    for also in ([], [session_marker()]):
        with pytest.raises(Conflict, match="has been deleted"):
            store.open(opened, idempotency(), also)
        with pytest.raises(Unprocessable):
            store.open(opened, idempotency("other"), also)
    with pytest.raises(NotFound):
        store.get(ORGANIZATION, opened.id)


def test_given_the_tombstone_has_expired_then_the_key_opens_a_new_session(
    dynamodb_table: object, table: Table, clock: Ticking
) -> None:
    table = Table(table.client, table.name, shards=3, clock=clock)
    store = SessionStore(table, CountingCodec(), clock)
    opened = store.open(new_session(SessionId(idempotency().uuid())), idempotency()).session
    store.delete(ORGANIZATION, opened.id)
    clock.now += timedelta(seconds=KEPT_FOR)

    again = store.open(opened, idempotency())

    assert not again.replayed
    assert store.get(ORGANIZATION, opened.id) == opened


def test_given_the_answer_is_lost_then_it_is_deleted_once(
    store: Store, session: CountingSession
) -> None:
    with lost_answers():
        store.delete(ORGANIZATION, session.id)
    with pytest.raises(NotFound):
        store.get(ORGANIZATION, session.id)


def test_given_5000_events_then_all_are_removed_in_as_many_runs_as_it_takes(
    store: Store, session: CountingSession, table: Table
) -> None:
    for _ in range(50):
        store.append(ORGANIZATION, session.id, lambda s: (s, events(100, size=10)))
    store.delete(ORGANIZATION, session.id)
    rest = iter([True] * 1 + [False])

    assert not purge_partition(
        table, partition(session), keep="session", may_go_on=lambda: next(rest)
    )
    assert purge_partition(table, partition(session), keep="session")
    assert purge_partition(table, partition(session), keep="session")

    found = list(table.query(session_key(ORGANIZATION, session.id), upto="~"))
    assert [record.key.sort for record in found] == ["session"]
    assert not any(record.type == EVENTS for record in found)


def session_marker() -> Add:
    return added(f"{ORGANIZATION}#things", 1, token="x")
