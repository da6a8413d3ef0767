"""Event ids: order of the log, sequence, uniqueness over all sessions."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.core.ids import EventId, SessionId
from shared.sessions.domain import event_id, sequence_of

SEQUENCES = st.integers(0, 2**32 - 1)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
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
