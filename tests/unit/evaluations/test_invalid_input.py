"""Invalid requests of the evaluation surface: status, error body, and nothing stored."""

import re
from typing import Any

import pytest

from tests.support.evaluations import USER, World, new_session, new_turn, new_world
from tests.support.gateway import Gateway

UNKNOWN = "0" * 32
MESSAGE = USER | {"content": "a"}
SYSTEM = {"role": "system", "content": "a"}
BATCH = "/inferenceResults/batch"

#: A valid body of each creating route; ``$…`` names an id, see :func:`_with_ids`.
VALID: dict[str, dict[str, Any]] = {
    "/sessions": {"versionId": "$version"},
    "/inferenceResults": {"sessionId": "$session", "input": "a"},
    BATCH: {"sessionId": "$session", "conversationTurns": [MESSAGE]},
    "/products": {"name": "a"},
    "/versions": {"productId": "$product"},
    "/tests": {"productId": "$product", "name": "a"},
    "/testCases": {"testId": "$test"},
}
LISTS = [path for path in VALID if path != BATCH]
OMITTED = object()
TESTED = {"testCaseId": "$test_case"}

#: Path, fields over those of the valid body, expected status, and start of the message.
INVALID: list[tuple[str, dict[str, Any], int, str]] = [
    ("/sessions", {"versionId": OMITTED}, 400, "versionId: "),
    ("/sessions", {"versionId": None}, 400, "versionId: "),
    ("/sessions", {"versionId": 7}, 400, "versionId: "),
    ("/sessions", {"versionId": ["version"]}, 400, "versionId: "),
    ("/sessions", {"versionId": OMITTED, "version_id": "$version"}, 400, "versionId: "),
    ("/sessions", {"versionId": "nonsense"}, 404, "versionId: "),
    ("/sessions", {"versionId": "version_" + UNKNOWN}, 404, "versionId: "),
    ("/sessions", {"versionId": "$test_case"}, 404, "versionId: "),
    ("/sessions", {"testCaseId": "nonsense"}, 404, "testCaseId: "),
    ("/sessions", {"testCaseId": "testCase_" + UNKNOWN}, 404, "testCaseId: "),
    ("/sessions", {"testCaseId": None}, 400, "testCaseId: "),
    ("/sessions", TESTED | {"isProduction": True}, 400, "isProduction: "),
    ("/sessions", TESTED | {"context": "x"}, 400, "context: "),
    ("/sessions", {"isProduction": "yes"}, 400, "isProduction: "),
    ("/sessions", {"isProduction": 1}, 400, "isProduction: "),
    ("/sessions", {"customId": 7}, 400, "customId: "),
    ("/sessions", {"customId": ""}, 400, "customId: "),
    ("/sessions", {"customId": None}, 400, "customId: "),
    ("/sessions", {"customId": "a" * 1025}, 400, "customId: "),
    ("/sessions", {"context": 7}, 400, "context: "),
    ("/sessions", {"context": ["a"]}, 400, "context: "),
    ("/sessions", {"context": None}, 400, "context: "),
    ("/sessions", {"metadata": "text"}, 400, "metadata: "),
    ("/sessions", {"metadata": None}, 400, "metadata: "),
    ("/sessions", {"status": "OPEN"}, 400, "status: "),
    ("/sessions", {"status": None}, 400, "status: "),
    ("/inferenceResults", {"sessionId": None}, 400, "sessionId: "),
    ("/inferenceResults", {"sessionId": "nonsense"}, 404, "sessionId: "),
    ("/inferenceResults", {"sessionId": "session_" + UNKNOWN}, 404, "sessionId: "),
    ("/inferenceResults", {"input": 7}, 400, "input: "),
    ("/inferenceResults", {"input": ["a"]}, 400, "input: "),
    ("/inferenceResults", {"actualOutput": {"a": 1}}, 400, "actualOutput: "),
    ("/inferenceResults", {"latency": -1}, 400, "latency: "),
    ("/inferenceResults", {"latency": "fast"}, 400, "latency: "),
    ("/inferenceResults", {"inputTokens": 1.5}, 400, "inputTokens: "),
    ("/inferenceResults", {"inputTokens": True}, 400, "inputTokens: "),
    ("/inferenceResults", {"outputTokens": -1}, 400, "outputTokens: "),
    ("/inferenceResults", {"tokens": 2**53}, 400, "tokens: "),
    ("/inferenceResults", {"cost": "1"}, 400, "cost: "),
    ("/inferenceResults", {"index": -1}, 400, "index: "),
    ("/inferenceResults", {"status": "DONE"}, 400, "status: "),
    (BATCH, {"conversationTurns": []}, 400, "conversationTurns: "),
    (BATCH, {"conversationTurns": None}, 400, "conversationTurns: "),
    (BATCH, {"conversationTurns": "Hello"}, 400, "conversationTurns: "),
    (BATCH, {"conversationTurns": [USER]}, 400, "conversationTurns.0.content: "),
    (BATCH, {"conversationTurns": [{"content": "a"}]}, 400, "conversationTurns.0.role: "),
    (BATCH, {"conversationTurns": [MESSAGE, SYSTEM]}, 400, "conversationTurns.1.role: "),
    (BATCH, {"conversationTurns": [USER | {"content": 7}]}, 400, "conversationTurns.0.content: "),
    (BATCH, {"conversationTurns": [MESSAGE] * 101}, 400, "conversationTurns: "),
    (BATCH, {"sessionId": None}, 400, "sessionId: "),
    (BATCH, {"sessionId": "nonsense"}, 404, "sessionId: "),
    (BATCH, {"sessionId": "session_" + UNKNOWN}, 404, "sessionId: "),
    ("/products", {"name": OMITTED}, 400, "name: "),
    ("/products", {"name": ""}, 400, "name: "),
    ("/products", {"name": None}, 400, "name: "),
    ("/products", {"description": 7}, 400, "description: "),
    ("/products", {"name": "a" * 501}, 400, "name: string should have at most 500 characters"),
    ("/products", {"description": "a" * 10_001}, 400, "description: "),
    ("/versions", {"name": "a" * 501}, 400, "name: "),
    ("/tests", {"variants": ["a"] * 1001}, 400, "variants: "),
    ("/testCases", {"stoppingCriterias": ["a" * 10_001]}, 400, "stoppingCriterias.0: "),
    ("/testCases", {"context": "a" * 500_001}, 400, "context: string should have at most"),
    ("/testCases", {"userScore": 10**40}, 400, "userScore: "),
    ("/testCases", {"confidence": "high"}, 400, "confidence: "),
    ("/inferenceResults", {"input": "a" * 500_001}, 400, "input: string should have at most"),
    ("/versions", {"productId": OMITTED}, 400, "productId: "),
    ("/versions", {"productId": "nonsense"}, 404, "productId: "),
    ("/versions", {"productId": "product_" + UNKNOWN}, 404, "productId: "),
    ("/tests", {"productId": "product_" + UNKNOWN}, 404, "productId: "),
    ("/tests", {"name": OMITTED}, 400, "name: "),
    ("/testCases", {"testId": OMITTED}, 400, "testId: "),
    ("/testCases", {"testId": "test_" + UNKNOWN}, 404, "testId: "),
    ("/testCases", {"input": 7}, 400, "input: "),
    ("/testCases", {"maxIterations": 0}, 400, "maxIterations: "),
    ("/testCases", {"expectedTools": "a"}, 400, "expectedTools: "),
    ("/testCases", {"isAugmented": "no"}, 400, "isAugmented: "),
]


