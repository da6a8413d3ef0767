"""Products, versions, tests and test cases through the API."""

import re
from typing import Any

import pytest

from tests.support.evaluations import World, ids, made
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

KEY = {"idempotency-key": "k"}

#: What the official SDK sends to create each: every field it knows, most of them null.
VERSION = {
    "name": "one", "datasetDescription": None, "datasetUri": None, "description": "first",
    "guardrails": None, "systemPrompt": "Be brief.", "modelId": None, "parentVersionId": None,
    "otelOutputSourceRule": None, "conversationEndpointConnectionId": None,
}  # fmt: skip
TEST = {
    "name": "Orders", "type": "SCENARIOS", "languageCode": None, "groundTruthUri": None,
    "fewShot": None, "customUserPersona": None, "variants": None, "strategies": ["a"],
    "customVariantDescription": None, "maxTestCases": None, "maxIterations": 5, "uri": None,
    "status": None, "metadata": {"a": 1}, "specificationIds": None, "specificationId": None,
}  # fmt: skip
TEST_CASE = {
    "input": "Hello", "context": {"value": "A shop", "tier": "gold"}, "expectedOutput": "Hi",
    "expectedTools": ["search"], "variant": None, "strategy": None, "userPersona": "In a hurry",
    "scenario": "Late order", "goal": "A date", "maxIterations": 4,
    "stoppingCriterias": ["Date told"], "seedSessionId": None, "source": None, "sourceFile": None,
    "isAugmented": False, "reviewedById": None, "languageCode": "en", "gender": None,
    "userScore": None, "userScoreReason": None, "confidence": None, "confidenceReason": None,
}  # fmt: skip


def _create(api: Gateway, world: World, path: str) -> dict[str, Any]:
    return {
        "/products": lambda: made(api, path, name="Bank"),
        "/versions": lambda: made(api, path, productId=world.product, **VERSION),
        "/tests": lambda: made(api, path, productId=world.product, **TEST),
        "/testCases": lambda: made(api, path, testId=world.test, **TEST_CASE),
    }[path]()


PATHS = ("/products", "/versions", "/tests", "/testCases")


def test_given_a_product_when_created_then_the_sdk_can_read_it(api: Gateway) -> None:
    product = made(api, "/products", name="Bank", riskLevel="HIGH")
    assert product == {
        "id": product["id"],
        "organizationId": str(api.organization_id),
        "userId": str(api.key_id),
        "name": "Bank",
        "description": "",  # a text, because the SDK's model has no null there
        "createdAt": product["createdAt"],
        "deletedAt": None,
    }


def test_given_what_the_sdk_sends_when_created_then_it_is_kept(api: Gateway, world: World) -> None:
    for path, sent in (("/versions", VERSION), ("/tests", TEST)):
        created = _create(api, world, path)
        assert created["productId"] == world.product
        assert {key: created[key] for key in created.keys() & sent.keys()} == {
            key: value for key, value in sent.items() if key in created
        }


def test_given_a_test_case_when_created_then_texts_become_objects(
    api: Gateway, world: World
) -> None:
    case = _create(api, world, "/testCases")
    plain = {key for key in TEST_CASE.keys() & case.keys() if key != "input"}
    assert {key: case[key] for key in plain} == {key: TEST_CASE[key] for key in plain}
    assert case["input"] == {"user_message": "Hello"}
    assert made(api, "/testCases", testId=world.test, context="x")["context"] == {"value": "x"}


def test_given_an_empty_test_case_when_created_then_objects_and_arrays_are_empty(
    api: Gateway, world: World
) -> None:
    nulls = {"input": None, "context": None, "expectedTools": None, "stoppingCriterias": None}
    case = made(api, "/testCases", testId=world.test, isAugmented=None, **nulls)
    assert {key: case[key] for key in nulls} == {
        "input": {},
        "context": {},
        "expectedTools": [],
        "stoppingCriterias": [],
    }
    assert case["isAugmented"] is False


@pytest.mark.parametrize("name", [None, ""])
def test_given_a_version_without_a_name_when_created_then_it_is_numbered(
    api: Gateway, world: World, name: str | None
) -> None:
    assert made(api, "/versions", productId=world.product, name=name)["name"] == "v2"
    assert made(api, "/versions", productId=world.product)["name"] == "v3"


@pytest.mark.parametrize("path", PATHS)
def test_given_any_of_the_four_when_read_then_it_is_as_created(
    api: Gateway, world: World, path: str
) -> None:
    created = _create(api, world, path)
    with counted_requests() as requests:
        read = api("GET", f"{path}/{created['id']}")
    assert (read.status, read.json) == (200, created)
    assert read.headers["etag"] == '"1"'
    assert re.fullmatch(r"[A-Za-z]+_[0-9a-f]{32}", created["id"])
    assert requests == {"GetItem": 1}


@pytest.mark.parametrize("path", PATHS)
def test_given_another_organisation_when_it_looks_then_nothing_is_there(
    api: Gateway, other_api: Gateway, world: World, path: str
) -> None:
    created = _create(api, world, path)
    assert other_api("GET", f"{path}/{created['id']}").status == 404
    assert other_api("GET", f"{path}?ids={created['id']}").status == 404
    assert other_api("GET", path).json == []


