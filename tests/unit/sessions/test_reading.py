"""Reads of a log during writes: each event once, whatever happens between two pages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from shared.sessions.log_reading import newest_events
from shared.sessions.rewriting import find_to_rewrite, rewrite
from shared.storage.records import Key, Record
from shared.storage.table import Table
from tests.support.storage import counted_requests, late_writes
from tests.unit.sessions.conftest import ORGANIZATION, CountingSession, Store, sequences

#: Two of them fit into an item with nothing else; a third does not.
LARGE = "x" * 140_000


def rewrite_event(store: Store, session: CountingSession, sequence: int) -> None:
    """Make one event of the log large, as a change of a recorded turn does."""

    def writes(*_: CountingSession) -> Any:
        found = find_to_rewrite(store.table, ORGANIZATION, session.id, sequence)
        assert found is not None
        item, event = found
        return rewrite(item, replace(event, data={"pad": LARGE}))

    store.add(session, 0, also=writes)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_item_divided_between_two_pages_returns_each_event_once(
    store: Store, session: CountingSession, after: int
) -> None:
    store.add(session, 5)
    store.add(session, 1)
    query = store.table.query

    def divided_meanwhile(_: Table, key: Key, *, upto: str, **options: Any) -> Iterator[Record]:
        """Read the first item; before the next page, its events outgrow it."""
        for page, item in enumerate(query(key, upto=upto, **options)):
            yield item
            if page == 0:
                for sequence in (1, 2, 3):
                    rewrite_event(store, session, sequence)
                yield from query(Key(key.partition, item.key.sort + "~"), upto=upto)
                return

    with patch.object(Table, "query", divided_meanwhile):
        seen, log = store.read(ORGANIZATION, session.id, after=after)

    assert store.stored_sequences(session) == [[1, 2], [3, 4, 5], [6]]
    assert sequences(log) == list(range(after + 1, seen.last_sequence + 1))
    assert all(event.data["pad"] == LARGE for event in log if event.sequence == 3)


@pytest.mark.parametrize(
    ("missing", "requests"),
    [
        pytest.param((), 1, id="all has come through"),
        pytest.param((7,), 2, id="not the newest"),
        pytest.param((5, 6, 7), 2, id="not the three newest"),
        pytest.param((6,), 2, id="not one amid the others"),
        pytest.param((4, 7), 3, id="neither one amid the others nor the newest"),
        pytest.param((1, 2, 3, 4, 5, 6, 7), 2, id="nothing"),
    ],
)
def test_newest_events_are_complete_despite_late_writes(
    store: Store, session: CountingSession, missing: tuple[int, ...], requests: int
) -> None:
    for _ in range(7):
        store.add(session, 1)

    with counted_requests() as counts, late_writes(missing):
        found = newest_events(store.table, session, last=7, max_items=4, max_bytes=10**6)

    assert sequences(found) == list(range(8 - len(found), 8))
    assert len(found) >= 4
    assert counts == {"Query": requests}


def test_newest_events_return_the_newest_despite_many_late_writes(
    store: Store, session: CountingSession
) -> None:
    for _ in range(7):
        store.add(session, 1)

    with late_writes(range(3, 8)):
        found = newest_events(store.table, session, last=7, max_items=4, max_bytes=1)

    assert sequences(found) == [7]


def test_newest_events_are_read_at_half_the_price(store: Store, session: CountingSession) -> None:
    store.add(session, 3)
    with patch.object(Table, "query", autospec=True, side_effect=Table.query) as query:
        newest_events(store.table, session, last=3, max_items=4, max_bytes=1)
    assert [call.kwargs["consistent"] for call in query.call_args_list] == [False]
