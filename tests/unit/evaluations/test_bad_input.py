"""What the evaluation surface refuses: status and body, and nothing stored."""

from typing import Any

import pytest

from tests.support.evaluations import World, new_session
from tests.support.gateway import Gateway

UNKNOWN = "0" * 32


def _refused(api: Gateway, path: str, body: Any, status: int, names: str) -> None:
    answer = api("POST", path, body)
    assert answer.status == status, answer.text
    assert answer.json.keys() == {"error", "message"}
    assert answer.json["message"].startswith(names), answer.json


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ({}, 400, "versionId: "),
        ({"versionId": None}, 400, "versionId: "),
        ({"versionId": 7}, 400, "versionId: "),
        ({"versionId": ["version"]}, 400, "versionId: "),
        ({"version_id": "$version"}, 400, "versionId: "),
        ({"versionId": "nonsense"}, 404, "versionId: "),
        ({"versionId": "version_" + UNKNOWN}, 404, "versionId: "),
        ({"versionId": "$test_case"}, 404, "versionId: "),
        ({"versionId": "$version", "testCaseId": "nonsense"}, 404, "testCaseId: "),
        ({"versionId": "$version", "testCaseId": "testCase_" + UNKNOWN}, 404, "testCaseId: "),
        ({"versionId": "$version", "testCaseId": None}, 400, "testCaseId: "),
        (
            {"versionId": "$version", "testCaseId": "$test_case", "isProduction": True},
            400,
            "isProduction: ",
        ),
        (
            {"versionId": "$version", "testCaseId": "$test_case", "context": "x"},
            400,
            "context: ",
        ),
        ({"versionId": "$version", "isProduction": "yes"}, 400, "isProduction: "),
        ({"versionId": "$version", "isProduction": 1}, 400, "isProduction: "),
        ({"versionId": "$version", "customId": 7}, 400, "customId: "),
        ({"versionId": "$version", "customId": ""}, 400, "customId: "),
        ({"versionId": "$version", "customId": None}, 400, "customId: "),
        ({"versionId": "$version", "customId": "a" * 1025}, 400, "customId: "),
        ({"versionId": "$version", "context": 7}, 400, "context: "),
        ({"versionId": "$version", "context": ["a"]}, 400, "context: "),
        ({"versionId": "$version", "context": None}, 400, "context: "),
        ({"versionId": "$version", "metadata": "text"}, 400, "metadata: "),
        ({"versionId": "$version", "metadata": None}, 400, "metadata: "),
        ({"versionId": "$version", "status": "OPEN"}, 400, "status: "),
        ({"versionId": "$version", "status": None}, 400, "status: "),
        ([], 400, ""),
        ("text", 400, ""),
    ],
)
def test_given_a_bad_session_when_created_then_it_is_refused_by_name(
    api: Gateway, world: World, body: Any, status: int, names: str
) -> None:
    if isinstance(body, dict):
        known = {"$version": world.version, "$test_case": world.test_case}
        body = {
            key: known.get(value, value) if isinstance(value, str) else value
            for key, value in body.items()
        }
    _refused(api, "/sessions", body, status, names)
    assert api("GET", "/sessions").json == []


@pytest.mark.parametrize("raw", ["", "{", "nope", '{"versionId": NaN}', "[" * 500])
def test_given_no_json_when_sent_then_it_is_refused(api: Gateway, raw: str) -> None:
    answer = api("POST", "/sessions", raw=raw)
    assert answer.status == 400
    assert answer.json.keys() == {"error", "message"}


def test_given_too_much_when_sent_then_it_is_too_large(api: Gateway, world: World) -> None:
    big = {"versionId": world.version, "metadata": {"text": "a" * 500_000}}
    huge = {"versionId": world.version, "metadata": {"text": "a" * 1_100_000}}
    for body in (big, huge):
        answer = api("POST", "/sessions", body)
        assert (answer.status, answer.json["error"]) == (413, "payload_too_large")
    assert api("GET", "/sessions").json == []


@pytest.mark.parametrize(
    ("fields", "status", "names"),
    [
        ({"sessionId": None}, 400, "sessionId: "),
        ({"sessionId": "nonsense"}, 404, "sessionId: "),
        ({"sessionId": "session_" + UNKNOWN}, 404, "sessionId: "),
        ({"input": 7}, 400, "input: "),
        ({"input": ["a"]}, 400, "input: "),
        ({"actualOutput": {"a": 1}}, 400, "actualOutput: "),
        ({"latency": -1}, 400, "latency: "),
        ({"latency": "fast"}, 400, "latency: "),
        ({"inputTokens": 1.5}, 400, "inputTokens: "),
        ({"inputTokens": True}, 400, "inputTokens: "),
        ({"outputTokens": -1}, 400, "outputTokens: "),
        ({"tokens": 2**53}, 400, "tokens: "),
        ({"cost": "1"}, 400, "cost: "),
        ({"index": -1}, 400, "index: "),
        ({"status": "DONE"}, 400, "status: "),
    ],
)
def test_given_a_bad_turn_when_recorded_then_it_is_refused_by_name(
    api: Gateway, world: World, fields: dict[str, Any], status: int, names: str
) -> None:
    session = new_session(api, world.version)["id"]
    _refused(api, "/inferenceResults", {"sessionId": session, "input": "a"} | fields, status, names)
    assert api("GET", f"/inferenceResults?sessionIds={session}").json == []


