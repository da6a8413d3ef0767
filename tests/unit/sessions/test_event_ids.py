"""Event ids: order of the log, sequence, uniqueness over all sessions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.core.ids import EventId, SessionId
from shared.sessions.domain import (
    event_id,
    is_event_of,
    is_within,
    offset_of,
    sequence_of,
    text_id,
)

SEQUENCES = st.integers(0, 2**32 - 1)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
OFFSETS = st.integers(1, 2**17 - 1)
SESSION = SessionId.new()


@given(SEQUENCES, MOMENTS, st.uuids())
def test_event_id_contains_its_sequence(sequence: int, at: datetime, session: UUID) -> None:
    identifier = event_id(SessionId(session), sequence, at)
    assert sequence_of(identifier) == sequence
    assert identifier.uuid.version == 8
    assert identifier.uuid.variant == "specified in RFC 4122"
    assert EventId.parse(str(identifier)) == identifier


@given(st.lists(st.tuples(MOMENTS, SEQUENCES), min_size=2))
def test_event_ids_sort_in_log_order(moments: list[tuple[datetime, int]]) -> None:
    times = sorted(at for at, _ in moments)
    sequences = sorted(sequence for _, sequence in moments)
    assume(len(set(sequences)) == len(sequences))
    ids = [event_id(SESSION, *place) for place in zip(sequences, times, strict=True)]
    assert sorted(ids, key=lambda identifier: identifier.uuid) == ids
    assert sorted(map(str, ids)) == [str(identifier) for identifier in ids]


def test_event_ids_of_many_sessions_differ() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert len({event_id(SessionId.new(), 1, at) for _ in range(5000)}) == 5000


@given(SEQUENCES, MOMENTS, st.uuids(), OFFSETS)
def test_text_id_contains_its_position(
    sequence: int, at: datetime, session: UUID, offset: int
) -> None:
    identifier = text_id(SessionId(session), sequence, at, offset)
    assert sequence_of(identifier) == sequence
    assert offset_of(SessionId(session), identifier) == offset
    assert is_event_of(SessionId(session), identifier)
    assert is_within(identifier, at, at)
    assert not is_within(identifier, at + timedelta(milliseconds=1), at + timedelta(hours=1))
    assert offset_of(SessionId(session), event_id(SessionId(session), sequence, at)) == 0


@given(st.integers(0, 2**32 - 2), MOMENTS, OFFSETS, OFFSETS)
def test_text_ids_sort_by_offset_between_two_events(
    sequence: int, at: datetime, one: int, other: int
) -> None:
    assume(one < other)
    ids = [
        event_id(SESSION, sequence, at),
        text_id(SESSION, sequence, at, one),
        text_id(SESSION, sequence, at, other),
        event_id(SESSION, sequence + 1, at),
    ]
    assert sorted(map(str, ids)) == [str(identifier) for identifier in ids]


def test_ids_of_another_session_are_refused() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(5000):
        other = SessionId.new()
        assert not is_event_of(SESSION, event_id(other, 1, at))
        assert not is_event_of(SESSION, text_id(other, 1, at, 1000))
