"""Bodies of workflows, playground sessions and scenarios: unknown fields are refused, by name."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, WHOLE, agent_uuid, new_scenario
from tests.support.snapshot import stored_items
from tests.unit.playground.conversations import (
    REVISIONS,
    URL,
    WORKFLOWS,
    new_revision,
    new_revision_with_graph,
    new_workflow,
    open_awaiting_approval,
    put_graph,
)
from tests.unit.playground.graphs import changed, small

SETTINGS = {"model": "m", "config": {"temperature": 0.5}}
REVISION = {"name": "r", "instructions": "i", "router_model_settings": SETTINGS}
SCENARIO = {"name": "n", "intent": "i", "success_criteria": WHOLE["success_criteria"]}
#: Route, a valid body, the path of an unknown field in it, and what was meant.
CASES: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("POST " + WORKFLOWS, {"name": "n"}, "metaData", "metadata"),
    ("POST " + WORKFLOWS, {"name": "n"}, "slug", None),
    (f"PUT {WORKFLOWS}/{{workflow}}", {}, "descripton", "description"),
    (f"POST {WORKFLOWS}/{{workflow}}/set-active-revision", {}, "revisionId", "revision_id"),
    (f"POST {WORKFLOWS}/{{workflow}}/revisions", REVISION, "systemPrompt", "system_prompt"),
    (
        f"POST {WORKFLOWS}/{{workflow}}/revisions",
        REVISION,
        "router_model_settings.modelName",
        None,
    ),
    (
        f"POST {WORKFLOWS}/{{workflow}}/revisions",
        REVISION,
        "router_model_settings.config.maxTokens",
        "max_tokens",
    ),
    (f"PUT {REVISIONS}/{{revision}}", REVISION, "based_on_revision_id", None),
    (f"PUT {REVISIONS}/{{revision}}/graph", {"compiled_graph": small()}, "graph", None),
    (
        f"POST {REVISIONS}/{{revision}}/graph/validate",
        {"compiled_graph": small()},
        "compiledGraph",
        "compiled_graph",
    ),
    ("POST " + URL, {"catalog_slug": "order-status"}, "catalogSlug", "catalog_slug"),
    (f"POST {URL}/{{session}}/messages", {"message": "Hello"}, "messages", "message"),
    (f"POST {URL}/{{session}}/resume", {"decision": "deny"}, "notes", "note"),
    ("POST " + SCENARIOS, SCENARIO, "mockWorld", "mock_world"),
    ("POST " + SCENARIOS, SCENARIO, "success_criteria.0.outputType", "output_type"),
    (f"PUT {SCENARIOS}/{{scenario}}", {"name": "n"}, "mockWorld", "mock_world"),
    (f"POST {SCENARIOS}/{{scenario}}/replay", {"catalog_slug": "order-status"}, "world", None),
    (
        f"POST {SCENARIOS}/draft",
        {"brief": "A late order.", "agent_id": "{agent}"},
        "agentId",
        "agent_id",
    ),
    (f"POST {SCENARIOS}/draft-from-session", {"session_id": "{session}"}, "sessionId", None),
]


@pytest.fixture
def ids(api: Gateway) -> dict[str, str]:
    return {
        "workflow": new_workflow(api),
        "revision": new_revision(api),
        "session": open_awaiting_approval(api),
        "scenario": new_scenario(api)["id"],
        "agent": agent_uuid(api),
    }


def with_unknown(body: Any, path: list[str]) -> Any:
    """Return a body with an unknown field."""
    step, *rest = path
    if not rest:
        return body | {step: 1}
    place: Any = int(step) if step.isdigit() else step
    inner = with_unknown(body[place], rest)
    if isinstance(body, list):
        return [inner, *body[1:]]
    return body | {step: inner}


@pytest.mark.parametrize(
    ("route", "body", "path", "meant"), CASES, ids=[f"{one[0]} {one[2]}" for one in CASES]
)
def test_unknown_field_is_refused_by_name(
    api: Gateway,
    ids: dict[str, str],
    route: str,
    body: dict[str, Any],
    path: str,
    meant: str | None,
) -> None:
    method, url = route.format(**ids).split()
    filled = {key: ids.get(str(one)[1:-1], one) for key, one in body.items()}
    before = stored_items()

    answer = api(method, url, with_unknown(filled, path.split(".")))

    assert answer.status == 422, answer.text
    found = [one for one in answer.json["detail"] if one["type"] == "extra_forbidden"]
    [error] = found
    assert [str(step) for step in error["loc"]] == ["body", *path.split(".")]
    name = path.rpartition(".")[2]
    if meant:
        assert error["msg"] == f"{name}: unknown field; did you mean {meant}?"
    else:
        assert error["msg"].startswith(f"{name}: unknown field; ")
    assert stored_items() == before


@pytest.mark.parametrize("field", ["source", "source_brief", "source_agent_id", "agents"])
def test_update_of_a_scenarios_origin_is_refused(api: Gateway, field: str) -> None:
    created = new_scenario(api, **WHOLE)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {field: created[field]})

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["body", field]
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == created


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"name": "n", "description": None, "metadata": None}),
        (
            "POST",
            "/{workflow}/revisions",
            {
                **dict.fromkeys(
                    (
                        "description", "based_on_revision_id", "system_prompt",
                        "compilation_strategy", "trigger_type", "trigger_config",
                        "router_config_id", "analyzer_model_settings", "router_model_settings",
                        "policy_ids",
                    ),
                ),
                "name": "n",
                "instructions": "i",
            },
        ),
        (
            "PUT",
            "/revisions/{revision}",
            {
                "name": "n", "description": "d", "instructions": "i", "system_prompt": "s",
                "compilation_strategy": "auto", "trigger_type": "voice", "trigger_config": {"a": 1},
                "router_config_id": str(UUID(int=1)), "policy_ids": [str(UUID(int=2))],
                "analyzer_model_settings": {"model": "m"},
                "router_model_settings": {
                    "model": "m",
                    "config": {
                        "temperature": 0, "max_tokens": 1, "top_p": 1, "stop_sequences": ["x"],
                        "reasoning_effort": "low", "request_timeout_ms": 1, "thinking_budget": 1,
                    },
                },
            },
        ),
    ],
)  # fmt: skip
def test_every_field_of_the_contract_is_accepted(
    api: Gateway, ids: dict[str, str], method: str, path: str, body: dict[str, Any]
) -> None:
    answer = api(method, WORKFLOWS + path.format(**ids), body)

    assert answer.status in (200, 201), answer.text


def test_draft_with_names_of_agent_and_persona_is_stored_as_it_is(api: Gateway) -> None:
    brief = {"brief": "A late order.", "agent_id": agent_uuid(api, "Desk")}
    draft = api("POST", f"{SCENARIOS}/draft", brief).json
    assert {"source_agent_name", "source_persona_name"} <= set(draft)

    assert api("POST", SCENARIOS, draft).status == 201


@pytest.mark.parametrize(
    ("path", "meant"),
    [("nodes.0.requiredWrites", "required_writes"), ("mockWorld", "mock_world")],
)
def test_unknown_field_of_a_graph_is_a_finding_and_not_stored(
    api: Gateway, path: str, meant: str
) -> None:
    revision = new_revision(api)
    graph = changed(path, [])

    answer = put_graph(api, revision, graph)

    assert answer.status == 200
    [finding] = [
        one for one in answer.json["validation"]["findings"] if one["rule_id"] == "unknown_field"
    ]
    assert (finding["severity"], finding["suggested_fix"]) == ("warning", f"Did you mean {meant}?")
    stored = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    assert stored == answer.json["validation"]["normalized_graph"]
    assert "equired_writes" in str(stored)
    assert "Writes" not in str(stored)


def test_agent_and_session_ids_are_taken_in_any_form(api: Gateway) -> None:
    agent, session = UUID(agent_uuid(api)), UUID(open_awaiting_approval(api))
    forms = (str(agent), agent.hex, f"agent_{agent.hex}")
    created = [
        new_scenario(api, agent_ids=[form, forms[0]], source_agent_id=form)["id"] for form in forms
    ]

    for form in forms:
        for name in ("agent_id", "source_agent_id"):
            found = api("GET", f"{SCENARIOS}?{name}={form}").json["items"]
            assert [one["id"] for one in found] == created[::-1]
            assert found[0]["agents"] == [{"id": forms[0], "name": "Airline desk"}]
        body = {"brief": "A late order.", "agent_id": form}
        assert api("POST", f"{SCENARIOS}/draft", body).json["source_agent_id"] == forms[0]
    answers = [
        api("GET", f"{URL}/{form}{path}").text
        for path in ("", "/trace")
        for form in (str(session), session.hex, f"session_{session.hex}")
    ]
    assert len(set(answers)) == 2
    said = api("POST", f"{URL}/session_{session.hex}/resume", {"decision": "deny"})
    assert said.status == 200
    drafted = [
        api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": form})
        for form in (str(session), session.hex, f"session_{session.hex}")
    ]
    assert {answer.status for answer in drafted} == {200}
    assert len({answer.text for answer in drafted}) == 1
    assert api("DELETE", f"{URL}/session_{session.hex}").status == 204


def test_cursor_of_a_trace_is_valid_for_any_form_of_the_id(api: Gateway) -> None:
    session = UUID(open_awaiting_approval(api))
    cursor = api("GET", f"{URL}/{session}/trace?limit=1").json["next_cursor"]

    answer = api("GET", f"{URL}/session_{session.hex}/trace?cursor={cursor}")

    assert answer.status == 200
    assert answer.json["items"][0]["turn"] == 2


@pytest.mark.parametrize(("field", "prefix"), [("session_id", "session"), ("agent_id", "agent")])
@pytest.mark.parametrize("form", ["{0}_1", "{0}_", "other_{1}", "{0}_{1}0", "x", "", "{0}_{2}"])
def test_id_of_no_known_form_is_422_with_the_rule(
    api: Gateway, field: str, prefix: str, form: str
) -> None:
    digits = uuid4().hex
    sent = {field: form.format(prefix, digits, digits.upper().replace("0", "A"))}
    path = "draft" if field == "agent_id" else "draft-from-session"

    answer = api("POST", f"{SCENARIOS}/{path}", {"brief": "b"} | sent)

    assert answer.status == 422
    [error] = [one for one in answer.json["detail"] if one["loc"] == ["body", field]]
    rule = f"must be a UUID, or {prefix}_ and 32 lowercase hexadecimal digits"
    assert error["msg"] == f"{field} {rule}"


def test_replay_takes_its_revision_and_refuses_two_sources(api: Gateway) -> None:
    scenario = new_scenario(api)["id"]
    revision = new_revision_with_graph(api)
    both = {"catalog_slug": "order-status", "revision_id": revision}

    answer = api("POST", f"{SCENARIOS}/{scenario}/replay", both)

    assert answer.status == 422
    assert "exactly one of catalog_slug and revision_id" in answer.json["detail"][0]["msg"]
