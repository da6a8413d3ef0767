"""The store of sessions: opened once, found by their own, changed at the version known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.core.errors import (
    NotFound,
    PreconditionFailed,
    Unprocessable,
)
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Refused, delete
from tests.support.storage import counted_requests
from tests.support.threads import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    OtherCodec,
    events,
    idempotency,
    new_session,
)
from tests.unit.sessions.counting import Store, append, counting, sequences


def test_given_a_new_session_when_opened_then_it_can_be_read(store: Store) -> None:
    with counted_requests() as requests:
        opened = store.open(new_session())
    assert requests == {"PutItem": 1}
    with counted_requests() as requests:
        assert store.get(ORGANIZATION, opened.session.id) == opened.session
    assert requests == {"GetItem": 1}
    assert opened.session.version == 1
    assert opened.session.last_sequence == 0


def test_given_an_idempotency_key_when_opened_again_then_the_first_answer_comes_back(
    store: Store,
) -> None:
    identifier = SessionId(idempotency().uuid())
    first = store.open(new_session(identifier), idempotency())
    append(store, first.session, 3)
    store.update(ORGANIZATION, identifier, lambda session: replace(session, closed=True))
    later = replace(new_session(identifier), count=9)
    again = store.open(later, idempotency())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.session == first.session
    with pytest.raises(Unprocessable):
        store.open(later, idempotency("other"))


def test_given_further_items_when_opened_then_all_are_written_or_none(store: Store) -> None:
    further = Record(key=Key(f"{ORGANIZATION}#name", "name"), type="name", body={})
    with counted_requests() as requests:
        first = store.open(new_session(), also=[further])
    assert requests == {"TransactWriteItems": 1}
    assert store.get(ORGANIZATION, first.session.id) == first.session
    second = new_session()
    with pytest.raises(Refused):
        store.open(second, also=[further])
    with pytest.raises(NotFound):
        store.get(ORGANIZATION, second.id)


def test_given_further_items_and_a_key_when_raced_then_all_get_one_session(store: Store) -> None:
    identifier = SessionId(idempotency().uuid())

    def open_it(number: int) -> Any:
        further = Record(key=Key(f"{ORGANIZATION}#name", "name"), type="name", body={})
        session = replace(new_session(identifier), count=number)
        return store.open(session, idempotency(), also=[further])

    opened = at_once(20, open_it)
    assert sum(not answer.replayed for answer in opened) == 1
    assert len({answer.session.count for answer in opened}) == 1


def test_given_an_unknown_a_foreign_or_another_kinds_id_then_it_is_not_found(
    table: Table, store: Store, session: CountingSession
) -> None:
    calls: list[Callable[[Store, OrganizationId, SessionId], Any]] = [
        lambda store, organization, identifier: store.get(organization, identifier),
        lambda store, organization, identifier: store.read(organization, identifier),
        lambda store, organization, identifier: store.append(
            organization, identifier, counting(events(1))
        ),
        lambda store, organization, identifier: store.update(
            organization, identifier, lambda session: session
        ),
    ]
    other_kind = SessionStore(table, OtherCodec())
    wrong = [
        (store, ORGANIZATION, SessionId.new()),
        (store, OrganizationId.new(), session.id),
        (other_kind, ORGANIZATION, session.id),
    ]
    for call in calls:
        for arguments in wrong:
            with pytest.raises(NotFound, match="Session not found"):
                call(*arguments)
    assert store.get(ORGANIZATION, session.id) == session
    assert store.get_many(ORGANIZATION, [session.id, SessionId.new()]) == {session.id: session}
    assert other_kind.get_many(ORGANIZATION, [session.id]) == {}


def test_given_a_session_that_is_deleted_meanwhile_then_the_writer_hears_it_is_gone(
    table: Table, store: Store, session: CountingSession
) -> None:
    def delete_first(new: list[NewEvent]) -> Callable[[Any], Any]:
        def change(current: CountingSession) -> Any:
            delete(table, Key(f"{ORGANIZATION}#session#{session.id.hex}", "session"))
            return current, new

        return change

    for new in ([], events(1)):
        with pytest.raises(NotFound, match="Session not found"):
            store.append(ORGANIZATION, session.id, delete_first(new))
        store.open(new_session(session.id))


def test_given_a_change_without_events_then_it_is_one_read_and_one_put(
    store: Store, session: CountingSession
) -> None:
    with counted_requests() as requests:
        changed = store.update(ORGANIZATION, session.id, lambda session: replace(session, count=5))
    assert requests == {"GetItem": 1, "PutItem": 1}
    assert changed == store.get(ORGANIZATION, session.id)
    assert (changed.count, changed.version) == (5, 2)


def test_given_a_stale_version_then_the_precondition_fails_and_nothing_changes(
    store: Store, session: CountingSession
) -> None:
    store.update(ORGANIZATION, session.id, lambda session: session, expected_version=1)
    with pytest.raises(PreconditionFailed):
        store.update(
            ORGANIZATION,
            session.id,
            lambda session: replace(session, count=9),
            expected_version=1,
        )
    with pytest.raises(PreconditionFailed):
        append(store, session, 1, expected_version=1)
    assert store.get(ORGANIZATION, session.id).count == 0
    assert append(store, session, 1, expected_version=2).session.version == 3


def test_given_racers_with_one_expected_version_then_one_of_them_changes_it(
    store: Store, session: CountingSession
) -> None:
    def write(_: int) -> bool:
        try:
            append(store, session, 1, expected_version=1)
        except PreconditionFailed:
            return False
        return True

    assert sum(at_once(10, write)) == 1
    assert sequences(store, session) == [1]