def _with_ids(body: dict[str, Any], world: World, session: str) -> dict[str, Any]:
    known = {f"${name}": getattr(world, name) for name in World.__annotations__}
    known["$session"] = session
    return {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in body.items()
        if value is not OMITTED
    }


@pytest.mark.parametrize(("path", "fields", "status", "names"), INVALID)
def test_create_with_invalid_body_names_the_field_and_stores_nothing(
    api: Gateway,
    world: World,
    session: str,
    path: str,
    fields: dict[str, Any],
    status: int,
    names: str,
) -> None:
    lists = [api("GET", one).text for one in LISTS]
    answer = api("POST", path, _with_ids(VALID[path] | fields, world, session))
    assert answer.status == status, answer.text
    assert answer.json.keys() == {"error", "message"}
    assert answer.json["message"].startswith(names), answer.json
    assert [api("GET", one).text for one in LISTS] == lists


RAW = ["", "{", "nope", '{"versionId": NaN}', "[" * 500, "[]", '"text"']


@pytest.mark.parametrize("raw", RAW)
def test_create_without_json_object_is_rejected(api: Gateway, raw: str) -> None:
    answer = api("POST", "/sessions", raw=raw)
    assert answer.status == 400
    assert answer.json.keys() == {"error", "message"}


@pytest.mark.parametrize("size", [500_000, 1_100_000])
def test_create_of_too_large_session_is_rejected(api: Gateway, world: World, size: int) -> None:
    body = {"versionId": world.version, "metadata": {"text": "a" * size}}
    answer = api("POST", "/sessions", body)
    assert (answer.status, answer.json["error"]) == (413, "payload_too_large")
    assert api("GET", "/sessions").json == []


#: Invalid queries of every list; the message begins with the name of the parameter.
QUERIES = [
    *("limit=0", "limit=10001", "limit=many", "limit=", "offset=-1", "offset=1.5", "cursor=abc"),
    *("sort=color", "sort=createdAt,up", "sort[]=createdAt&sort[]=desc&sort[]=id"),
    *("fromCreatedAt=yesterday", "toCreatedAt=2026-13-01"),
    "toCreatedAt=0001-01-01T00:00:00%2B14:00",
    "&".join(f"ids={number}" for number in range(101)),
]


