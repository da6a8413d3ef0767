"""Deletion of a session: effect at once for every reader, then the purge of its items."""

from typing import Any

import pytest

from functions.triggers import purge_sessions
from shared.agents.messages.api import CreateMessageRequest
from shared.agents.messages.wiring import messages
from shared.agents.sessions.wiring import sessions, turn_supervisor
from shared.core.errors import Unavailable
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.client import dynamodb
from tests.support.agents import HI, SESSION_ENDPOINTS, new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import TABLE, counted_requests
from tests.support.table_stream import count_sessions
from tests.support.turns import BEGUN, Model, Turns, call, text, types

KEY = {"idempotency-key": "k"}


def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}"


def test_deleted_session_is_not_found_by_any_endpoint(api: Gateway, session_id: str) -> None:
    other = new_session(api)["id"]
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    with counted_requests() as requests:
        answer = api("DELETE", url(session_id))
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}

    for method, path, body in SESSION_ENDPOINTS:
        answer = api(method, url(session_id) + path, body)
        assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    page = api("GET", "/v1/sessions").json
    assert [one["id"] for one in page["data"]] == [other]
    assert page["total"] == 1


def test_running_turn_of_deleted_session_writes_nothing(api: Gateway, session_id: str) -> None:
    def delete_first(_: ModelRequest) -> ModelAnswer:
        assert api("DELETE", url(session_id)).status == 204
        return text("too late")

    turns = Turns(Model(delete_first))
    say(api, session_id, "Hello")
    turns.run()
    assert api("GET", url(session_id)).status == 404
    assert not [item for item in stored_items(session_id) if "too late" in str(item)]


def stored_items(session_id: str) -> list[Any]:
    digits = session_id.removeprefix("session_")
    items = dynamodb().scan(TableName=TABLE)["Items"]
    return [item for item in items if digits in item["pk"]["S"]]


def deleted_event(api: Gateway, session_id: str) -> dict[str, Any]:
    """Return the event of a deleted session on the bus."""
    detail = {"organization_id": str(api.organization_id), "session_id": session_id}
    return {"source": "agent-sessions", "detail-type": "session.deleted", "detail": detail}


def test_purge_leaves_tombstone_and_receipt_without_content(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("session_notes", action="set", key="a", value="b"), text("Hi")))
    api("POST", f"{url(session_id)}/messages", HI, headers=KEY)
    turns.run()
    assert len(stored_items(session_id)) == 6  # session, receipt, notes, three items of events
    api("DELETE", url(session_id))

    purge_sessions.handler(deleted_event(api, session_id), None)

    found = stored_items(session_id)
    assert sorted(item["type"]["S"] for item in found) == ["agent_session", "receipt"]
    assert "hi" not in str(found)
    assert all(int(item["expires_at"]["N"]) > 0 for item in found)


class Context:
    """A Lambda context whose time ends after a number of reads."""

    def __init__(self, reads: int) -> None:
        self._reads = reads

    def get_remaining_time_in_millis(self) -> int:
        self._reads -= 1
        return 60_000 if self._reads >= 0 else 1_000


def test_purge_without_time_continues_at_the_next_call(api: Gateway, session_id: str) -> None:
    for number in range(60):
        say(api, session_id, str(number))
    api("DELETE", url(session_id))
    event = deleted_event(api, session_id)

    with pytest.raises(Unavailable):
        purge_sessions.handler(event, Context(1))
    assert len(stored_items(session_id)) == 36
    with pytest.raises(Unavailable):
        purge_sessions.handler(event, Context(1))
    purge_sessions.handler(event, Context(9))
    assert len(stored_items(session_id)) == 1


def test_purge_of_existing_session_removes_nothing(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    purge_sessions.handler(deleted_event(api, session_id), None)
    assert types(api, session_id) == ["input.message", *BEGUN]


def test_delete_with_stale_etag_is_rejected(api: Gateway, session_id: str) -> None:
    tag = api("GET", url(session_id)).headers["etag"]
    say(api, session_id, "Hello")
    assert api("DELETE", url(session_id), headers={"if-match": tag}).status == 412
    tag = api("GET", url(session_id)).headers["etag"]
    assert api("DELETE", url(session_id), headers={"if-match": tag}).status == 204


def test_concurrent_deletes_count_the_session_once(api: Gateway, session_id: str) -> None:
    for _ in range(3):
        new_session(api)
    answers = race(api, "DELETE", url(session_id), clients=8)
    assert sorted(answer.status for answer in answers) == [204, *[404] * 7]
    count_sessions()
    assert api("GET", "/v1/sessions?limit=1").json["total"] == 3


def test_write_to_deleted_session_stores_nothing(api: Gateway, session_id: str) -> None:
    organization = api.organization_id
    identifier = SessionId.parse(session_id)
    sessions().delete(organization, identifier)
    request = CreateMessageRequest.model_validate(HI)
    with pytest.raises(Exception, match="Session not found"):
        messages().create(organization, identifier, request.to_domain())
    with pytest.raises(Exception, match="Session not found"):
        turn_supervisor().cancel(organization, identifier)
    purge_sessions.handler(deleted_event(api, session_id), None)
    assert len(stored_items(session_id)) == 1
