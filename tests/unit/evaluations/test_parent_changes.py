"""Products, versions, tests and test cases through the API: changed."""

from typing import Any

import pytest

from tests.support.evaluations import World, ids, made
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

#: By path: the field of World, what to change, what may not change.
CHANGES: dict[str, tuple[str, dict[str, Any], str]] = {
    "/products": ("product", {"name": "Bank", "description": "b"}, "organizationId"),
    "/versions": ("version", {"name": "b", "systemPrompt": None, "modelId": "m"}, "productId"),
    "/tests": ("test", {"name": "b", "type": None, "maxIterations": 3, "metadata": [1]},
               "productId"),
    "/testCases": ("test_case", {"input": {"user_message": "b"}, "goal": "c",
                                 "stoppingCriterias": ["d"], "isAugmented": True}, "testId"),
}  # fmt: skip


def _url(world: World, path: str) -> str:
    return f"{path}/{getattr(world, CHANGES[path][0])}"


@pytest.mark.parametrize("path", CHANGES)
def test_given_some_fields_when_updated_then_only_those_change(
    api: Gateway, world: World, path: str
) -> None:
    before = api("GET", _url(world, path))
    told = CHANGES[path][1]
    with counted_requests() as requests:
        answer = api("PATCH", _url(world, path), told)
    assert (answer.status, answer.json) == (200, before.json | told)
    assert requests == {"GetItem": 1, "PutItem": 1}
    read = api("GET", _url(world, path))
    assert (read.json, read.headers["etag"]) == (answer.json, answer.headers["etag"])
    assert answer.headers["etag"] != before.headers["etag"]
    again = api("PATCH", _url(world, path), answer.json)
    assert (again.status, again.json) == (200, answer.json)


def _texts(names: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names.split(), ("a", "b"))


#: All that a client may set, by path: a value to create it with, and one to change it to.
EVERY_FIELD: dict[str, dict[str, tuple[Any, Any]]] = {
    "/products": {**_texts("name description")},
    "/versions": {
        **_texts("name description systemPrompt modelId datasetDescription datasetUri guardrails")
    },
    "/tests": {
        **_texts("name type languageCode groundTruthUri fewShot uri status customUserPersona"),
        **_texts("customVariantDescription"),
        "variants": (["a"], ["b"]), "strategies": (["a"], ["b"]), "maxTestCases": (1, 2),
        "maxIterations": (1, 2), "metadata": ({"a": 1}, [2]),
    },
    "/testCases": {
        **_texts("expectedOutput userPersona scenario goal variant strategy languageCode source"),
        **_texts("sourceFile sourceTestCaseId reviewedById confidenceReason userScoreReason"),
        "input": ({"a": 1}, {"b": 2}), "context": ({"a": 1}, {"b": 2}), "maxIterations": (1, 2),
        "expectedTools": (["a"], ["b"]), "stoppingCriterias": (["a"], ["b"]),
        "isAugmented": (True, False), "confidence": (0.5, 1.0), "userScore": (1, 2),
    },
}  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
def test_given_every_field_when_created_and_changed_then_it_is_answered(
    api: Gateway, world: World, path: str
) -> None:
    first, second = ({name: pair[at] for name, pair in EVERY_FIELD[path].items()} for at in (0, 1))
    created = made(api, path, productId=world.product, testId=world.test, **first)
    assert {name: created[name] for name in first} == first
    set_by_the_service = {
        "id", "userId", "createdAt", "deletedAt", "organizationId", "productId", "testId",
        "creditsUsed",
    }  # fmt: skip
    assert created.keys() - set_by_the_service == first.keys()
    url = f"{path}/{created['id']}"
    assert api("PATCH", url, second).json == created | second
    assert api("GET", url).json == created | second


@pytest.mark.parametrize("path", CHANGES)
def test_given_a_stale_etag_when_written_then_nothing_happens(
    api: Gateway, world: World, path: str
) -> None:
    stale = {"if-match": '"99"'}
    before = api("GET", _url(world, path)).json
    assert api("PATCH", _url(world, path), CHANGES[path][1], headers=stale).status == 412
    assert api("DELETE", _url(world, path), headers=stale).status == 412
    assert api("GET", _url(world, path)).json == before


@pytest.mark.parametrize("path", CHANGES)
def test_given_a_bad_change_when_updated_then_it_is_refused_by_name(
    api: Gateway, world: World, path: str
) -> None:
    before = api("GET", _url(world, path)).json
    fixed = ("id", "createdAt", "userId", "deletedAt", CHANGES[path][2])
    refused: list[dict[str, Any]] = [{name: "2026-01-01T00:00:00Z"} for name in fixed]
    if path != "/testCases":
        refused += [{"name": None}, {"name": ""}, {"name": 7}]
    for told in refused:
        [name] = told
        answer = api("PATCH", _url(world, path), told)
        assert (answer.status, answer.json["message"].split(":")[0]) == (400, name)
    assert api("GET", _url(world, path)).json == before


def test_given_a_new_name_when_listed_then_it_is_found_by_that(api: Gateway, world: World) -> None:
    api("PATCH", f"/products/{world.product}", {"name": "Bank"})
    assert ids(api, "/products?names=Bank") == [world.product]
    assert ids(api, "/products?names=Shop") == []


@pytest.mark.parametrize("path", CHANGES)
def test_given_another_organisation_when_it_writes_then_the_thing_is_unknown(
    api: Gateway, other_api: Gateway, world: World, path: str
) -> None:
    before = api("GET", _url(world, path)).json
    for url in (_url(world, path), f"{path}/nonsense"):
        assert other_api("PATCH", url, {}).status == 404
        assert other_api("DELETE", url).status == 404
    assert api("GET", _url(world, path)).json == before
