"""Session store: creates, changes and deletes of sessions that have a log."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.core.errors import NotFound, PreconditionFailed, Unprocessable
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.sessions.domain import NewEvent
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM
from shared.sessions.event_lookup import find_event
from shared.storage.table import Table
from shared.storage.tombstones import DELETED
from shared.storage.transactions import Delete, transact
from tests.support.racing import at_once, succeeds
from tests.support.storage import counted_requests
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingCodec,
    CountingSession,
    Store,
    counting,
    create,
    events,
    idempotency,
    new_session,
)

#: Every operation on one session of an organization.
OPERATIONS: list[Callable[[Store, OrganizationId, SessionId], Any]] = [
    lambda store, organization, session: store.get(organization, session),
    lambda store, organization, session: store.read(organization, session),
    lambda store, organization, session: store.read_part(
        organization, session, after=0, max_bytes=1000
    ),
    lambda store, organization, session: store.append(organization, session, counting(events(1))),
    lambda store, organization, session: store.change(organization, session, lambda found: found),
    lambda store, organization, session: store.delete(organization, session),
]


class OtherCodec(CountingCodec):
    kind = CountingCodec.kind.EVALUATION


def test_repeated_create_after_append_and_change_returns_the_first_answer(store: Store) -> None:
    identifier = SessionId(idempotency().uuid())
    first = create(store, new_session(identifier), idempotency())
    store.add(first.entity, 3)
    store.close(first.entity)
    later = replace(new_session(identifier), count=9)
    again = create(store, later, idempotency())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.entity == first.entity
    with pytest.raises(Unprocessable):
        create(store, later, idempotency("other"))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_unknown_foreign_deleted_or_other_kinds_session_is_not_found(
    table: Table,
    store: Store,
    session: CountingSession,
    operation: Callable[[Store, OrganizationId, SessionId], Any],
) -> None:
    other_kind = Store(table, OtherCodec())
    deleted = create(store, new_session()).entity
    store.add(deleted, 3)
    assert store.delete(ORGANIZATION, deleted.id).last_sequence == 3
    for arguments in (
        (store, ORGANIZATION, SessionId.new()),
        (store, OrganizationId.new(), session.id),
        (other_kind, ORGANIZATION, session.id),
        (store, ORGANIZATION, deleted.id),
    ):
        with pytest.raises(NotFound, match="Session not found"):
            operation(*arguments)
    assert store.newest(session) == session
    assert other_kind.get_many(ORGANIZATION, [session.id]) == {}


def test_get_many_is_one_request_for_existing_sessions(
    store: Store, session: CountingSession
) -> None:
    other, deleted = (create(store, new_session()).entity for _ in range(2))
    store.delete(ORGANIZATION, deleted.id)
    with counted_requests() as requests:
        found = store.get_many(
            ORGANIZATION, [session.id, SessionId.new(), deleted.id, other.id, session.id]
        )
    assert found == {session.id: session, other.id: other}
    assert requests == {"BatchGetItem": 1}


@pytest.mark.parametrize("new", [[], events(1)])
def test_append_to_a_session_removed_meanwhile_raises_not_found(
    table: Table, store: Store, session: CountingSession, new: list[NewEvent]
) -> None:
    def remove_first(current: CountingSession) -> Any:
        transact(table, [Delete(session_key(ORGANIZATION, session.id))])
        return current, new

    with pytest.raises(NotFound, match="Session not found"):
        store.append(ORGANIZATION, session.id, remove_first)


def test_append_to_a_session_loaded_before_its_delete_writes_nothing(
    store: Store, session: CountingSession, table: Table
) -> None:
    loaded = store.load(ORGANIZATION, session.id)
    store.delete(ORGANIZATION, session.id)

    with pytest.raises(NotFound):
        store.add(session, 2, loaded=loaded)

    assert store.items(session) == []
    tombstone = table.get(session_key(ORGANIZATION, session.id))
    assert tombstone is not None
    assert tombstone.index_entries == {}
    assert tombstone.stream_attributes == DELETED
    assert "tags" not in tombstone.body


def test_delete_among_concurrent_appends_succeeds(store: Store, session: CountingSession) -> None:
    def write(number: int) -> bool:
        if number == 3:
            return succeeds(lambda: store.delete(ORGANIZATION, session.id), NotFound)
        return succeeds(lambda: store.add(session), NotFound)

    assert at_once(8, write)[3]
    with pytest.raises(NotFound):
        store.newest(session)


def test_stale_version_fails_and_changes_nothing(store: Store, session: CountingSession) -> None:
    closed = store.close(session, expected_version=1)
    assert (closed.closed, closed.version) == (True, 2)
    with pytest.raises(PreconditionFailed):
        store.close(session, expected_version=1)
    with pytest.raises(PreconditionFailed):
        store.add(session, expected_version=1)
    assert store.newest(session) == closed
    assert store.add(session, expected_version=2).session.version == 3


def test_concurrent_appends_at_one_expected_version_succeed_once(
    store: Store, session: CountingSession
) -> None:
    def write(_: int) -> bool:
        return succeeds(lambda: store.add(session, expected_version=1), PreconditionFailed)

    assert sum(at_once(10, write)) == 1
    assert store.sequences(session) == [1]


def test_event_is_found_by_one_query(store: Store, session: CountingSession) -> None:
    for count in (1, MAX_EVENTS_PER_ITEM + 3, 2, MAX_EVENTS_PER_ITEM):
        store.add(session, count)
    last = 2 * MAX_EVENTS_PER_ITEM + 6
    with counted_requests() as requests:
        found = [find_event(store.table, ORGANIZATION, session.id, n) for n in range(1, last + 1)]
    assert [event.sequence for event in found if event] == list(range(1, last + 1))
    assert requests == {"Query": last}


@pytest.mark.parametrize("sequence", [0, 4, 5, 2**32])
def test_missing_or_foreign_event_is_not_found(
    store: Store, session: CountingSession, sequence: int
) -> None:
    store.add(session, 3)
    assert find_event(store.table, ORGANIZATION, session.id, sequence) is None
    assert find_event(store.table, OrganizationId.new(), session.id, 1) is None
