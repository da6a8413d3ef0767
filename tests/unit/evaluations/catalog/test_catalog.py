"""Catalog entities through the API: create, get and list."""

import re
from typing import Any

import pytest
from pydantic.alias_generators import to_snake

from shared.evaluations.catalog import wiring
from tests.support.evaluations import World, ids, new_entity
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

#: Bodies of the official SDK: every field that it knows, most of them null.
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
    body: dict[str, dict[str, Any]] = {
        "/products": {"name": "Bank"},
        "/versions": {"productId": world.product, **VERSION},
        "/tests": {"productId": world.product, **TEST},
        "/testCases": {"testId": world.test, **TEST_CASE},
    }
    return new_entity(api, path, **body[path])


def test_created_product_has_the_fields_of_the_sdk(api: Gateway) -> None:
    product = new_entity(api, "/products", name="Bank", riskLevel="HIGH")
    assert product == {
        "id": product["id"],
        "organizationId": str(api.organization_id),
        "userId": str(api.key_id),
        "name": "Bank",
        "description": "",  # the SDK's model does not accept null
        "createdAt": product["createdAt"],
        "deletedAt": None,
    }


@pytest.mark.parametrize(("path", "sent"), [("/versions", VERSION), ("/tests", TEST)])
def test_created_version_and_test_keep_the_fields_of_the_sdk(
    api: Gateway, world: World, path: str, sent: dict[str, Any]
) -> None:
    created = _create(api, world, path)
    assert created["productId"] == world.product
    assert {key: created[key] for key in created.keys() & sent.keys()} == {
        key: value for key, value in sent.items() if key in created
    }


def test_strings_of_created_test_case_become_objects(api: Gateway, world: World) -> None:
    case = _create(api, world, "/testCases")
    plain = {key for key in TEST_CASE.keys() & case.keys() if key != "input"}
    assert {key: case[key] for key in plain} == {key: TEST_CASE[key] for key in plain}
    assert case["input"] == {"user_message": "Hello"}
    with_text = new_entity(api, "/testCases", testId=world.test, context="x")
    assert with_text["context"] == {"value": "x"}


def test_nulls_of_created_test_case_become_empty(api: Gateway, world: World) -> None:
    empty: dict[str, Any] = {
        "input": {}, "context": {}, "expectedTools": [], "stoppingCriterias": [],
    }  # fmt: skip
    nulls = dict.fromkeys([*empty, "isAugmented"])
    case = new_entity(api, "/testCases", testId=world.test, **nulls)
    assert {key: case[key] for key in nulls} == empty | {"isAugmented": False}


@pytest.mark.parametrize("name", [None, ""])
def test_version_without_name_is_numbered(api: Gateway, world: World, name: str | None) -> None:
    assert new_entity(api, "/versions", productId=world.product, name=name)["name"] == "v2"
    assert new_entity(api, "/versions", productId=world.product)["name"] == "v3"


def test_get_returns_the_created_entity(
    api: Gateway, other_api: Gateway, world: World, path: str
) -> None:
    created = _create(api, world, path)
    with counted_requests() as requests:
        read = api("GET", f"{path}/{created['id']}")
    assert (read.status, read.json) == (200, created)
    assert read.headers["etag"] == '"1"'
    assert re.fullmatch(r"[A-Za-z]+_[0-9a-f]{32}", created["id"])
    assert requests == {"GetItem": 1}
    assert other_api("GET", f"{path}/{created['id']}").status == 404
    assert other_api("GET", f"{path}?ids={created['id']}").status == 404
    assert other_api("GET", path).json == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/products", ["bank", "shop"]),
        ("/products?names=Bank", ["bank"]),
        ("/products?names=Bank&names=Shop&sort=createdAt", ["shop", "bank"]),
        ("/products?names=Unknown", []),
        ("/products?ids={shop}&ids={bank}", ["bank", "shop"]),
        ("/products?ids={shop}&names=Bank", []),
        ("/versions?productIds={shop}", ["two", "one"]),
        ("/versions?productIds={shop}&productIds={bank}&limit=2", ["same", "two"]),
        ("/versions?productIds={bank}&names=one", ["same"]),
        ("/versions?names=one&sort[]=createdAt&sort[]=asc", ["one", "same"]),
        ("/versions?ids={one}&ids={same}&productIds={shop}", ["one"]),
        ("/versions?productIds=nonsense", []),
        ("/versions?ids={one}&productIds=nonsense", []),
        ("/versions?offset=1&limit=1", ["two"]),
        ("/versions?parentVersionIds={one}", []),
        ("/tests?productIds={shop}&names=Orders&types=SCENARIOS", ["test"]),
        ("/tests?productIds={shop}&names=Orders&types=QUALITY", []),
        ("/testCases?testIds={test}", ["case"]),
        ("/testCases?testIds={test}&includeLegacy=true", ["case"]),
        ("/testCases?toCreatedAt=2020-01-01", []),
    ],
)
def test_list_returns_the_entities_that_match(
    api: Gateway, world: World, url: str, expected: list[str]
) -> None:
    bank = new_entity(api, "/products", name="Bank")["id"]
    known = {
        "shop": world.product, "bank": bank, "one": world.version, "test": world.test,
        "case": world.test_case,
        "two": new_entity(api, "/versions", productId=world.product, name="two")["id"],
        "same": new_entity(api, "/versions", productId=bank, name="one")["id"],
    }  # fmt: skip
    assert ids(api, url.format(**known)) == [known[name] for name in expected]


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
def test_list_of_test_cases_applies_each_filter(
    api: Gateway, world: World, query: str, expected: list[str]
) -> None:
    english = new_entity(
        api, "/testCases", testId=world.test, languageCode="en", strategy="direct",
        expectedTools=["search"], reviewedById="me", userScore=1, input={"order": 42},
    )["id"]  # fmt: skip
    spanish = new_entity(
        api, "/testCases", testId=world.test, languageCode="es-MX", variant="typos",
        expectedTools=["search", "refund", "call"], userScore=-1, input="A refund NOW",
    )["id"]  # fmt: skip
    known = {"english": english, "spanish": spanish, "case": world.test_case}
    found = ids(api, f"/testCases?testIds={world.test}&{query.format(**known)}")
    assert found == [known[name] for name in expected]


def test_entities_that_exceed_later_limits_stay_readable(api: Gateway, world: World) -> None:
    large = {"user_score": 5_000_000, "max_iterations": 2**40, "scenario": "s" * 200_001}
    test = new_entity(api, "/tests", productId=world.product, name="Large")["id"]
    wiring.test_cases().create(api.organization_id, api.key_id, {"test_id": test} | large)

    listed = api("GET", f"/testCases?testIds={test}")

    assert listed.status == 200
    [found] = listed.json
    assert {to_snake(name): value for name, value in found.items()}.items() >= large.items()
    assert api("GET", f"/testCases/{found['id']}").json == found


def test_list_by_name_costs_one_query_a_shard(api: Gateway, world: World) -> None:
    with counted_requests() as requests:
        ids(api, f"/versions?productIds[]={world.product}&names[]=one")
    assert requests == {"Query": 3}


def test_cursor_continues_the_list(api: Gateway, world: World) -> None:
    for _ in range(4):
        new_entity(api, "/versions", productId=world.product)
    first = api("GET", f"/versions?productIds={world.product}&limit=3")
    cursor = first.headers["x-next-cursor"]
    rest = api("GET", f"/versions?productIds={world.product}&limit=3&cursor={cursor}")
    names = [version["name"] for version in first.json + rest.json]
    assert names == ["v5", "v4", "v3", "v2", "one"]
    assert "x-next-cursor" not in rest.headers
