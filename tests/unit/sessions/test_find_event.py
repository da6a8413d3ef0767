"""One event of a log by its sequence, and sessions by their ids."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.core.ids import ApiKeyId, OrganizationId, ProductId, SessionId, VersionId
from shared.evaluations.models import EvaluationSession
from shared.evaluations.session_documents import EvaluationCodec
from shared.sessions.event_items import MAX_EVENTS_PER_ITEM
from shared.sessions.events import find_event
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.table import table
from tests.support.storage import counted_requests

ORGANIZATION = OrganizationId.new()


@pytest.fixture
def store(dynamodb_table: Any) -> SessionStore[EvaluationSession]:
    return SessionStore(table(), EvaluationCodec())


def _opened(store: SessionStore[EvaluationSession]) -> SessionId:
    now = datetime.now(UTC)
    session = EvaluationSession(
        id=SessionId.new(),
        organization_id=ORGANIZATION,
        created_at=now,
        updated_at=now,
        version_id=VersionId.new(),
        product_id=ProductId.new(),
        user_id=ApiKeyId.new(),
    )
    return store.open(session).session.id


def _append(store: SessionStore[EvaluationSession], session: SessionId, count: int) -> None:
    events = [NewEvent(type="said", data={"text": str(n)}) for n in range(count)]
    store.append(ORGANIZATION, session, lambda found: (found, events))


def test_given_items_of_many_events_when_one_is_sought_then_one_query_finds_it(
    store: SessionStore[EvaluationSession],
) -> None:
    session = _opened(store)
    for count in (1, MAX_EVENTS_PER_ITEM + 3, 2, MAX_EVENTS_PER_ITEM):
        _append(store, session, count)
    last = 2 * MAX_EVENTS_PER_ITEM + 6
    with counted_requests() as requests:
        found = [find_event(store.table, ORGANIZATION, session, n) for n in range(1, last + 1)]
    assert [event.sequence for event in found if event] == list(range(1, last + 1))
    assert requests == {"Query": last}


@pytest.mark.parametrize("sequence", [0, 4, 5, 2**32])
def test_given_a_sequence_without_an_event_when_sought_then_there_is_none(
    store: SessionStore[EvaluationSession], sequence: int
) -> None:
    session = _opened(store)
    _append(store, session, 3)
    assert find_event(store.table, ORGANIZATION, session, sequence) is None


def test_given_another_organisation_when_it_seeks_then_there_is_none(
    store: SessionStore[EvaluationSession],
) -> None:
    session = _opened(store)
    _append(store, session, 1)
    assert find_event(store.table, OrganizationId.new(), session, 1) is None


def test_given_sessions_when_read_together_then_one_request_finds_those_there_are(
    store: SessionStore[EvaluationSession],
) -> None:
    known = [_opened(store) for _ in range(3)]
    with counted_requests() as requests:
        found = store.get_many(ORGANIZATION, [*known, SessionId.new(), known[0]])
    assert found.keys() == set(known)
    assert requests == {"BatchGetItem": 1}