@pytest.mark.parametrize("path", PATHS)
def test_given_20_clients_with_one_idempotency_key_when_they_race_then_one_is_made(
    api: Gateway, world: World, path: str
) -> None:
    before = len(ids(api, path))
    body = {"name": "a", "productId": world.product, "testId": world.test}
    answers = race(api, "POST", path, body, headers=KEY)
    other = api("POST", path, {**body, "name": "b"}, headers=KEY)
    assert {(answer.status, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert {answer.headers.get("idempotent-replayed") for answer in answers} == {None, "true"}
    assert other.status == 422
    assert len(ids(api, path)) == before + 1


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/products", "", ["bank", "shop"]),
        ("/products", "names=Bank", ["bank"]),
        ("/products", "names=Bank&names=Shop&sort=createdAt", ["shop", "bank"]),
        ("/products", "names=Unknown", []),
        ("/products", "ids={shop}&ids={bank}", ["bank", "shop"]),
        ("/products", "ids={shop}&names=Bank", []),
        ("/versions", "productIds={shop}", ["two", "one"]),
        ("/versions", "productIds={shop}&productIds={bank}&limit=2", ["same", "two"]),
        ("/versions", "productIds={bank}&names=one", ["same"]),
        ("/versions", "names=one&sort[]=createdAt&sort[]=asc", ["one", "same"]),
        ("/versions", "ids={one}&ids={same}&productIds={shop}", ["one"]),
        ("/versions", "productIds=nonsense", []),
        ("/versions", "ids={one}&productIds=nonsense", []),
        ("/versions", "offset=1&limit=1", ["two"]),
        ("/tests", "productIds={shop}&names=Orders&types=SCENARIOS", ["test"]),
        ("/tests", "productIds={shop}&names=Orders&types=QUALITY", []),
        ("/testCases", "testIds={test}", ["case"]),
        ("/testCases", "testIds={test}&includeLegacy=true", ["case"]),
        ("/testCases", "toCreatedAt=2020-01-01", []),
    ],
)
def test_given_filters_when_listed_then_those_that_match_come(
    api: Gateway, world: World, path: str, query: str, expected: list[str]
) -> None:
    bank = made(api, "/products", name="Bank")["id"]
    known = {
        "shop": world.product, "bank": bank, "one": world.version, "test": world.test,
        "case": world.test_case,
        "two": made(api, "/versions", productId=world.product, name="two")["id"],
        "same": made(api, "/versions", productId=bank, name="one")["id"],
    }  # fmt: skip
    assert ids(api, f"{path}?" + query.format(**known)) == [known[name] for name in expected]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("languages=en", ["english"]),
        ("languages=en&languages[]=es-MX", ["spanish", "english"]),
        ("languages=fr", []),
        ("variants=typos", ["spanish"]),
        ("strategies=direct", ["english"]),
        ("strategies=direct&variants=typos", []),
        ("expectedTools=search", ["spanish", "english"]),
        ("expectedTools=search&expectedTools=refund", ["spanish"]),
        ("reviewed=True", ["english"]),
        ("reviewed=false", ["spanish", "case"]),
        ("userScore=1", ["english"]),
        ("userScore=-1", ["spanish"]),
        ("userScore=0", ["case"]),
        ("input=REFUND%20now", ["spanish"]),
        ("input=42", ["english"]),
        ("input=order", []),
        ("includeLegacy=True", ["spanish", "english", "case"]),
        ("languages=en&ids={english}&ids={spanish}", ["english"]),
    ],
)
def test_given_filters_of_the_sdk_when_test_cases_are_listed_then_each_counts(
    api: Gateway, world: World, query: str, expected: list[str]
) -> None:
    english = made(
        api, "/testCases", testId=world.test, languageCode="en", strategy="direct",
        expectedTools=["search"], reviewedById="me", userScore=1, input={"order": 42},
    )["id"]  # fmt: skip
    spanish = made(
        api, "/testCases", testId=world.test, languageCode="es-MX", variant="typos",
        expectedTools=["search", "refund", "call"], userScore=-1, input="A refund NOW",
    )["id"]  # fmt: skip
    known = {"english": english, "spanish": spanish, "case": world.test_case}
    found = ids(api, f"/testCases?testIds={world.test}&{query.format(**known)}")
    assert found == [known[name] for name in expected]


def test_given_a_version_to_come_from_when_versions_are_listed_then_none_does(
    api: Gateway, world: World
) -> None:
    assert ids(api, f"/versions?parentVersionIds={world.version}") == []


def test_given_names_when_listed_then_it_costs_one_query_a_shard(
    api: Gateway, world: World
) -> None:
    with counted_requests() as requests:
        ids(api, f"/versions?productIds[]={world.product}&names[]=one")
    assert requests == {"Query": 3}


def test_given_a_cursor_when_followed_then_the_whole_list_comes_once(
    api: Gateway, world: World
) -> None:
    for _ in range(4):
        made(api, "/versions", productId=world.product)
    first = api("GET", f"/versions?productIds={world.product}&limit=3")
    cursor = first.headers["x-next-cursor"]
    rest = api("GET", f"/versions?productIds={world.product}&limit=3&cursor={cursor}")
    names = [version["name"] for version in first.json + rest.json]
    assert names == ["v5", "v4", "v3", "v2", "one"]
    assert "x-next-cursor" not in rest.headers
