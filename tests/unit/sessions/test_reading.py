"""Reading a log while others write: each event once, whatever lies between two pages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from shared.sessions.event_items import events_of
from shared.sessions.log_reading import newest_events
from shared.sessions.models import Event
from shared.sessions.rewriting import find_to_rewrite, rewritten
from shared.sessions.store import SessionStore
from shared.storage.records import Key, Record
from shared.storage.table import Table
from tests.support.storage import counted_requests, late_writes
from tests.unit.sessions.conftest import ORGANIZATION, CountingSession, events

type Store = SessionStore[CountingSession]
#: Two of them fit into an item with nothing else; a third does not.
LARGE = "x" * 140_000


def say(store: Store, session: CountingSession, number: int) -> None:
    store.append(ORGANIZATION, session.id, lambda found: (found, events(number)))


def record_anew(store: Store, session: CountingSession, sequence: int, words: str) -> None:
    """Change one event of the log, as a recorded turn is changed."""

    def writes(*_: CountingSession) -> Any:
        found = find_to_rewrite(store.table, ORGANIZATION, session.id, sequence)
        assert found is not None
        item, event = found
        return rewritten(item, replace(event, data={"pad": words}))

    store.append(ORGANIZATION, session.id, lambda found: (found, []), also=writes)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_given_an_item_that_is_divided_between_two_pages_then_each_event_is_read_once(
    store: Store, session: CountingSession, after: int
) -> None:
    say(store, session, 5)
    say(store, session, 1)
    query = store.table.query

    def divided_meanwhile(_: Table, key: Key, *, upto: str, **options: Any) -> Iterator[Record]:
        """Read the first item; before the next page, its events outgrow it."""
        for page, item in enumerate(query(key, upto=upto, **options)):
            yield item
            if page == 0:
                for sequence in (1, 2, 3):
                    record_anew(store, session, sequence, LARGE)
                yield from query(Key(key.partition, item.key.sort + "~"), upto=upto)
                return

    with patch.object(Table, "query", divided_meanwhile):
        seen, log = store.read(ORGANIZATION, session.id, after=after)

    assert items_of(store, session) == [[1, 2], [3, 4, 5], [6]]
    assert [event.sequence for event in log] == list(range(after + 1, seen.last_sequence + 1))
    assert words(log, 3) == [LARGE]


def items_of(store: Store, session: CountingSession) -> list[list[int]]:
    partition = f"{ORGANIZATION}#session#{session.id.hex}"
    items = store.table.query(Key(partition, "events"), upto="events~")
    return [[event.sequence for event in events_of(item)] for item in items]


def words(log: list[Event], sequence: int) -> list[str]:
    """Return what was said at a place, if it was read."""
    return [event.data["pad"] for event in log if event.sequence == sequence] or [LARGE]


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
def test_given_writes_that_have_not_come_through_then_the_end_of_the_log_is_whole_all_the_same(
    store: Store, session: CountingSession, missing: tuple[int, ...], requests: int
) -> None:
    for _ in range(7):
        say(store, session, 1)
    partition = f"{ORGANIZATION}#session#{session.id.hex}"

    with counted_requests() as counts, late_writes(missing):
        found = newest_events(store.table, partition, last=7, max_items=4, max_bytes=10**6)

    assert [event.sequence for event in found] == list(range(8 - len(found), 8))
    assert len(found) >= 4
    assert counts == {"Query": requests}


def test_given_more_than_is_read_at_once_has_not_come_through_then_the_newest_is_read(
    store: Store, session: CountingSession
) -> None:
    for _ in range(7):
        say(store, session, 1)
    partition = f"{ORGANIZATION}#session#{session.id.hex}"

    with late_writes(range(3, 8)):
        found = newest_events(store.table, partition, last=7, max_items=4, max_bytes=1)

    assert [event.sequence for event in found] == [7]


def test_given_a_log_then_its_end_is_read_at_half_the_price(
    store: Store, session: CountingSession
) -> None:
    say(store, session, 3)
    partition = f"{ORGANIZATION}#session#{session.id.hex}"
    with patch.object(Table, "query", autospec=True, side_effect=Table.query) as query:
        newest_events(store.table, partition, last=3, max_items=4, max_bytes=1)
    assert [call.kwargs["consistent"] for call in query.call_args_list] == [False]
