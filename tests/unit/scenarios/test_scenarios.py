"""Scenarios stored, read, changed and removed through the API."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.core.ids import AgentId
from shared.sessions.models import AgentRef, SessionKind
from tests.support.captured_sessions import capture
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, agent_uuid, new_scenario
from tests.support.storage import counted_requests

WORLD = {"get_order": {"output": {"status": "late"}, "calls": [{"arguments": {"id": 1}}]}}
WHOLE: dict[str, Any] = {
    "name": "Late order",
    "intent": "The user wants to know where the order is.",
    "journey": "1. The user asks.",
    "mock_world": WORLD,
    "source": "drafted",
    "source_brief": "An order that is late",
    "tags": ["orders", "late"],
    "success_criteria": [
        {"description": "The delay is told.", "output_type": "boolean"},
        {"description": "The tone is kind.", "output_type": "score_5"},
    ],
}


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


def test_given_a_renamed_agent_when_a_scenario_is_read_then_the_new_name_is_shown(
    api: Gateway,
) -> None:
    agent = agent_uuid(api, "Desk")
    created = new_scenario(api, agent_ids=[agent])

    api("PATCH", f"/v1/agents/agent_{UUID(agent).hex}", {"name": "Front desk"})

    read = api("GET", f"{SCENARIOS}/{created['id']}").json
    assert read["agents"] == [{"id": agent, "name": "Front desk"}]


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


# --------------------------------------------------------------------------- update
def test_given_some_fields_when_updated_then_only_those_change(api: Gateway) -> None:
    created = new_scenario(api, **WHOLE)
    changes: dict[str, Any] = {
        "journey": "2. Told.",
        "tags": [],
        "name": None,
        "mock_world": {"a": {"error": "e"}},
    }

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", changes)

    assert answer.status == 200
    expected = {**created, "journey": "2. Told.", "tags": [], "mock_world": {"a": {"error": "e"}}}
    assert answer.json == {**expected, "updated_at": answer.json["updated_at"]}
    assert answer.json["updated_at"] > created["updated_at"]
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == answer.json


def test_given_other_origins_when_updated_then_where_it_comes_from_stays(api: Gateway) -> None:
    created = new_scenario(api, **WHOLE)
    changes = {"source": "manual", "source_brief": "x", "source_agent_id": str(uuid4())}

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", changes)

    assert answer.status == 200
    kept = ("source", "source_brief", "source_agent_id", "source_persona_id")
    assert [answer.json[name] for name in kept] == [created[name] for name in kept]


def test_given_an_unknown_agent_when_updated_then_400_and_nothing_changes(api: Gateway) -> None:
    created = new_scenario(api)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"agent_ids": [str(uuid4())]})

    assert (answer.status, answer.json["error"]) == (400, "agent_not_found")
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == created


@pytest.mark.parametrize("changes", [{"name": ""}, {"intent": "i" * 501}, {"tags": "late"}])
def test_given_changes_that_do_not_fit_when_sent_then_422(
    api: Gateway, changes: dict[str, Any]
) -> None:
    created = new_scenario(api)

    assert api("PUT", f"{SCENARIOS}/{created['id']}", changes).status == 422


def test_given_a_stale_version_when_changed_or_removed_then_412(api: Gateway) -> None:
    created = new_scenario(api)
    url = f"{SCENARIOS}/{created['id']}"
    stale = {"If-Match": api("GET", url).headers["etag"]}
    fresh = {"If-Match": api("PUT", url, {"name": "Second"}).headers["etag"]}

    assert api("PUT", url, {"name": "Third"}, headers=stale).status == 412
    assert api("DELETE", url, headers=stale).status == 412
    assert api("PUT", url, {"name": "Third"}, headers=fresh).status == 200


# --------------------------------------------------------------------- unknown and foreign
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {}), ("DELETE", None)])
def test_given_an_unknown_foreign_or_malformed_id_when_asked_for_then_it_is_refused(
    api: Gateway, other_api: Gateway, method: str, body: Any
) -> None:
    foreign = new_scenario(other_api)["id"]

    answers = [api(method, f"{SCENARIOS}/{one}", body) for one in (foreign, str(uuid4()))]

    assert [answer.status for answer in answers] == [404, 404]
    assert (
        answers[0].json
        == answers[1].json
        == {
            "error": "not_found",
            "message": "Scenario not found",
        }
    )
    assert api(method, f"{SCENARIOS}/nothing", body).status == 422
    assert other_api("GET", f"{SCENARIOS}/{foreign}").status == 200


def test_given_a_scenario_when_deleted_then_it_is_gone_from_every_list(
    api: Gateway, dynamodb_table: Any
) -> None:
    first, second = agent_uuid(api), agent_uuid(api)
    created = new_scenario(
        api,
        headers={"Idempotency-Key": "once"},
        agent_ids=[first, second],
        source_agent_id=first,
        source_persona_id=str(uuid4()),
    )
    url = f"{SCENARIOS}/{created['id']}"
    api("PUT", url, {"name": "changed"})

    answer = api("DELETE", url)

    assert (answer.status, answer.text) == (204, "")
    assert api("GET", url).status == api("DELETE", url).status == 404
    for query in ("", f"?agent_id={first}", f"?agent_id={second}", f"?source_agent_id={first}"):
        assert api("GET", f"{SCENARIOS}{query}").json["items"] == []
    partition = f"{api.organization_id}#scenario#{UUID(created['id']).hex}"
    left = dynamodb_table.scan(TableName="agent-sessions-test")["Items"]
    assert not [item for item in left if item["pk"]["S"] == partition]


# ------------------------------------------------------------------------------- idempotency
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


def test_given_a_large_scenario_made_under_a_key_when_changed_then_there_is_room(
    api: Gateway,
) -> None:
    world = {"t": {"output": "x" * 300_000}}
    created = new_scenario(api, headers={"Idempotency-Key": "large"}, mock_world=world)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"name": "Still large"})

    assert answer.status == 200


# ------------------------------------------------------------------------------------ cost
def test_given_scenarios_then_each_operation_costs_what_the_design_allows(api: Gateway) -> None:
    agent = agent_uuid(api)
    with counted_requests() as plain:
        created = new_scenario(api)
    with counted_requests() as with_agent:
        new_scenario(api, agent_ids=[agent], source_agent_id=agent)
    with counted_requests() as read:
        api("GET", f"{SCENARIOS}/{created['id']}")
    with counted_requests() as changed:
        api("PUT", f"{SCENARIOS}/{created['id']}", {"name": "n"})
    with counted_requests() as removed:
        api("DELETE", f"{SCENARIOS}/{created['id']}")

    assert plain == {"PutItem": 1}
    assert with_agent == {"BatchGetItem": 1, "PutItem": 1}
    assert read == {"GetItem": 1}
    assert changed == {"GetItem": 1, "PutItem": 1}
    assert removed == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_a_key_that_may_only_read_when_it_writes_then_403(api: Gateway) -> None:
    created = new_scenario(api)
    api.scopes = "read"

    assert api("POST", SCENARIOS, {"name": "n", "intent": "i"}).status == 403
    assert api("PUT", f"{SCENARIOS}/{created['id']}", {}).status == 403
    assert api("DELETE", f"{SCENARIOS}/{created['id']}").status == 403
    assert api("GET", f"{SCENARIOS}/{created['id']}").status == 200


def test_given_a_session_without_an_agent_when_its_draft_is_sent_back_then_it_is_stored(
    api: Gateway,
) -> None:
    said = [("inference_result", {"input": {"user_message": "Where is my order?"}, "index": 0})]
    session = capture(api.organization_id, SessionKind.EVALUATION, said)
    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": str(session.uuid)})

    created = new_scenario(api, **draft.json)

    assert created["agents"] == []
    assert created["source"] == "drafted"
