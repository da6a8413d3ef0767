"""Transcript reader: bounds, and writes during the read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.playground.transcript import PLAYGROUND_TRANSCRIPT
from shared.sessions.domain import SessionKind
from shared.sessions.purging import purge_session
from shared.sessions.transcript import Ended, UserSaid
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.records import Key, Record
from shared.storage.table import Table, table
from tests.support.captured_sessions import AGENT, append, capture, session_store
from tests.support.storage import counted_requests, hooked

OWN = OrganizationId.new()
PLAYGROUND = SessionKind.PLAYGROUND


def reader(**limits: int) -> TranscriptReader:
    sources = (AGENT_TRANSCRIPT, PLAYGROUND_TRANSCRIPT, EVALUATION_TRANSCRIPT)
    return TranscriptReader(table(), sources, **limits)


def user_turns(count: int, padding: int = 0) -> list[tuple[str, dict[str, Any]]]:
    return [("user.message", {"text": f"turn {n}" + " " * padding}) for n in range(1, count + 1)]


def say(session: SessionId, *words: str) -> None:
    events = [("user.message", {"text": text}) for text in words]
    append(session_store(PLAYGROUND), OWN, session, events)


@contextmanager
def one_item_per_page(writes: dict[int, Callable[[], None]]) -> Iterator[None]:
    """Limit pages to one item, and run writes before pages, by the page's number."""
    pages = count()

    def limit_page(params: dict[str, Any], **_: Any) -> None:
        writes.pop(next(pages), lambda: None)()
        params["Limit"] = 1

    with hooked("provide-client-params.dynamodb.Query", limit_page):
        yield
    assert not writes


def test_session_is_read_by_one_query(dynamodb_table: Any) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(3), tags=("a",), agent=AGENT, at_once=2)
    with counted_requests() as requests:
        transcript = reader().read(OWN, session.uuid)
    assert requests == {"Query": 1}
    assert transcript.user_turns() == ["turn 1", "turn 2", "turn 3"]
    assert (transcript.kind, transcript.tags, transcript.agent) == (PLAYGROUND, ("a",), AGENT)
    assert transcript.events_left_out == 0


def test_session_without_events_yields_only_ending(dynamodb_table: Any) -> None:
    session = capture(
        OWN, SessionKind.EVALUATION, [], state={"status": "COMPLETED", "stopping_reason": "END"}
    )
    transcript = reader().read(OWN, session.uuid)
    assert transcript.entries == (Ended("END"),)


def test_deleted_session_is_not_found(dynamodb_table: Any) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(3))
    session_store(PLAYGROUND).delete(OWN, session)
    with pytest.raises(NotFound):
        reader().read(OWN, session.uuid)


def test_session_of_other_organization_is_not_found(dynamodb_table: Any) -> None:
    session = capture(OWN, SessionKind.AGENT, [])
    with pytest.raises(NotFound):
        reader().read(OrganizationId.new(), session.uuid)


def test_over_long_session_is_read_without_its_middle(dynamodb_table: Any) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(40, padding=2000), at_once=2)
    reading = reader(head_bytes=20_000, tail_bytes=5_000)
    transcript = reading.read(OWN, session.uuid)
    said = [e.text.strip() for e in transcript.entries if isinstance(e, UserSaid)]
    assert said[0] == "turn 1"
    assert said[-1] == "turn 40"
    assert transcript.events_left_out == 40 - len(said) > 20
    numbers, gap = [int(turn.split()[1]) for turn in said], transcript.gap_at
    assert numbers[gap] - numbers[gap - 1] == transcript.events_left_out + 1
    assert numbers == sorted(numbers)


def test_session_at_limit_is_read_completely(dynamodb_table: Any) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(4, padding=2000), at_once=2)
    reading = reader(head_bytes=6_000, tail_bytes=1)
    transcript = reading.read(OWN, session.uuid)
    assert (len(transcript.entries), transcript.events_left_out) == (4, 0)


# ------------------------------------------------------- written to while it is being read
def test_append_between_events_and_session_record_is_read(dynamodb_table: Any) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(3), at_once=1)
    query = Table.query
    calls = count(1)

    def appended_within_a_page(self: Table, key: Key, **options: Any) -> Iterator[Record]:
        items = list(query(self, key, **options))
        if next(calls) == 1:
            say(session, "turn 4", "turn 5")
            items[-1:] = query(self, Key(key.partition, "session"), upto="session")
        yield from items

    with patch.object(Table, "query", appended_within_a_page):
        transcript = reader().read(OWN, session.uuid)
    assert transcript.user_turns() == [f"turn {n}" for n in range(1, 6)]
    assert (transcript.events_left_out, next(calls)) == (0, 3)


@pytest.mark.parametrize("page", range(5))
def test_append_between_pages_is_read_whole_or_not_at_all(dynamodb_table: Any, page: int) -> None:
    """Pages: two of the head, the session's, two of the tail."""
    session = capture(OWN, PLAYGROUND, user_turns(40, padding=100), at_once=4)
    reading = reader(head_bytes=1_000, tail_bytes=1_000)
    with one_item_per_page({page: lambda: say(session, "turn 41", "turn 42")}):
        transcript = reading.read(OWN, session.uuid)
    said = [int(turn.split()[1]) for turn in transcript.user_turns()]
    assert said[-1] == (42 if page <= 2 else 40)
    assert len(said) + transcript.events_left_out == said[-1]
    head, tail = said[: transcript.gap_at], said[transcript.gap_at :]
    assert head == list(range(1, head[-1] + 1))
    assert tail == list(range(tail[0], said[-1] + 1))


@pytest.mark.parametrize("head_bytes", [1_000, 100_000])
@pytest.mark.parametrize("page", range(1, 5))
def test_delete_between_pages_raises_not_found(
    dynamodb_table: Any, page: int, head_bytes: int
) -> None:
    session = capture(OWN, PLAYGROUND, user_turns(40, padding=100), at_once=4)
    reading = reader(head_bytes=head_bytes, tail_bytes=100_000)

    def delete() -> None:
        session_store(PLAYGROUND).delete(OWN, session)
        purge_session(table(), OWN, session)

    with one_item_per_page({page: delete}), pytest.raises(NotFound):
        reading.read(OWN, session.uuid)
