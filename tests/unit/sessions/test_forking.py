"""Forks in the store: reads over several partitions, references, and guarded rewrites."""

from dataclasses import replace
from itertools import pairwise

import pytest

from shared.core.errors import Conflict, NotFound
from shared.core.ids import SessionId
from shared.sessions.documents import EVENTS, session_key
from shared.sessions.domain import Segment
from shared.sessions.event_lookup import find_in_log
from shared.sessions.forking import MAX_SEGMENTS, fork_of, fork_writes, load_origin
from shared.sessions.log_reading import events_after, newest_events
from shared.sessions.purging import purge_session
from shared.sessions.references import MARKER, SharedLog, rewrite_guard
from shared.storage.contention import ConditionFailed
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import transact
from tests.support.storage import counted_requests, late_writes
from tests.unit.sessions.conftest import (
    MOMENT,
    ORGANIZATION,
    CountingSession,
    Store,
    create,
    new_session,
    partition,
    sequences,
)


def fork(store: Store, origin: CountingSession, at: int) -> CountingSession:
    """Fork a session at a sequence."""
    identifier = SessionId.new()

    def build() -> tuple[CountingSession, list[object]]:
        loaded = load_origin(store, ORGANIZATION, origin.id)
        begun = replace(loaded.session, id=identifier, version=1)
        return fork_writes(store, loaded, fork_of(loaded, begun, at, MOMENT))  # type: ignore[return-value]  # actions

    return store.create(session_key(ORGANIZATION, identifier), build).entity  # type: ignore[arg-type]  # as above


@pytest.fixture
def chain(store: Store, session: CountingSession) -> list[CountingSession]:
    """A session and three forks, each amid an item of the last; logs of 12 to 15 events."""
    found = [session]
    for number in (3, 4, 5):
        store.add(session, number)
    for at in (8, 10, 11):
        found.append(fork(store, found[-1], at))
        store.add(found[-1], 1)
        store.add(found[-1], 3)
    return [store.newest(one) for one in found]


def test_every_read_of_a_fork_is_complete(store: Store, chain: list[CountingSession]) -> None:
    for one in chain:
        whole = store.log(one)
        last = one.last_sequence
        assert sequences(whole) == list(range(1, last + 1))
        assert len({event.id for event in whole}) == last
        for after in range(last):
            part = events_after(store.table, one, after=after, last=last, max_bytes=10**6)
            assert part == store.log(one, after) == whole[after:]
            assert find_in_log(store.table, one, after + 1) == whole[after]
            for upto in range(after + 1, last + 1):
                read = store.read(ORGANIZATION, one.id, after=after, upto=upto)[1]
                assert read == whole[after:upto]
            newest = newest_events(
                store.table, one, after=after, last=last, max_items=20, max_bytes=10**6
            )
            assert newest == whole[after:]


def test_forks_share_the_events_of_their_origins(
    store: Store, chain: list[CountingSession]
) -> None:
    for origin, forked in pairwise(chain):
        shared = forked.forked_from
        assert shared is not None
        for mine, theirs in zip(
            store.log(forked), store.log(origin)[: shared.sequence], strict=False
        ):
            assert replace(mine, id=theirs.id) == theirs


def test_segments_are_flat(store: Store, chain: list[CountingSession]) -> None:
    first, second, third, last = (one.id for one in chain)
    assert chain[3].segments == (Segment(first, 8), Segment(second, 10), Segment(third, 11))
    within = fork(store, chain[3], 9)
    assert within.segments == (Segment(first, 8), Segment(second, 9))
    assert fork(store, chain[3], 8).segments == (Segment(first, 8),)
    assert fork(store, chain[3], 13).segments[-1] == Segment(last, 13)
    assert fork(store, chain[3], 0).segments == ()


@pytest.mark.parametrize(("max_items", "max_bytes"), [(1, 10**6), (3, 10**6), (20, 1), (20, 60)])
def test_bounded_reads_of_a_fork_have_no_gap(
    store: Store, chain: list[CountingSession], max_items: int, max_bytes: int
) -> None:
    last, seen = chain[3].last_sequence, 0
    newest = sequences(
        newest_events(store.table, chain[3], last=last, max_items=max_items, max_bytes=max_bytes)
    )
    assert newest == list(range(newest[0], last + 1))
    while seen < last:
        part = events_after(store.table, chain[3], after=seen, last=last, max_bytes=max_bytes)
        assert sequences(part)[0] == seen + 1
        assert sequences(part) == list(range(seen + 1, seen + len(part) + 1))
        seen += len(part)


@pytest.mark.parametrize("late", [(4,), (9, 11), range(1, 99)])
def test_newest_events_of_a_fork_are_complete_despite_late_writes(
    store: Store, chain: list[CountingSession], late: tuple[int, ...]
) -> None:
    last = chain[3].last_sequence
    with late_writes(late):
        found = newest_events(store.table, chain[3], last=last, max_items=20, max_bytes=10**6)
    assert sequences(found) == list(range(1, last + 1))


def test_parts_of_a_fork_cost_one_query_each(store: Store, chain: list[CountingSession]) -> None:
    for number, one in enumerate(chain, 1):
        with counted_requests() as requests:
            store.log(one)
        assert requests == {"Query": number}
    with counted_requests() as requests:
        events_after(store.table, chain[3], after=11, last=15, max_bytes=10**6)
    assert requests == {"Query": 1}


