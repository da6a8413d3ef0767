"""The store of sessions: what was appended can be read, whole and in order, whoever races."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from botocore.stub import Stubber
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.errors import (
    Conflict,
    NotFound,
    PreconditionFailed,
    TooLarge,
    Unavailable,
    Unprocessable,
)
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.models import NewEvent, sequence_of
from shared.sessions.store import Appended, SessionStore
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import CROWDED, Refused, Replace, delete, transact
from tests.support.storage import counted_requests
from tests.support.threads import at_once
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingCodec,
    CountingSession,
    OtherCodec,
    Ticking,
    events,
    idempotency,
    new_session,
)

type Store = SessionStore[CountingSession]


def counting(new: list[NewEvent]) -> Callable[[Any], Any]:
    """Return a change that counts itself and adds these events."""
    return lambda session: (replace(session, count=session.count + 1), new)


def append(store: Store, session: CountingSession, number: int = 1, **options: Any) -> Any:
    return store.append(ORGANIZATION, session.id, counting(events(number)), **options)


def sequences(store: Store, session: CountingSession, after: int = 0) -> list[int]:
    return [event.sequence for event in store.read(ORGANIZATION, session.id, after=after)[1]]


# --------------------------------------------------------------------------------- open
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


# ---------------------------------------------------------------------------- not found
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


# ------------------------------------------------------------------------------- append
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


# ------------------------------------------------------------------------------- update
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


# -------------------------------------------------------------------------------- races
def test_given_many_writers_at_once_then_no_event_is_lost_and_no_sequence_is_given_twice(
    store: Store, session: CountingSession
) -> None:
    def write(number: int) -> None:
        for turn in range(4):
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
    written = sum(4 * (1 + number % 3) for number in range(12) if number % 4)
    assert [event.sequence for event in log] == list(range(1, written + 1))
    assert newest.last_sequence == written
    assert newest.count == 48
    assert newest.version == 49
    # Events of one append stand together, in their order.
    groups = [event.type for event in log if event.data["n"] == 0]
    assert len(groups) == len(set(groups)) == 36


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


# ---------------------------------------------------------------------- idempotent append
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


# ------------------------------------------------------------------------- read(after=…)
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
