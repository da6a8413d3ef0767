"""PUT and GET /v1/scenarios/{scenario_id}/checks."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.runs.checks.domain import MAX_CHECKS, MAX_CHECKS_BYTES, MAX_PATTERNS
from shared.simulation.scenario_keys import checks_key
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.scenarios import new_scenario
from tests.support.storage import counted_requests

#: One check of each kind with every field.
ALL: list[dict[str, Any]] = [
    {"type": "tool_called", "tool": "t", "arguments": {"a": None, "b": [1]}, "match": "exact",
     "min": 2, "max": 3},
    {"type": "tool_not_called", "tool": "t", "arguments": {}, "match": "meaning"},
    {"type": "tool_order", "calls": [{"tool": "a", "match": "meaning"},
                                     {"tool": "b", "match": "meaning"}]},
    {"type": "end_state", "calls": [], "tools": ["a"]},
    {"type": "says", "text": "x", "by": "user"},
    {"type": "says_not", "text": "x", "by": "agent"},
    {"type": "pattern", "pattern": "x+", "by": "agent", "absent": True},
    {"type": "json_schema", "schema": {"type": "object"}, "tool": "t"},
    {"type": "ends", "reasons": ["HANDOFF"]},
    {"type": "max_turns", "max": 1},
    {"type": "max_tool_calls", "max": 1},
    {"type": "max_tokens", "max": 1},
    {"type": "max_seconds", "max": 1.5, "per": "answer"},
    {"type": "max_cost_usd", "max": 0.5},
]  # fmt: skip


def path(api: Gateway) -> str:
    return f"/v1/scenarios/{new_scenario(api)['id']}/checks"


def test_scenario_without_checks_has_an_empty_list_and_no_etag(api: Gateway) -> None:
    url = path(api)
    answer = api("GET", url)
    assert (answer.status, answer.json["checks"]) == (200, [])
    assert "etag" not in answer.headers


def test_checks_of_every_kind_are_read_as_they_were_set(api: Gateway) -> None:
    url = path(api)
    stored = api("PUT", url, {"checks": ALL})
    assert (stored.status, stored.headers["etag"]) == (200, '"1"')
    read = api("GET", url)
    assert read.json == stored.json
    assert read.json["checks"] == [
        # Fields come in the order of the model.
        {name: check[name] for name in sorted(check)} | check
        for check in ALL
    ]
    assert read.headers["etag"] == '"1"'


def test_checks_are_replaced_as_a_whole_and_equal_ones_are_not_written(api: Gateway) -> None:
    url = path(api)
    api("PUT", url, {"checks": ALL})
    with counted_requests() as requests:
        same = api("PUT", url, {"checks": ALL})
    assert (same.headers["etag"], requests) == ('"1"', {"GetItem": 1})
    replaced = api("PUT", url, {"checks": ALL[:1]})
    assert (replaced.headers["etag"], len(replaced.json["checks"])) == ('"2"', 1)


@pytest.mark.parametrize(("tag", "status"), [('"1"', 200), ('"2"', 412), ("*", 200)])
def test_if_match_guards_a_replacement(api: Gateway, tag: str, status: int) -> None:
    url = path(api)
    api("PUT", url, {"checks": ALL})
    answer = api("PUT", url, {"checks": []}, headers={"If-Match": tag})
    assert answer.status == status


def test_if_match_before_any_checks_are_set_is_refused(api: Gateway) -> None:
    assert api("PUT", path(api), {"checks": []}, headers={"If-Match": '"1"'}).status == 412


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_unknown_and_foreign_scenarios_are_not_found(
    api: Gateway, other_api: Gateway, method: str
) -> None:
    body: Any = {"checks": []} if method == "PUT" else None
    foreign = path(other_api)
    for url in (f"/v1/scenarios/{uuid4()}/checks", foreign):
        assert api(method, url, body).status == 404
    unset = api(
        "PUT", f"/v1/scenarios/{uuid4()}/checks", {"checks": []}, headers={"If-Match": '"1"'}
    )
    assert unset.status == 404


def test_checks_are_deleted_with_their_scenario(api: Gateway) -> None:
    scenario = new_scenario(api)
    url = f"/v1/scenarios/{scenario['id']}"
    api("PUT", f"{url}/checks", {"checks": ALL})
    assert api("DELETE", url).status == 204
    assert api("GET", f"{url}/checks").status == 404
    assert api("PUT", f"{url}/checks", {"checks": ALL}).status == 404
    assert table().get(checks_key(api.organization_id, UUID(scenario["id"]))) is None


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ({"type": "pattern", "pattern": "(?=a)"}, "checks.0.pattern: must be a regular expression"),
        ({"type": "pattern", "pattern": "(x{100}){100}{100}"}, "checks.0.pattern: must be"),
        ({"type": "json_schema", "schema": {"type": "x"}}, "checks.0.schema: must be a JSON"),
        ({"type": "json_schema", "schema": {"pattern": "(?=a)"}}, "checks.0.schema: must be"),
        (
            {"type": "json_schema", "schema": {"allOf": [{"$ref": "#"}]}},
            "checks.0.schema: must not contain references",
        ),
        (
            {"type": "json_schema", "schema": {"$schema": "http://127.0.0.1:1/x"}},
            "checks.0.schema: must be",
        ),
        ({"type": "tool_called", "tool": "t", "min": 3, "max": 2}, "max must not be less"),
        ({"type": "tool_order", "calls": [{"tool": "t"}]}, "at least 2 items"),
        ({"type": "magic"}, "checks"),
        ({"type": "says"}, "text"),
        ({"type": "says", "text": "x", "sort": 1}, "sort"),
    ],
)
def test_check_that_cannot_be_evaluated_is_refused(
    api: Gateway, check: dict[str, Any], message: str
) -> None:
    answer = api("PUT", path(api), {"checks": [check]})
    assert answer.status in (400, 422)
    assert message in answer.text


def test_number_and_size_of_checks_are_limited(api: Gateway) -> None:
    url = path(api)
    says = {"type": "says", "text": "x"}
    assert api("PUT", url, {"checks": [says] * MAX_CHECKS}).status == 200
    assert api("PUT", url, {"checks": [says] * (MAX_CHECKS + 1)}).status == 422
    pattern = {"type": "pattern", "pattern": "x"}
    assert api("PUT", url, {"checks": [pattern] * (MAX_PATTERNS + 1)}).status == 400
    large = {"type": "tool_called", "tool": "t", "arguments": {"a": "x" * (MAX_CHECKS_BYTES // 5)}}
    assert api("PUT", url, {"checks": [large] * 5}).status == 413
