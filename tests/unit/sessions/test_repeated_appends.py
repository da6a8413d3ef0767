"""Repeated appends under a key: appended once, with the first answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import Conflict, PreconditionFailed, Unprocessable
from shared.sessions.store import Appended
from tests.support.racing import at_once
from tests.support.storage import counted_requests
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    Store,
    Ticking,
    events,
    idempotency,
)


def test_repeated_append_returns_the_first_events(store: Store, session: CountingSession) -> None:
    first = store.add(session, 3, idempotency=idempotency())
    store.add(session, 2)
    with counted_requests() as requests:
        again = store.add(session, 1, idempotency=idempotency())
    assert requests == {"GetItem": 1, "TransactWriteItems": 1, "Query": 1}
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == first.events
    assert again.session == store.newest(session)
    with pytest.raises(Unprocessable):
        store.add(session, 1, idempotency=idempotency("other"))
    assert store.sequences(session) == [1, 2, 3, 4, 5]


def test_repeated_append_to_a_closed_session_returns_the_first_answer(
    store: Store, session: CountingSession
) -> None:
    def close(current: CountingSession) -> Any:
        if current.closed:
            raise Conflict("closed")
        return replace(current, closed=True), events(1)

    def send(*key: str, **options: Any) -> Appended[CountingSession]:
        key_of = idempotency(*key)
        return store.append(ORGANIZATION, session.id, close, idempotency=key_of, **options)

    first = send(expected_version=1)
    assert send(expected_version=1).events == first.events
    assert send().events == first.events
    with pytest.raises(Conflict, match="closed"):
        send("f", "other")
    with pytest.raises(PreconditionFailed):
        send("f", "other", expected_version=1)
    with pytest.raises(Unprocessable):
        send("other payload")


def test_repeated_append_without_events_changes_once(
    store: Store, session: CountingSession
) -> None:
    first = store.add(session, 0, idempotency=idempotency())
    again = store.add(session, 0, idempotency=idempotency())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == []
    assert again.session.count == 1


def test_key_expires_after_30_days(store: Store, session: CountingSession, clock: Ticking) -> None:
    used = clock.now
    first = store.add(session, 2, idempotency=idempotency())
    clock.now = used + timedelta(days=30) - timedelta(seconds=1)
    assert store.add(session, 2, idempotency=idempotency()).events == first.events
    # DynamoDB has not removed the receipt yet: it removes late.
    clock.now = used + timedelta(days=30, seconds=1)
    again = store.add(session, 1, idempotency=idempotency("other payload"))
    assert (again.replayed, store.sequences(session)) == (False, [1, 2, 3])
    assert store.add(session, 1, idempotency=idempotency("other payload")).replayed


def test_concurrent_appends_with_one_key_append_once(
    store: Store, session: CountingSession
) -> None:
    answers = at_once(20, lambda _: store.add(session, 2, idempotency=idempotency()))
    assert sum(not answer.replayed for answer in answers) == 1
    assert len({tuple(event.id for event in answer.events) for answer in answers}) == 1
    assert store.sequences(session) == [1, 2]
    assert store.newest(session).count == 1


def test_concurrent_appends_with_own_keys_all_append(
    store: Store, session: CountingSession
) -> None:
    at_once(10, lambda number: store.add(session, 2, idempotency=idempotency(key=str(number))))
    assert store.sequences(session) == list(range(1, 21))
