"""Export of scenarios as JSON lines."""

import json
from typing import Any

import pytest

from tests.support.gateway import Gateway

URL = "/v1/scenarios/export"
SCENARIO = {
    "name": "Late order",
    "intent": "Where is order 4711?",
    "journey": "1. Ask.",
    "mock_world": {"find": {"output": {"days": [1, 2]}}},
    "success_criteria": [
        {"description": "Names the day.", "output_type": "boolean"},
        {"description": "Is kind.", "output_type": "score_5"},
    ],
    "tags": ["orders"],
}


def lines(api: Gateway, query: str = "") -> list[dict[str, Any]]:
    answer = api("GET", URL + query)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
def scenario(api: Gateway) -> dict[str, Any]:
    agent = api("POST", "/v1/agents", {"name": "Desk", "system_prompt": "x"}).json["id"]
    created: dict[str, Any] = api("POST", "/v1/scenarios", SCENARIO | {"agent_ids": [agent]}).json
    return created


def test_scenarios_are_exported_whole(api: Gateway, scenario: dict[str, Any]) -> None:
    assert lines(api) == [scenario]


def test_promptfoo_test_has_variables_and_assertions(
    api: Gateway, scenario: dict[str, Any]
) -> None:
    [test] = lines(api, "?format=promptfoo")

    assert test["description"] == "Late order"
    assert test["vars"]["intent"] == SCENARIO["intent"]
    assert json.loads(test["vars"]["mock_world"]) == SCENARIO["mock_world"]
    assert test["assert"] == [
        {"type": "llm-rubric", "value": text} for text in ("Names the day.", "Is kind.")
    ]
    assert test["metadata"]["scenario_id"] == scenario["id"]
    assert test["metadata"]["agents"] == ["Desk"]


@pytest.mark.usefixtures("scenario")
def test_deepeval_golden_is_a_conversation(api: Gateway) -> None:
    [golden] = lines(api, "?format=deepeval")

    assert golden["scenario"] == "Where is order 4711?\n\n1. Ask."
    assert golden["expected_outcome"] == "Names the day.\nIs kind."
    assert golden["context"] == ['find: {"output":{"days":[1,2]}}']
    assert golden["additional_metadata"]["output_types"] == ["boolean", "score_5"]


def test_export_has_the_filters_and_pages_of_the_list(api: Gateway, other_api: Gateway) -> None:
    for number in range(3):
        tags = ["even"] if number % 2 == 0 else ["odd"]
        api("POST", "/v1/scenarios", SCENARIO | {"name": str(number), "tags": tags})

    first = api("GET", f"{URL}?limit=1&tags=even")
    names = [json.loads(line)["name"] for line in first.text.splitlines()]
    query = "&limit=1&tags=even"
    while cursor := first.headers.get("x-next-cursor"):
        first = api("GET", f"{URL}?cursor={cursor}{query}")
        names += [json.loads(line)["name"] for line in first.text.splitlines()]

    assert names == ["2", "0"]
    assert lines(other_api) == []


@pytest.mark.parametrize("query", ["?format=csv", "?limit=0", "?unknown=1", "?cursor=x"])
def test_bad_parameter_is_an_error(query: str, api: Gateway) -> None:
    assert api("GET", URL + query).status in (400, 422)
