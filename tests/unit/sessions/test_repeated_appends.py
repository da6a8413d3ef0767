"""Appends that come again under their key: made once, and answered as at first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import (
    Conflict,
    PreconditionFailed,
    Unprocessable,
)
from shared.sessions.store import Appended, SessionStore
from shared.storage.table import Table
from tests.support.storage import counted_requests
from tests.support.threads import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingCodec,
    CountingSession,
    Ticking,
    events,
    idempotency,
)
from tests.unit.sessions.counting import Store, append, sequences


def test_given_an_idempotency_key_when_appended_again_then_the_first_events_come_back(
    store: Store, session: CountingSession
) -> None:
    first = append(store, session, 3, idempotency=idempotency())
    append(store, session, 2)
    with counted_requests() as requests:
        again = append(store, session, 1, idempotency=idempotency())
    assert requests == {"GetItem": 1, "TransactWriteItems": 1, "Query": 1}
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == first.events
    assert again.session == store.get(ORGANIZATION, session.id)
    assert sequences(store, session) == [1, 2, 3, 4, 5]


def test_given_a_used_key_when_sent_with_another_payload_then_it_is_refused(
    store: Store, session: CountingSession
) -> None:
    append(store, session, 1, idempotency=idempotency())
    with pytest.raises(Unprocessable):
        append(store, session, 1, idempotency=idempotency("other"))
    assert sequences(store, session) == [1]


def test_given_a_used_key_and_a_session_that_takes_no_more_then_the_first_answer_comes_back(
    store: Store, session: CountingSession
) -> None:
    def close(current: CountingSession) -> Any:
        if current.closed:
            raise Conflict("closed")
        return replace(current, closed=True), events(1)

    def send(**options: Any) -> Appended[CountingSession]:
        return store.append(ORGANIZATION, session.id, close, idempotency=idempotency(), **options)

    first = send(expected_version=1)
    assert send(expected_version=1).events == first.events
    assert send().events == first.events
    with pytest.raises(Conflict, match="closed"):
        store.append(ORGANIZATION, session.id, close, idempotency=idempotency(key="other"))
    with pytest.raises(PreconditionFailed):
        store.append(
            ORGANIZATION,
            session.id,
            close,
            expected_version=1,
            idempotency=idempotency(key="other"),
        )
    with pytest.raises(Unprocessable):
        store.append(ORGANIZATION, session.id, close, idempotency=idempotency("other payload"))


def test_given_a_key_and_no_events_when_repeated_then_the_change_is_made_once(
    store: Store, session: CountingSession
) -> None:
    first = append(store, session, 0, idempotency=idempotency())
    again = append(store, session, 0, idempotency=idempotency())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == []
    assert again.session.count == 1


def test_given_a_key_used_a_month_ago_then_it_is_as_if_it_had_not_been_used(
    table: Table, session: CountingSession, clock: Ticking
) -> None:
    store = SessionStore(
        Table(table.client, table.name, shards=3, clock=clock), CountingCodec(), clock
    )
    used = clock.now
    first = append(store, session, 2, idempotency=idempotency())
    clock.now = used + timedelta(days=30) - timedelta(seconds=1)
    assert append(store, session, 2, idempotency=idempotency()).events == first.events
    # DynamoDB has not removed the receipt yet: it removes late.
    clock.now = used + timedelta(days=30, seconds=1)
    again = append(store, session, 1, idempotency=idempotency("other payload"))
    assert (again.replayed, sequences(store, session)) == (False, [1, 2, 3])
    assert append(store, session, 1, idempotency=idempotency("other payload")).replayed


def test_given_20_racers_with_one_key_then_the_events_are_added_once(
    store: Store, session: CountingSession
) -> None:
    answers = at_once(20, lambda _: append(store, session, 2, idempotency=idempotency()))
    assert sum(not answer.replayed for answer in answers) == 1
    assert len({tuple(event.id for event in answer.events) for answer in answers}) == 1
    assert sequences(store, session) == [1, 2]
    assert store.get(ORGANIZATION, session.id).count == 1


def test_given_racers_with_keys_of_their_own_then_each_adds_its_events(
    store: Store, session: CountingSession
) -> None:
    at_once(10, lambda number: append(store, session, 2, idempotency=idempotency(key=str(number))))
    assert sequences(store, session) == list(range(1, 21))
