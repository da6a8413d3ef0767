"""A session is deleted: at once for every reader, whatever its runner does; then all it left."""

from typing import Any

import pytest

from functions.triggers import purge_sessions
from shared.agents.message_models import CreateMessageRequest
from shared.agents.service import messages, sessions
from shared.agents.service import turns as keeper
from shared.core.errors import Unavailable
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.client import dynamodb
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import TABLE, counted_requests
from tests.support.turns import Model, Turns, call, text, types

KEY = {"idempotency-key": "k"}


@pytest.fixture
def session_id(api: Gateway) -> str:
    agent = new_agent(api, capabilities=[{"ref": "session_notes"}])
    return str(new_session(api, agent_id=agent["id"])["id"])


def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}"


def test_given_a_session_when_deleted_then_it_is_gone_for_every_reader(
    api: Gateway, session_id: str
) -> None:
    kept = new_session(api)["id"]
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    with counted_requests() as requests:
        answer = api("DELETE", url(session_id))
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}

    message = {"message": {"content": [{"type": "text", "text": "hi"}]}}
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"title": "a"}),
        ("DELETE", "", None),
        ("POST", "/cancel", {}),
        ("GET", "/messages", None),
        ("POST", "/messages", message),
        ("GET", "/events", None),
        ("GET", "/sse", None),
    ):
        refused = api(method, url(session_id) + path, body)
        assert (refused.status, refused.json) == (404, {"error": "Session not found"})
    page = api("GET", "/v1/sessions").json
    assert [one["id"] for one in page["data"]] == [kept]
    assert page["total"] == 1


def test_given_a_running_turn_when_its_session_is_deleted_then_nothing_more_is_written(
    api: Gateway, session_id: str
) -> None:
    def meanwhile(_: ModelRequest) -> ModelAnswer:
        assert api("DELETE", url(session_id)).status == 204
        return text("too late")

    turns = Turns(Model(meanwhile))
    say(api, session_id, "Hello")
    turns.run()
    assert api("GET", url(session_id)).status == 404
    assert not [item for item in remains(session_id) if "too late" in str(item)]


def remains(session_id: str) -> list[Any]:
    digits = session_id.removeprefix("session_")
    items = dynamodb().scan(TableName=TABLE)["Items"]
    return [item for item in items if digits in item["pk"]["S"]]


def deletion(api: Gateway, session_id: str) -> dict[str, Any]:
    """Return what the bus says of a deleted session."""
    detail = {"organization_id": str(api.organization_id), "session_id": session_id}
    return {"source": "agent-sessions", "detail-type": "session.deleted", "detail": detail}


def test_given_a_deleted_session_then_what_it_left_is_removed(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(call("session_notes", action="set", key="a", value="b"), text("Hi")))
    api("POST", f"{url(session_id)}/messages", _message("Hello"), headers=KEY)
    turns.run()
    assert len(remains(session_id)) == 7  # session, receipt, notes, four items of events
    api("DELETE", url(session_id))

    purge_sessions.handler(deletion(api, session_id), None)

    [grave] = remains(session_id)
    assert grave["sk"]["S"] == "session"
    assert "Hello" not in str(grave)
    assert int(grave["expires_at"]["N"]) > 0


class Context:
    """A function that has so many looks at its clock until its time is over."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def get_remaining_time_in_millis(self) -> int:
        self._looks -= 1
        return 60_000 if self._looks >= 0 else 1_000


def test_given_no_time_is_left_then_the_purge_goes_on_when_it_is_called_again(
    api: Gateway, session_id: str
) -> None:
    for number in range(60):
        say(api, session_id, str(number))
    api("DELETE", url(session_id))
    event = deletion(api, session_id)

    with pytest.raises(Unavailable):
        purge_sessions.handler(event, Context(1))
    assert len(remains(session_id)) == 36
    with pytest.raises(Unavailable):
        purge_sessions.handler(event, Context(1))
    purge_sessions.handler(event, Context(9))
    assert len(remains(session_id)) == 1


def test_given_a_live_session_then_a_purge_does_not_touch_it(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    purge_sessions.handler(deletion(api, session_id), None)
    assert types(api, session_id) == ["input.message"]


def test_given_a_deleted_session_when_its_create_is_repeated_then_none_is_opened(
    api: Gateway,
) -> None:
    body = {"agent_id": new_agent(api)["id"]}
    created = api("POST", "/v1/sessions", body, headers=KEY).json
    assert api("DELETE", url(created["id"])).status == 204

    again = api("POST", "/v1/sessions", body, headers=KEY)
    assert (again.status, set(again.json)) == (409, {"error"})
    other = api("POST", "/v1/sessions", body | {"title": "x"}, headers=KEY)
    assert other.status == 422
    assert api("GET", "/v1/sessions").json["total"] == 0


def test_given_a_stale_tag_then_the_session_is_not_deleted(api: Gateway, session_id: str) -> None:
    tag = api("GET", url(session_id)).headers["etag"]
    say(api, session_id, "Hello")
    assert api("DELETE", url(session_id), headers={"if-match": tag}).status == 412
    tag = api("GET", url(session_id)).headers["etag"]
    assert api("DELETE", url(session_id), headers={"if-match": tag}).status == 204


def test_given_many_who_delete_at_once_then_one_does_and_it_is_counted_once(
    api: Gateway, session_id: str
) -> None:
    for _ in range(3):
        new_session(api)
    answers = race(api, "DELETE", url(session_id), clients=8)
    assert sorted(answer.status for answer in answers) == [204, *[404] * 7]
    assert api("GET", "/v1/sessions?limit=1").json["total"] == 3


def test_given_a_message_races_a_delete_then_no_trace_of_it_stays(
    api: Gateway, session_id: str
) -> None:
    organization = api.organization_id
    identifier = SessionId.parse(session_id)
    sessions().delete(organization, identifier)
    request = CreateMessageRequest.model_validate(_message("late"))
    with pytest.raises(Exception, match="Session not found"):
        messages().add(organization, identifier, request.to_domain())
    with pytest.raises(Exception, match="Session not found"):
        keeper().cancel(organization, identifier)
    purge_sessions.handler(deletion(api, session_id), None)
    assert len(remains(session_id)) == 1


def _message(words: str) -> dict[str, Any]:
    return {"message": {"content": [{"type": "text", "text": words}]}}
