"""Scenarios stored through the API: what comes back, and what is refused."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.core.ids import AgentId
from shared.sessions.models import AgentRef, SessionKind
from tests.support.captured_sessions import capture
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, agent_uuid, new_scenario
from tests.unit.scenarios.whole_scenario import WHOLE


def test_given_only_name_and_intent_when_created_then_all_else_has_its_default(
    api: Gateway,
) -> None:
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
    }


def test_given_a_whole_scenario_when_read_then_it_is_what_was_sent_with_names_of_agents(
    api: Gateway,
) -> None:
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


def test_given_a_draft_of_a_session_when_sent_back_as_it_is_then_it_is_stored(
    api: Gateway,
) -> None:
    agent = AgentRef(AgentId(UUID(agent_uuid(api, "Desk"))), "Desk")
    said = {"message": {"role": "user", "content": [{"type": "text", "text": "Where is 4711?"}]}}
    session = capture(
        api.organization_id,
        SessionKind.AGENT,
        [("input.message", said)],
        agent=agent,
        tags=("web",),
    )
    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": str(session.uuid)}).json

    created = new_scenario(api, **draft)

    shared = draft.keys() & created.keys()
    assert {name: created[name] for name in shared} == {name: draft[name] for name in shared}
    assert created["source_agent_name"] == "Desk"
    assert [one["id"] for one in created["agents"]] == draft["agent_ids"]


@pytest.mark.parametrize("field", ["agent_ids", "source_agent_id"])
def test_given_an_unknown_or_foreign_agent_when_named_then_nothing_is_stored(
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
    ("body", "place"),
    [
        ({"intent": "i"}, ["body", "name"]),
        ({"name": "n"}, ["body", "intent"]),
        ({"name": "", "intent": "i"}, ["body", "name"]),
        ({"name": "n" * 256, "intent": "i"}, ["body", "name"]),
        ({"name": "n", "intent": "i" * 501}, ["body", "intent"]),
        ({"name": "n", "intent": "i", "journey": "j" * 20_001}, ["body", "journey"]),
        ({"name": "n", "intent": "i", "source": "found"}, ["body", "source"]),
        ({"name": "n", "intent": "i", "source_brief": "b" * 2_001}, ["body", "source_brief"]),
        ({"name": "n", "intent": "i", "mock_world": []}, ["body", "mock_world"]),
        ({"name": "n", "intent": "i", "tags": None}, ["body", "tags"]),
        ({"name": "n", "intent": "i", "tags": [1]}, ["body", "tags", 0]),
        ({"name": "n", "intent": "i", "agent_ids": ["x"]}, ["body", "agent_ids", 0]),
        (
            {
                "name": "n",
                "intent": "i",
                "success_criteria": [{"description": "", "output_type": "boolean"}],
            },
            ["body", "success_criteria", 0, "description"],
        ),
        (
            {
                "name": "n",
                "intent": "i",
                "success_criteria": [{"description": "d", "output_type": "score_6"}],
            },
            ["body", "success_criteria", 0, "output_type"],
        ),
    ],
)
def test_given_a_scenario_that_does_not_fit_when_sent_then_422_tells_where(
    api: Gateway, body: dict[str, Any], place: list[Any]
) -> None:
    answer = api("POST", SCENARIOS, body)

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == place


def test_given_more_than_an_item_holds_when_sent_then_413(api: Gateway) -> None:
    world = {"t": {"output": "x" * 410_000}}

    answer = api("POST", SCENARIOS, {"name": "n", "intent": "i", "mock_world": world})

    assert answer.status == 413
    assert answer.json["error"] == "payload_too_large"


def test_given_more_agents_than_a_scenario_may_have_when_sent_then_400(api: Gateway) -> None:
    ids = [str(uuid4()) for _ in range(51)]

    answer = api("POST", SCENARIOS, {"name": "n", "intent": "i", "agent_ids": ids})

    assert answer.status == 400
    assert "50" in answer.json["message"]


def test_given_text_in_other_scripts_when_stored_then_it_comes_back_as_it_was(
    api: Gateway,
) -> None:
    said = "المستخدم يريد 飛行機 \u202b😀"

    created = new_scenario(api, intent=said, mock_world={said: {"error": said}})

    assert api("GET", f"{SCENARIOS}/{created['id']}").json["mock_world"] == {said: {"error": said}}
    assert created["intent"] == said


def test_given_the_same_key_and_payload_when_repeated_then_the_first_answer_is_given_again(
    api: Gateway,
) -> None:
    agents = [agent_uuid(api), agent_uuid(api)]
    for fields in ({}, {"agent_ids": agents}):
        key = {"Idempotency-Key": f"key-{len(fields)}"}
        body = {"name": "n", "intent": "i", **fields}
        first = api("POST", SCENARIOS, body, headers=key)
        api("PUT", f"{SCENARIOS}/{first.json['id']}", {"name": "changed", "agent_ids": []})

        again = api("POST", SCENARIOS, body, headers=key)

        assert (again.status, again.json) == (201, first.json)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["etag"] == first.headers["etag"] == '"1"'


def test_given_the_same_key_and_another_payload_when_sent_then_422(api: Gateway) -> None:
    key = {"Idempotency-Key": "once"}
    new_scenario(api, headers=key)

    answer = api("POST", SCENARIOS, {"name": "other", "intent": "i"}, headers=key)

    assert (answer.status, answer.json["error"]) == (422, "idempotency_key_reused")


def test_given_a_session_without_an_agent_when_its_draft_is_sent_back_then_it_is_stored(
    api: Gateway,
) -> None:
    said = [("inference_result", {"input": {"user_message": "Where is my order?"}, "index": 0})]
    session = capture(api.organization_id, SessionKind.EVALUATION, said)
    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": str(session.uuid)})

    created = new_scenario(api, **draft.json)

    assert created["agents"] == []
    assert created["source"] == "drafted"
