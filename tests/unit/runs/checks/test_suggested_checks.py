"""GET /v1/scenarios/{scenario_id}/checks/suggested."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared.core.json import dumps
from shared.sessions.domain import SessionKind
from tests.support.captured_sessions import capture
from tests.support.gateway import Gateway
from tests.support.scenarios import new_scenario

EMAIL, PHONE = "maria.gonzalez@example.org", "+49 30 901820"
CUSTOMER = {"name": "Maria Gonzalez", "email": EMAIL, "phone": PHONE, "order_ids": ["W1"]}


def said(text: str) -> tuple[str, dict[str, Any]]:
    content = {"role": "user", "content": [{"type": "text", "text": text}]}
    return "input.message", {"message": content}


def tool(identifier: str, name: str, arguments: Any, result: Any) -> list[tuple[str, Any]]:
    call = {"tool_call_id": identifier, "tool_name": name}
    return [
        ("tool.started", {**call, "arguments": arguments}),
        ("tool.completed", {**call, "success": True, "result": result}),
    ]


EVENTS = [
    said(f"I am Maria Gonzalez, {EMAIL}. Please cancel order W1."),
    *tool("a", "get_customer", {"email": EMAIL}, CUSTOMER),
    *tool("b", "cancel_order", {"order_id": "W1", "notify": EMAIL}, {"status": "cancelled"}),
    ("turn.completed", {}),
]


@pytest.fixture
def session_id(api: Gateway) -> str:
    return str(capture(api.organization_id, SessionKind.AGENT, EVENTS).uuid)


def url(scenario_id: str, session_id: str) -> str:
    return f"/v1/scenarios/{scenario_id}/checks/suggested?session_id={session_id}"


def test_suggestions_have_the_invented_values_of_the_drafted_world(
    api: Gateway, session_id: str
) -> None:
    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": session_id}).json
    scenario = api("POST", "/v1/scenarios", draft).json

    answer = api("GET", url(scenario["id"], session_id))

    assert answer.status == 200
    for personal in (EMAIL, PHONE, "Maria", "Gonzalez"):
        assert personal not in answer.text
    [call] = draft["mock_world"]["cancel_order"]["calls"]
    state, *others = answer.json["checks"]
    assert state["calls"] == [
        {"tool": "cancel_order", "arguments": call["arguments"], "match": "meaning"}
    ]
    world = dumps(draft["mock_world"])
    unsaid = [one["text"] for one in others if one["type"] == "says_not"]
    assert len(unsaid) == 2
    assert all(json.dumps(text)[1:-1] in world for text in unsaid)


def test_suggestions_can_be_set_as_they_are(api: Gateway, session_id: str) -> None:
    scenario_id = new_scenario(api)["id"]
    suggested = api("GET", url(scenario_id, session_id)).json["checks"]
    path = f"/v1/scenarios/{scenario_id}/checks"
    assert api("GET", path).json["checks"] == []
    assert api("PUT", path, {"checks": suggested}).json["checks"] == suggested


def test_unknown_scenario_and_unknown_session_are_refused(
    api: Gateway, other_api: Gateway, session_id: str
) -> None:
    assert api("GET", url(str(uuid4()), session_id)).status == 404
    assert other_api("GET", url(new_scenario(other_api)["id"], session_id)).status == 400
    answer = api("GET", url(new_scenario(api)["id"], str(uuid4())))
    assert (answer.status, answer.json["error"]) == (400, "session_not_found")
