"""Session documents: round trip without loss."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.agent_ref import AgentRef
from shared.sessions.documents import SESSION, common_fields, events_sort, kind_of
from shared.sessions.domain import SessionKind
from shared.storage.records import BY_LINK, BY_LIST, from_item, to_item
from tests.unit.sessions.conftest import CountingCodec, CountingSession, new_session

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXT = st.text(st.characters(codec="utf-8"))
SESSIONS = st.builds(
    CountingSession,
    id=st.builds(SessionId, st.uuids()),
    organization_id=st.builds(OrganizationId, st.uuids()),
    created_at=MOMENTS,
    updated_at=MOMENTS,
    tags=st.lists(TEXT).map(tuple),
    agent=st.none() | st.builds(AgentRef, st.builds(AgentId, st.uuids()), TEXT),
    last_sequence=st.integers(0, 10**6),
    version=st.integers(1, 10**6),
    count=st.integers(),
)


@given(SESSIONS)
def test_session_round_trips_through_an_item(session: CountingSession) -> None:
    item = to_item(CountingCodec().to_record(session), shards=3)
    assert CountingCodec().from_record(from_item(item)) == session


def test_record_has_the_kind_and_index_entries_of_its_session() -> None:
    session = new_session()
    record = CountingCodec().to_record(session)
    assert kind_of(record) is SessionKind.AGENT
    assert set(record.index_entries) == {BY_LIST, BY_LINK}
    assert record.index_entries[BY_LIST].list == f"{session.organization_id}#agent-sessions"
    assert record.key.partition.startswith(f"{session.organization_id}#")
    assert common_fields(record)["tags"] == ("a", "b")


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_items_sort_by_sequence(one: int, other: int) -> None:
    assert (events_sort(one) < events_sort(other)) == (one < other)
    assert events_sort(one) < SESSION
