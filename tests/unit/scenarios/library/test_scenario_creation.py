"""POST /v1/scenarios: responses and validation."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.core.ids import AgentId
from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import SessionKind
from tests.support.captured_sessions import capture
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, WHOLE, agent_uuid, new_scenario


def test_create_with_name_and_intent_sets_defaults(api: Gateway) -> None:
    created = new_scenario(api)

    assert created == {
        "id": created["id"],
        "organization_id": str(api.organization_id.uuid),
        "name": "Late flight",
        "intent": "The user wants to fly later.",
        "journey": "",
        "success_criteria": [],
        "mock_world": {},
        "source": "manual",
        "source_brief": None,
        "source_agent_id": None,
        "source_agent_name": None,
        "source_persona_id": None,
        "source_persona_name": None,
        "tags": [],
        "agents": [],
        "created_by": str(api.key_id),
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "user_turns": [],
    }


def test_persona_has_its_current_name(api: Gateway, other_api: Gateway) -> None:
    body = {"name": "Ada", "body": "You are Ada."}
    persona = api("POST", "/v1/personas", body).json["id"]
    key = {"Idempotency-Key": "once"}
    created = new_scenario(api, source_persona_id=persona, headers=key)
    url = f"{SCENARIOS}/{created['id']}"
    assert created["source_persona_name"] == "Ada"
    api("PUT", f"/v1/personas/{persona}", {"name": "Bea"})
    assert api("GET", url).json["source_persona_name"] == "Bea"
    assert api("GET", SCENARIOS).json["items"][0]["source_persona_name"] == "Bea"
    assert new_scenario(api, source_persona_id=persona, headers=key) == created
    draft = {"brief": "I want to fly.", "agent_id": agent_uuid(api), "persona_id": persona}
    assert api("POST", f"{SCENARIOS}/draft", draft).json["source_persona_name"] == "Bea"
    foreign = new_scenario(other_api, source_persona_id=persona)
    assert foreign["source_persona_name"] is None
    api("DELETE", f"/v1/personas/{persona}")
    assert api("GET", url).json["source_persona_name"] is None


def test_create_returns_all_fields_and_agent_names(api: Gateway) -> None:
    first, second = agent_uuid(api, "Desk"), agent_uuid(api, "Back office")
    persona = str(uuid4())
    sent = {
        **WHOLE,
        "source_agent_id": second,
        "source_persona_id": persona,
        "agent_ids": [first, second, first],
    }

    created = new_scenario(api, **sent)
    read = api("GET", f"{SCENARIOS}/{created['id']}")

    assert read.json == created
    assert {name: created[name] for name in WHOLE} == WHOLE
    assert created["agents"] == [
        {"id": first, "name": "Desk"},
        {"id": second, "name": "Back office"},
    ]
    assert created["source_agent_id"] == second
    assert created["source_agent_name"] == "Back office"
    assert created["source_persona_id"] == persona
    assert created["source_persona_name"] is None


@pytest.mark.parametrize("with_agent", [True, False])
def test_draft_of_session_can_be_created_unchanged(api: Gateway, *, with_agent: bool) -> None:
    agent = AgentRef(AgentId(UUID(agent_uuid(api, "Desk"))), "Desk") if with_agent else None
    events = [("inference_result", {"input": {"user_message": "Where is 4711?"}, "index": 0})]
    session = capture(
        api.organization_id, SessionKind.EVALUATION, events, agent=agent, tags=("web",)
    )
    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": str(session.uuid)}).json

    created = new_scenario(api, **draft)

    shared = draft.keys() & created.keys()
    assert {name: created[name] for name in shared} == {name: draft[name] for name in shared}
    assert created["source"] == "drafted"
    assert created["source_agent_name"] == (agent and "Desk")
    assert [one["id"] for one in created["agents"]] == draft["agent_ids"]


@pytest.mark.parametrize("field", ["agent_ids", "source_agent_id"])
def test_create_with_unknown_or_foreign_agent_stores_nothing(
    api: Gateway, other_api: Gateway, field: str
) -> None:
    for unknown in (str(uuid4()), agent_uuid(other_api)):
        sent = {"name": "n", "intent": "i", field: [unknown] if field == "agent_ids" else unknown}

        answer = api("POST", SCENARIOS, sent)

        assert answer.status == 400
        assert answer.json["error"] == "agent_not_found"
        assert unknown in answer.json["message"]
    assert api("GET", SCENARIOS).json["items"] == []


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"name": ...}, ["name"]),
        ({"intent": ...}, ["intent"]),
        ({"name": ""}, ["name"]),
        ({"name": "n" * 256}, ["name"]),
        ({"intent": "i" * 501}, ["intent"]),
        ({"journey": "j" * 20_001}, ["journey"]),
        ({"source": "found"}, ["source"]),
        ({"source_brief": "b" * 2_001}, ["source_brief"]),
        ({"mock_world": []}, ["mock_world"]),
        ({"tags": None}, ["tags"]),
        ({"tags": [1]}, ["tags", 0]),
        ({"agent_ids": ["x"]}, ["agent_ids", 0]),
        (
            {"success_criteria": [{"description": "", "output_type": "boolean"}]},
            ["success_criteria", 0, "description"],
        ),
        (
            {"success_criteria": [{"description": "d", "output_type": "score_6"}]},
            ["success_criteria", 0, "output_type"],
        ),
    ],
)
def test_invalid_scenario_is_rejected_with_field(
    api: Gateway, fields: dict[str, Any], location: list[Any]
) -> None:
    body = {"name": "n", "intent": "i", **fields}
    answer = api("POST", SCENARIOS, {key: one for key, one in body.items() if one is not ...})

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["body", *location]


def test_too_large_mock_world_is_refused_with_field_and_rule(api: Gateway) -> None:
    created = new_scenario(api)
    world = {"t": {"output": "x" * 410_000}}

    for method, url in (("POST", SCENARIOS), ("PUT", f"{SCENARIOS}/{created['id']}")):
        answer = api(method, url, {"name": "n", "intent": "i", "mock_world": world})

        assert answer.status == 422
        [error] = answer.json["detail"]
        assert error["loc"] == ["body", "mock_world"]
        assert error["msg"] == "mock_world must have at most 350000 bytes as JSON"
    assert api("GET", SCENARIOS).json["items"] == [created]


def test_scenario_beyond_item_limit_returns_413(api: Gateway) -> None:
    """Each field is within its limit, and all of them together are not."""
    criteria = [{"description": "ü" * 500, "output_type": "boolean"}] * 100
    body = {
        "name": "n",
        "intent": "i",
        "mock_world": {"t": {"output": "x" * 340_000}},
        "success_criteria": criteria,
    }

    answer = api("POST", SCENARIOS, body)

    assert answer.status == 413
    assert answer.json["error"] == "payload_too_large"
    assert api("GET", SCENARIOS).json["items"] == []


def test_more_than_50_agents_are_rejected(api: Gateway) -> None:
    ids = [str(uuid4()) for _ in range(51)]

    answer = api("POST", SCENARIOS, {"name": "n", "intent": "i", "agent_ids": ids})

    assert answer.status == 400
    assert "50" in answer.json["message"]


def test_text_in_any_script_is_stored_unchanged(api: Gateway) -> None:
    text = "المستخدم يريد 飛行機 \u202b😀"

    created = new_scenario(api, intent=text, mock_world={text: {"error": text}})

    assert api("GET", f"{SCENARIOS}/{created['id']}").json["mock_world"] == {text: {"error": text}}
    assert created["intent"] == text


def test_repeated_create_with_same_key_returns_first_answer(api: Gateway) -> None:
    agents = [agent_uuid(api), agent_uuid(api)]
    for fields in ({}, {"agent_ids": agents}):
        key = {"Idempotency-Key": f"key-{len(fields)}"}
        body = {"name": "n", "intent": "i", **fields}
        first = api("POST", SCENARIOS, body, headers=key)
        api("PUT", f"{SCENARIOS}/{first.json['id']}", {"name": "changed", "agent_ids": []})
        api("PATCH", f"/v1/agents/agent_{UUID(agents[0]).hex}", {"name": f"Desk {len(fields)}"})

        again = api("POST", SCENARIOS, body, headers=key)

        assert (again.status, again.text) == (201, first.text)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["etag"] == first.headers["etag"] == '"1"'
