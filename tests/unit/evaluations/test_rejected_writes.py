"""Rejected updates and deletes of every kind: invalid, stale, or of another organization."""

from typing import Any

import pytest

from tests.support.evaluations import USER, World, new_turn, send_batch
from tests.support.gateway import Gateway

type Write = tuple[str, str, Any]


def _writes(change: dict[str, Any], *more: Write) -> list[Write]:
    return [("PATCH", "", change), ("DELETE", "", None), *more]


#: Method, path below the entity, and body of each write, by path of the kind.
WRITES = {
    "/products": _writes({"name": "b"}),
    "/versions": _writes({"name": "b"}),
    "/tests": _writes({"name": "b"}),
    "/testCases": _writes({"goal": "b"}),
    "/sessions": _writes({"error": "b"}, ("PATCH", "/finish", {"error": "b"})),
    "/inferenceResults": _writes({"error": "b"}),
}
#: The kinds whose entity has no children here.
CHILDLESS = ("/testCases", "/sessions", "/inferenceResults")

TIME = "2026-01-01T00:00:00Z"
NAMED = ("/products", "/versions", "/tests")
READ_ONLY = ("id", "userId", "createdAt", "deletedAt")
INVALID: list[tuple[str, Any, str]] = [
    *((path, {name: TIME}, name) for path in WRITES for name in READ_ONLY),
    ("/products", {"organizationId": TIME}, "organizationId"),
    ("/versions", {"productId": TIME}, "productId"),
    ("/tests", {"productId": TIME}, "productId"),
    ("/testCases", {"testId": TIME}, "testId"),
    *((path, {"name": name}, "name") for path in NAMED for name in (None, "", 7)),
    ("/sessions", {"versionId": "version_" + "0" * 32}, "versionId"),
    ("/sessions", {"versionId": None}, "versionId"),
    ("/sessions", {"createdAt": "yesterday"}, "createdAt"),
    ("/sessions", {"testCaseId": "testCase_" + "0" * 32}, "testCaseId"),
    ("/sessions", {"customId": ""}, "customId"),
    ("/sessions", {"customId": 7}, "customId"),
    ("/sessions", {"customId": "a" * 1025}, "customId"),
    ("/sessions", {"status": "OPEN"}, "status"),
    ("/sessions", {"status": None}, "status"),
    ("/sessions", {"isProduction": None}, "isProduction"),
    ("/sessions", {"isProduction": "no"}, "isProduction"),
    ("/sessions", {"context": 7}, "context"),
    ("/sessions", {"metadata": "text"}, "metadata"),
    ("/sessions", {"error": 7}, "error"),
    ("/sessions", [], ""),
    ("/inferenceResults", {"sessionId": "session_" + "0" * 32}, "sessionId"),
    ("/inferenceResults", {"index": 1}, "index"),
    ("/inferenceResults", {"status": None}, "status"),
    ("/inferenceResults", {"status": "DONE"}, "status"),
    ("/inferenceResults", {"input": 7}, "input"),
    ("/inferenceResults", {"inputTokens": -1}, "inputTokens"),
    ("/inferenceResults", {"inputTokens": 1.5}, "inputTokens"),
    ("/inferenceResults", {"latency": -1}, "latency"),
    ("/inferenceResults", {"cost": 1e16}, "cost"),
    ("/inferenceResults", {"actualOutput": ["a"]}, "actualOutput"),
]


@pytest.fixture
def ids(api: Gateway, world: World, session: str) -> dict[str, str]:
    """The id of one entity of each kind."""
    return {
        "/products": world.product,
        "/versions": world.version,
        "/tests": world.test,
        "/testCases": world.test_case,
        "/sessions": session,
        "/inferenceResults": new_turn(api, session, input="a")["id"],
    }


@pytest.mark.parametrize(("path", "fields", "name"), INVALID)
def test_update_with_invalid_field_names_it(
    api: Gateway, ids: dict[str, str], path: str, fields: Any, name: str
) -> None:
    url = f"{path}/{ids[path]}"
    before = api("GET", url)
    answer = api("PATCH", url, fields)
    assert answer.status == 400
    assert answer.json["message"].startswith(f"{name}: " if name else ""), answer.json
    after = api("GET", url)
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])


@pytest.mark.parametrize("path", WRITES)
def test_write_with_stale_etag_fails(api: Gateway, ids: dict[str, str], path: str) -> None:
    url = f"{path}/{ids[path]}"
    stale = {"if-match": api("GET", url).headers["etag"]}
    _, _, change = WRITES[path][0]
    changed = api("PATCH", url, change, headers=stale)
    assert changed.status == 200
    for method, below, body in WRITES[path]:
        assert api(method, url + below, body, headers=stale).status == 412
    assert api("GET", url).json == changed.json
    deleted = api("DELETE", url, headers={"if-match": changed.headers["etag"]})
    assert deleted.status == (204 if path in CHILDLESS else 400)


@pytest.mark.parametrize("path", WRITES)
def test_write_by_another_organization_is_not_found(
    api: Gateway, other_api: Gateway, ids: dict[str, str], path: str
) -> None:
    url = f"{path}/{ids[path]}"
    before = api("GET", url).json
    for method, below, body in WRITES[path]:
        assert other_api(method, url + below, body).status == 404
        assert other_api(method, f"{path}/nonsense{below}", body).status == 404
    assert api("GET", url).json == before


def test_batch_in_session_of_another_organization_is_not_found(
    api: Gateway, other_api: Gateway, session: str
) -> None:
    assert send_batch(other_api, session, USER | {"content": "a"}).status == 404
    assert other_api("DELETE", "/sessions/batch", {"ids": [session]}).status == 404
    assert api("GET", f"/sessions/{session}").status == 200
