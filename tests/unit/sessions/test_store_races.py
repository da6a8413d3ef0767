"""Writers and readers of one session at once: nothing lost, nothing doubled, no gap."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from botocore.stub import Stubber

from shared.core.backoff import CROWDED
from shared.core.errors import (
    Conflict,
    Unavailable,
)
from shared.sessions.store import SessionStore
from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.transactions import Replace, transact
from tests.support.threads import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingCodec,
    CountingSession,
    events,
)
from tests.unit.sessions.counting import Store, append, counting, sequences


def test_given_many_writers_at_once_then_no_event_is_lost_and_no_sequence_is_given_twice(
    store: Store, session: CountingSession
) -> None:
    rounds = 3  # 36 writes: each loses to fewer than a writer tries again

    def write(number: int) -> None:
        for turn in range(rounds):
            new = events(1 + number % 3, name=f"{number}.{turn}")
            if number % 4:
                store.append(ORGANIZATION, session.id, counting(new))
            else:
                store.update(
                    ORGANIZATION,
                    session.id,
                    lambda session: replace(session, count=session.count + 1),
                )

    at_once(12, write)
    newest, log = store.read(ORGANIZATION, session.id)
    written = sum(rounds * (1 + number % 3) for number in range(12) if number % 4)
    assert [event.sequence for event in log] == list(range(1, written + 1))
    assert newest.last_sequence == written
    assert newest.count == 12 * rounds
    assert newest.version == 12 * rounds + 1
    # Events of one append stand together, in their order.
    groups = [event.type for event in log if event.data["n"] == 0]
    assert len(groups) == len(set(groups)) == 9 * rounds


def test_given_a_reader_while_others_write_then_it_sees_a_log_without_gaps(
    store: Store, session: CountingSession
) -> None:
    def run(number: int) -> None:
        for _ in range(8):
            if number:
                append(store, session, 3)
            else:
                seen, log = store.read(ORGANIZATION, session.id)
                assert [event.sequence for event in log] == list(range(1, seen.last_sequence + 1))

    at_once(4, run)
    assert len(sequences(store, session)) == 72


@pytest.mark.parametrize("after", [0, 1, 2])
def test_given_an_append_between_the_pages_of_a_read_then_the_log_has_no_gap(
    store: Store, session: CountingSession, after: int
) -> None:
    append(store, session, 2)
    query = store.table.query

    def written_meanwhile(key: Key, *, upto: str) -> Any:
        """Read all events; then, before the session's page, others write."""
        records = list(query(key, upto=upto))
        if upto == "session":
            for _ in range(2):
                append(store, session, 150)
            records[-1:] = list(query(Key(key.partition, "session"), upto="session"))
        yield from records

    with patch.object(Table, "query", lambda _, *a, **k: written_meanwhile(*a, **k)):
        seen, log = store.read(ORGANIZATION, session.id, after=after)
    assert [event.sequence for event in log] == list(range(after + 1, seen.last_sequence + 1))


def cancel(stubber: Stubber, code: str) -> None:
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": code}, {"Code": "None"}]},
    )


def test_given_other_transactions_at_the_session_then_the_append_waits_for_them(
    store: Store, session: CountingSession, table: Table
) -> None:
    found = table.client.get_item(
        TableName=table.name,
        Key=Key(f"{ORGANIZATION}#session#{session.id.hex}", "session").attributes(),
    )
    with Stubber(table.client) as stubber:
        for _ in range(2):
            stubber.add_response("get_item", {"Item": found["Item"]})
            cancel(stubber, "TransactionConflict")
        stubber.add_response("get_item", {"Item": found["Item"]})
        stubber.add_response("transact_write_items", {})
        assert append(store, session).session.last_sequence == 1
        stubber.assert_no_pending_responses()


def test_given_a_put_that_meets_a_transaction_then_the_update_waits_for_it(
    store: Store, session: CountingSession, table: Table
) -> None:
    found = table.client.get_item(
        TableName=table.name,
        Key=Key(f"{ORGANIZATION}#session#{session.id.hex}", "session").attributes(),
    )
    with Stubber(table.client) as stubber:
        stubber.add_response("get_item", {"Item": found["Item"]})
        stubber.add_client_error("put_item", "TransactionConflictException")
        stubber.add_response("get_item", {"Item": found["Item"]})
        stubber.add_response("put_item", {})
        assert store.update(ORGANIZATION, session.id, lambda session: session).version == 2
        stubber.assert_no_pending_responses()


def test_given_a_storage_that_does_not_answer_then_the_append_is_not_repeated(
    store: Store, session: CountingSession, table: Table
) -> None:
    found = table.client.get_item(
        TableName=table.name,
        Key=Key(f"{ORGANIZATION}#session#{session.id.hex}", "session").attributes(),
    )
    with Stubber(table.client) as stubber:
        stubber.add_response("get_item", {"Item": found["Item"]})
        stubber.add_client_error("transact_write_items", "InternalServerError")
        with pytest.raises(Unavailable):
            append(store, session)
        stubber.assert_no_pending_responses()


def test_given_writers_that_never_end_then_the_append_gives_up(
    session: CountingSession, table: Table
) -> None:
    pauses: list[float] = []
    patient = Table(table.client, table.name, shards=3, sleep=pauses.append)
    store = SessionStore(patient, CountingCodec())
    calls = []

    def change(current: CountingSession) -> Any:
        calls.append(1)
        newest = store.table.get(Key(f"{ORGANIZATION}#session#{session.id.hex}", "session"))
        assert newest is not None
        transact(store.table, [Replace(newest, newest.version)])
        return current, events(1)

    with pytest.raises(Conflict, match="Too many writers"):
        store.append(ORGANIZATION, session.id, change)
    assert len(calls) == CROWDED.tries == len(pauses) + 1
    assert sum(pauses) < 4
    assert sequences(store, session) == []