def test_log_of_too_many_parts_is_refused(store: Store, session: CountingSession) -> None:
    store.add(session, 1)
    segments = tuple(Segment(SessionId.new(), n) for n in range(1, MAX_SEGMENTS + 1))
    origin = load_origin(store, ORGANIZATION, session.id)
    long = replace(session, segments=segments, last_sequence=MAX_SEGMENTS + 1)
    origin = replace(origin, loaded=replace(origin.loaded, entity=long))
    assert len(fork_of(origin, long, MAX_SEGMENTS, MOMENT).segments) == MAX_SEGMENTS
    with pytest.raises(Conflict, match="at most 50 sessions"):
        fork_of(origin, long, MAX_SEGMENTS + 1, MOMENT)


def test_read_of_a_fork_that_is_purged_meanwhile_is_not_found(
    store: Store, chain: list[CountingSession]
) -> None:
    origin = chain[0]
    for place in range(1, 13):
        store.table.delete(Key(partition(origin), f"events#{place:012d}"))
    with pytest.raises(NotFound):
        store.log(chain[1])


def delete(store: Store, session: CountingSession) -> None:
    """Delete and purge a session."""
    store.delete(ORGANIZATION, session.id)
    purge_session(store.table, ORGANIZATION, session.id)


def test_purge_keeps_no_event_behind_the_last_that_a_fork_needs(
    store: Store, chain: list[CountingSession]
) -> None:
    origin = chain[0]
    within = fork(store, origin, 2)
    logs = {one.id: store.log(one) for one in (*chain[1:], within)}
    delete(store, origin)
    assert store.stored_sequences(origin) == [[1, 2, 3], [4, 5, 6, 7], [8]]
    assert {one.id: store.log(one) for one in (*chain[1:], within)} == logs
    for one in reversed(chain[1:]):
        delete(store, one)
    assert store.stored_sequences(origin) == [[1, 2]]
    assert store.log(within) == logs[within.id]
    delete(store, within)
    assert store.stored_sequences(origin) == []


def test_purge_of_a_fork_reads_no_log_that_another_fork_needs_as_far(
    store: Store, session: CountingSession
) -> None:
    store.add(session, 5)
    first, second = fork(store, session, 4), fork(store, session, 4)
    delete(store, session)
    store.delete(ORGANIZATION, first.id)
    with counted_requests() as requests:
        purge_session(store.table, ORGANIZATION, first.id)
    assert requests == {"Query": 3, "DeleteItem": 1}
    delete(store, second)
    assert store.stored_sequences(session) == []


def test_purge_cuts_an_item_that_another_purge_has_cut_meanwhile(
    store: Store, session: CountingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(session, 9)
    forks = {at: fork(store, session, at) for at in (2, 5, 7)}
    store.delete(ORGANIZATION, session.id)
    for at in (5, 7):
        store.delete(ORGANIZATION, forks[at].id)
    replace_item = Table.replace
    later = [forks[5]]

    def replaced(table: Table, record: Record, **options: int) -> Record:
        if record.type == EVENTS and later:
            purge_session(table, ORGANIZATION, later.pop().id)
        return replace_item(table, record, **options)

    monkeypatch.setattr(Table, "replace", replaced)
    purge_session(store.table, ORGANIZATION, forks[7].id)
    assert not later
    assert store.stored_sequences(session) == [[1, 2]]


def marker(store: Store, session: CountingSession) -> Record | None:
    return store.table.get(Key(partition(session), MARKER))


def test_rewrite_of_a_shared_event_is_refused(store: Store, session: CountingSession) -> None:
    store.add(session, 5)
    fork(store, session, 3)
    with pytest.raises(SharedLog):
        rewrite_guard(marker(store, session), partition(session), 3)
    transact(store.table, [rewrite_guard(marker(store, session), partition(session), 4)])
    with pytest.raises(SharedLog):
        rewrite_guard(marker(store, session), partition(session), 1)


@pytest.mark.parametrize("forked_before", [False, True])
def test_concurrent_rewrite_and_fork_exclude_one_another(
    store: Store, session: CountingSession, forked_before: bool
) -> None:
    store.add(session, 5)
    if forked_before:
        fork(store, session, 1)
    guard = rewrite_guard(marker(store, session), partition(session), 2)
    fork(store, session, 4)
    with pytest.raises(ConditionFailed):
        transact(store.table, [guard])

    origin = load_origin(store, ORGANIZATION, session.id)
    begun = fork_of(origin, replace(session, id=SessionId.new()), 5, MOMENT)
    transact(store.table, [rewrite_guard(marker(store, session), partition(session), 5)])
    with pytest.raises(ConditionFailed):
        transact(store.table, fork_writes(store, origin, begun)[1])


def test_fork_within_a_deleted_origins_part_keeps_it(
    store: Store, chain: list[CountingSession]
) -> None:
    store.delete(ORGANIZATION, chain[0].id)
    purge_session(store.table, ORGANIZATION, chain[0].id)
    within = fork(store, chain[1], 2)
    for one in chain[1:]:
        store.delete(ORGANIZATION, one.id)
        purge_session(store.table, ORGANIZATION, one.id)
    assert store.sequences(within) == [1, 2]
    assert len(create(store, new_session()).entity.segments) == 0
