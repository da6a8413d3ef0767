"""Reading any session as a transcript, within bounds."""

from typing import Any

import pytest

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Ended, UserSaid
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table
from tests.support.captured_sessions import AGENT, capture
from tests.support.storage import counted_requests

OWN = OrganizationId.new()


def user_turns(count: int, padding: int = 0) -> list[tuple[str, dict[str, Any]]]:
    return [("user.message", {"text": f"turn {n}" + " " * padding}) for n in range(1, count + 1)]


def test_given_a_session_then_one_query_reads_it_whole(dynamodb_table: Any) -> None:
    session = capture(
        OWN, SessionKind.PLAYGROUND, user_turns(3), tags=("a",), agent=AGENT, at_once=2
    )
    with counted_requests() as requests:
        transcript = TranscriptReader(table()).read(OWN, session.uuid)
    assert requests == {"Query": 1}
    assert transcript.user_turns() == ["turn 1", "turn 2", "turn 3"]
    assert (transcript.kind, transcript.tags, transcript.agent) == (
        SessionKind.PLAYGROUND,
        ("a",),
        AGENT,
    )
    assert transcript.events_left_out == 0


def test_given_a_session_without_events_then_its_transcript_is_empty(dynamodb_table: Any) -> None:
    session = capture(
        OWN, SessionKind.EVALUATION, [], state={"status": "COMPLETED", "stopping_reason": "END"}
    )
    transcript = TranscriptReader(table()).read(OWN, session.uuid)
    assert transcript.entries == (Ended("END"),)


@pytest.mark.parametrize("state", [{"deleted_at": "2026-02-07T12:00:00Z"}])
def test_given_a_deleted_session_then_it_is_not_found(
    dynamodb_table: Any, state: dict[str, Any]
) -> None:
    session = capture(OWN, SessionKind.EVALUATION, [], state=state)
    with pytest.raises(NotFound):
        TranscriptReader(table()).read(OWN, session.uuid)


def test_given_another_organisation_s_session_then_it_is_not_found(dynamodb_table: Any) -> None:
    session = capture(OWN, SessionKind.AGENT, [])
    with pytest.raises(NotFound):
        TranscriptReader(table()).read(OrganizationId.new(), session.uuid)


def test_given_an_over_long_session_then_its_beginning_and_end_are_read(
    dynamodb_table: Any,
) -> None:
    session = capture(OWN, SessionKind.PLAYGROUND, user_turns(40, padding=2000), at_once=2)
    reader = TranscriptReader(table(), head_bytes=20_000, tail_bytes=5_000)
    transcript = reader.read(OWN, session.uuid)
    said = [e.text.strip() for e in transcript.entries if isinstance(e, UserSaid)]
    assert said[0] == "turn 1"
    assert said[-1] == "turn 40"
    assert transcript.events_left_out == 40 - len(said) > 20
    gap = transcript.gap_at
    assert int(said[gap].split()[1]) - int(said[gap - 1].split()[1]) == (
        transcript.events_left_out + 1
    )
    assert said == sorted(said, key=lambda turn: int(turn.split()[1]))


def test_given_a_session_that_just_fits_then_nothing_is_left_out(dynamodb_table: Any) -> None:
    session = capture(OWN, SessionKind.PLAYGROUND, user_turns(4, padding=2000), at_once=2)
    reader = TranscriptReader(table(), head_bytes=6_000, tail_bytes=1)
    transcript = reader.read(OWN, session.uuid)
    assert (len(transcript.entries), transcript.events_left_out) == (4, 0)