@pytest.mark.parametrize(
    ("url", "names"),
    [
        *(
            (f"{path}?{query}", f"{re.split(r'\W', query)[0]}: ")
            for path in LISTS
            for query in QUERIES
        ),
        ("/sessions?versionId=a", "versionId: is not a filter of this list; use versionIds."),
        ("/sessions?status=FAILED", "status: is not a filter of this list; use statuses."),
        ("/sessions?statuses=OPEN", "statuses: must be PENDING, COMPLETED or FAILED."),
        ("/inferenceResults?sessionId[]=a", "sessionId: "),
        ("/products?name=Shop", "name: "),
        ("/versions?productId=a", "productId: "),
        ("/tests?type=SCENARIOS", "type: "),
        ("/testCases?testId=a", "testId: "),
        ("/testCases?strategy=a", "strategy: "),
        ("/testCases?reviewed=maybe", "reviewed: must be true or false."),
        ("/testCases?userScore=good", "userScore: must be an integer"),
        ("/testCases?input=" + "a" * 1025, "input: must have at most 1024 characters."),
        ("/products?names=b&names=" + "a" * 1025, "names: must have at most 1024 characters."),
        ("/products?" + "names=a&" * 101, "names: must have at most 100 values."),
        ("/sessions?cursor=" + "a" * 2001, "cursor: must have at most 2000 characters."),
    ],
)
def test_list_with_invalid_parameter_names_it(api: Gateway, url: str, names: str) -> None:
    answer = api("GET", url)
    assert answer.status == 400
    assert answer.json["message"].startswith(names), answer.json


@pytest.mark.parametrize("path", LISTS)
def test_list_names_the_parameters_that_it_ignores(api: Gateway, path: str) -> None:
    known = "limit=5&sort=-createdAt&offset=0&fromCreatedAt=2026-01-01"
    answer = api("GET", f"{path}?{known}&pageSize=9&foo[bar]=1&_=1")
    assert (answer.status, answer.json) == (200, [])
    assert answer.headers["x-ignored-fields"] == "pageSize, foo[bar], _"
    assert "x-ignored-fields" not in api("GET", f"{path}?limit=5").headers


@pytest.mark.parametrize(
    ("path", "fields", "ignored"),
    [
        ("/products", {"riskLevel": "HIGH", "useCase": None}, "riskLevel, useCase"),
        ("/versions", {"parentVersionId": None}, "parentVersionId"),
        ("/testCases", {"id": "mine", "seedSessionId": "a"}, "id, seedSessionId"),
        ("/sessions", {"isSeed": False, "context": {"any": 1}}, "isSeed"),
        (BATCH, {"conversationTurns": [MESSAGE | {"name": "a"}]}, "conversationTurns.name"),
        ("/inferenceResults", {"index": 7, "userId": "a", "files": []}, "index, userId, files"),
    ],
)
def test_create_names_the_fields_that_it_ignores(
    api: Gateway, world: World, session: str, path: str, fields: dict[str, Any], ignored: str
) -> None:
    answer = api("POST", path, _with_ids(VALID[path] | fields, world, session))
    assert answer.status == 201, answer.text
    assert answer.headers["x-ignored-fields"] == ignored


@pytest.mark.parametrize("path", LISTS)
def test_get_and_list_with_invalid_id_are_not_found(api: Gateway, path: str) -> None:
    for identifier in ("nonsense", "ir_" + "0" * 40, "session_" + UNKNOWN, "%20"):
        assert api("GET", f"{path}/{identifier}").status == 404
        answer = api("GET", f"{path}?ids[]={identifier}")
        assert answer.status == 404
        assert answer.json["message"].startswith("ids: ")


def test_create_with_read_only_key_is_forbidden(api: Gateway, world: World) -> None:
    reader = Gateway(organization_id=api.organization_id, scopes="read")
    answer = reader("POST", "/sessions", {"versionId": world.version})
    assert (answer.status, answer.json["error"]) == (403, "forbidden")
    assert reader("GET", "/sessions").json == []


def test_number_without_fraction_is_an_integer(api: Gateway) -> None:
    """JSON has one kind of number: clients in JavaScript may write 3 as 3.0."""
    world = new_world(api)
    session = new_session(api, world.version)["id"]

    turn = new_turn(api, session, input="Hi", inputTokens=3.0, outputTokens=0.0)

    assert turn["inputTokens"] == 3
    for value in (3.5, "3", True):
        answer = api("POST", "/inferenceResults", {"sessionId": session, "inputTokens": value})
        assert answer.status == 400, answer.text