@pytest.mark.parametrize(
    ("path", "body", "status", "names"),
    [
        ("/products", {}, 400, "name: "),
        ("/products", {"name": ""}, 400, "name: "),
        ("/products", {"name": None}, 400, "name: "),
        ("/products", {"name": "a", "description": 7}, 400, "description: "),
        ("/versions", {"name": "a"}, 400, "productId: "),
        ("/versions", {"productId": "nonsense", "name": "a"}, 404, "productId: "),
        ("/versions", {"productId": "product_" + UNKNOWN, "name": "a"}, 404, "productId: "),
        ("/tests", {"productId": "product_" + UNKNOWN, "name": "a"}, 404, "productId: "),
        ("/tests", {"productId": "product_" + UNKNOWN}, 400, "name: "),
        ("/testCases", {"input": "a"}, 400, "testId: "),
        ("/testCases", {"testId": "test_" + UNKNOWN}, 404, "testId: "),
        ("/testCases", {"testId": "x", "input": 7}, 400, "input: "),
        ("/testCases", {"testId": "x", "maxIterations": 0}, 400, "maxIterations: "),
        ("/testCases", {"testId": "x", "expectedTools": "a"}, 400, "expectedTools: "),
        ("/testCases", {"testId": "x", "isAugmented": "no"}, 400, "isAugmented: "),
    ],
)
def test_given_a_bad_parent_when_created_then_it_is_refused_by_name(
    api: Gateway, path: str, body: dict[str, Any], status: int, names: str
) -> None:
    _refused(api, path, body, status, names)
    assert api("GET", path).json == []


LISTS = ("/sessions", "/inferenceResults", "/products", "/versions", "/tests", "/testCases")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=0", "limit: "),
        ("limit=10001", "limit: "),
        ("limit=many", "limit: "),
        ("limit=", "limit: "),
        ("offset=-1", "offset: "),
        ("offset=1.5", "offset: "),
        ("sort=color", "sort: "),
        ("sort=createdAt,up", "sort: "),
        ("sort[]=createdAt&sort[]=desc&sort[]=id", "sort: "),
        ("fromCreatedAt=yesterday", "fromCreatedAt: "),
        ("toCreatedAt=2026-13-01", "toCreatedAt: "),
        ("toCreatedAt=0001-01-01T00:00:00%2B14:00", "toCreatedAt: "),
        ("cursor=abc", "cursor: "),
        ("&".join(f"ids={number}" for number in range(101)), "ids: "),
    ],
)
def test_given_a_bad_parameter_when_listed_then_it_is_refused_by_name(
    api: Gateway, path: str, query: str, names: str
) -> None:
    answer = api("GET", f"{path}?{query}")
    assert answer.status == 400
    assert answer.json["message"].startswith(names), answer.json


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/sessions?versionId=version_1", "versionId: not a filter of this list; versionIds is."),
        ("/sessions?status=FAILED", "status: not a filter of this list; statuses is."),
        ("/inferenceResults?sessionId[]=a", "sessionId: "),
        ("/products?name=Shop", "name: "),
        ("/versions?productId=a", "productId: "),
        ("/tests?type=SCENARIOS", "type: "),
        ("/testCases?testId=a", "testId: "),
        ("/testCases?strategy=a", "strategy: "),
        ("/testCases?reviewed=maybe", "reviewed: expected true or false."),
        ("/testCases?userScore=good", "userScore: expected an integer"),
    ],
)
def test_given_a_slip_in_a_filter_when_listed_then_it_is_refused_by_name(
    api: Gateway, url: str, names: str
) -> None:
    answer = api("GET", url)
    assert answer.status == 400
    assert answer.json["message"].startswith(names), answer.json


def test_given_an_unknown_status_when_listed_then_it_is_refused(api: Gateway) -> None:
    answer = api("GET", "/sessions?statuses=OPEN")
    assert answer.status == 400
    assert answer.json["message"].startswith("statuses: ")


@pytest.mark.parametrize("path", LISTS)
def test_given_an_id_of_no_form_when_read_then_it_is_unknown(api: Gateway, path: str) -> None:
    for identifier in ("nonsense", "ir_" + "0" * 40, "session_" + UNKNOWN, "%20"):
        assert api("GET", f"{path}/{identifier}").status == 404
        answer = api("GET", f"{path}?ids[]={identifier}")
        assert answer.status == 404
        assert answer.json["message"].startswith("ids: ")


def test_given_a_key_that_only_reads_when_it_creates_then_it_is_forbidden(
    api: Gateway, world: World
) -> None:
    reader = Gateway(organization_id=api.organization_id, scopes="read")
    answer = reader("POST", "/sessions", {"versionId": world.version})
    assert (answer.status, answer.json["error"]) == (403, "forbidden")
    assert reader("GET", "/sessions").json == []
