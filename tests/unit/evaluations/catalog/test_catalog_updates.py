"""Updates of catalog entities through the API."""

from typing import Any

from tests.support.evaluations import World, ids, new_entity
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.unit.evaluations.catalog.conftest import url_of

#: Fields to change, by path.
CHANGES: dict[str, dict[str, Any]] = {
    "/products": {"name": "Bank", "description": "b"},
    "/versions": {"name": "b", "systemPrompt": None, "modelId": "m"},
    "/tests": {"name": "b", "type": None, "maxIterations": 3, "metadata": [1]},
    "/testCases": {"input": {"user_message": "b"}, "goal": "c", "stoppingCriterias": ["d"],
                   "isAugmented": True},
}  # fmt: skip


def test_update_changes_only_the_fields_sent(api: Gateway, world: World, path: str) -> None:
    before = api("GET", url_of(world, path))
    changes = CHANGES[path]
    with counted_requests() as requests:
        answer = api("PATCH", url_of(world, path), changes)
    assert (answer.status, answer.json) == (200, before.json | changes)
    assert requests == {"GetItem": 1, "PutItem": 1}
    read = api("GET", url_of(world, path))
    assert (read.json, read.headers["etag"]) == (answer.json, answer.headers["etag"])
    assert answer.headers["etag"] != before.headers["etag"]
    again = api("PATCH", url_of(world, path), answer.json)
    assert (again.status, again.json) == (200, answer.json)


def _strings(names: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names.split(), ("a", "b"))


#: Every field that a client sets, by path: a value at creation, and one to change it to.
EVERY_FIELD: dict[str, dict[str, tuple[Any, Any]]] = {
    "/products": {**_strings("name description")},
    "/versions": {
        **_strings("name description systemPrompt modelId datasetDescription datasetUri guardrails")
    },
    "/tests": {
        **_strings("name type languageCode groundTruthUri fewShot uri status customUserPersona"),
        **_strings("customVariantDescription"),
        "variants": (["a"], ["b"]), "strategies": (["a"], ["b"]), "maxTestCases": (1, 2),
        "maxIterations": (1, 2), "metadata": ({"a": 1}, [2]),
    },
    "/testCases": {
        **_strings("expectedOutput userPersona scenario goal variant strategy languageCode source"),
        **_strings("sourceFile sourceTestCaseId reviewedById confidenceReason userScoreReason"),
        "input": ({"a": 1}, {"b": 2}), "context": ({"a": 1}, {"b": 2}), "maxIterations": (1, 2),
        "expectedTools": (["a"], ["b"]), "stoppingCriterias": (["a"], ["b"]),
        "isAugmented": (True, False), "confidence": (0.5, 1.0), "userScore": (1, 2),
    },
}  # fmt: skip


def test_every_field_is_created_and_updated(api: Gateway, world: World, path: str) -> None:
    first, second = ({name: pair[at] for name, pair in EVERY_FIELD[path].items()} for at in (0, 1))
    created = new_entity(api, path, productId=world.product, testId=world.test, **first)
    assert {name: created[name] for name in first} == first
    service_fields = {
        "id", "userId", "createdAt", "deletedAt", "organizationId", "productId", "testId",
        "creditsUsed",
    }  # fmt: skip
    assert created.keys() - service_fields == first.keys()
    url = f"{path}/{created['id']}"
    assert api("PATCH", url, second).json == created | second
    assert api("GET", url).json == created | second


def test_renamed_product_is_listed_by_its_new_name(api: Gateway, world: World) -> None:
    api("PATCH", f"/products/{world.product}", {"name": "Bank"})
    assert ids(api, "/products?names=Bank") == [world.product]
    assert ids(api, "/products?names=Shop") == []
