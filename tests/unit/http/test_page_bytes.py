"""Lists of the largest entities: every page fits into a response, and its cursor goes on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.http.responses import MAX_RESPONSE_BYTES
from shared.storage.records import body_text
from tests.support.creates import Ids, Step, run, send
from tests.support.gateway import Answer, Gateway
from tests.support.snapshot import stored_items
from tests.support.storage import TABLE, counted_requests
from tests.unit.playground.graphs import small

ENTITIES = 16
#: Replaced in the stored items: the API accepts no text as large as an item.
TEXT = "a text"
#: Bytes of the text as JSON in an item: with the rest below the 400 KB of an item.
TEXT_BYTES = 380_000
#: A character, and its bytes in a stored item: as JSON within JSON it takes up to 7.
CHARACTERS = {'"': 2, "\x00": 6}

_AGENT = Step("POST /v1/agents", {"name": "a", "system_prompt": "p"}, makes="agent")
_PRODUCT = Step("POST /products", {"name": "Shop"}, makes="product")
_VERSION = Step("POST /versions", {"productId": "{product}"}, makes="version")
_TEST = Step("POST /tests", {"productId": "{product}", "name": "t", "type": "X"}, makes="test")
_SESSION = Step("POST /sessions", {"versionId": "{version}"}, makes="session")
_WORKFLOW = Step("POST /v1/workflows", {"name": "w"}, makes="workflow")
_REVISION = Step(
    "POST /v1/workflows/{workflow}/revisions",
    {"name": "r", "instructions": "i"},
    makes="revision",
)
_PUT_GRAPH = Step(
    "PUT /v1/workflows/revisions/{revision}/graph", {"compiled_graph": small(persona=TEXT)}
)
_SCENARIO = {"name": "s", "intent": TEXT, "agent_ids": ["{agent_uuid}"]}
#: By list: the requests before, and the create.
LISTS: dict[str, tuple[tuple[Step, ...], Step]] = {
    "/v1/agents?limit=200": ((), Step("POST /v1/agents", {"name": "a", "system_prompt": TEXT})),
    "/v1/sessions?limit=200": (
        (_AGENT,),
        Step("POST /v1/sessions", {"agent_id": "{agent}", "title": TEXT}),
    ),
    "/v1/scenarios?limit=200": ((_AGENT,), Step("POST /v1/scenarios", _SCENARIO)),
    "/v1/workflows?limit=200": (
        (),
        Step("POST /v1/workflows", {"name": "w", "description": TEXT}),
    ),
    "/v1/workflows/{workflow}/revisions?limit=200": (
        (_WORKFLOW,),
        Step("POST /v1/workflows/{workflow}/revisions", {"name": "r", "instructions": TEXT}),
    ),
    "/v1/workflow/playground/sessions?limit=200": (
        (_WORKFLOW, _REVISION, _PUT_GRAPH),
        Step("POST /v1/workflow/playground/sessions", {"revision_id": "{revision}"}),
    ),
    "/products": ((), Step("POST /products", {"name": "p", "description": TEXT})),
    "/versions": (
        (_PRODUCT,),
        Step("POST /versions", {"productId": "{product}", "description": TEXT}),
    ),
    "/tests": (
        (_PRODUCT,),
        Step("POST /tests", {"productId": "{product}", "name": "t", "type": "X", "fewShot": TEXT}),
    ),
    "/testCases": (
        (_PRODUCT, _TEST),
        Step("POST /testCases", {"testId": "{test}", "input": "i", "goal": TEXT}),
    ),
    "/sessions": (
        (_PRODUCT, _VERSION),
        Step("POST /sessions", {"versionId": "{version}", "context": TEXT}),
    ),
    "/inferenceResults?sessionIds={session}": (
        (_PRODUCT, _VERSION, _SESSION),
        Step("POST /inferenceResults", {"sessionId": "{session}", "input": TEXT}),
    ),
}


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("character", CHARACTERS)
def test_list_of_largest_entities_has_pages_that_fit(
    dynamodb_table: Any, url: str, character: str
) -> None:
    api = Gateway()
    ids: Ids = {}
    before, create = LISTS[url]
    for step in before:
        run(api, step, ids)
    for _ in range(ENTITIES):
        run(api, create, ids)
    text = character * (TEXT_BYTES // CHARACTERS[character])
    _enlarge(dynamodb_table, text)

    with counted_requests() as requests:
        answers = list(_pages(api, url, ids))

    found = [item for answer in answers for item in _items(answer)]
    identifiers = {item.get("id") or item["session_id"] for item in found}
    assert len(identifiers) == len(found) == ENTITIES
    shown = json.dumps(text)[1:-1]
    assert all(shown in json.dumps(item) for item in found)
    assert 1 < len(answers) <= ENTITIES
    # A page reads what it shows, and up to a megabyte more of each shard; turns are read
    # from their session's log, a part at a time.
    assert requests.total() <= 15 * len(answers)


def _enlarge(client: Any, text: str) -> None:
    old, new = json.dumps(TEXT), json.dumps(text, ensure_ascii=False)
    for item in stored_items().values():
        body = body_text(item) if "body" in item else ""
        if old in body:
            client.put_item(TableName=TABLE, Item=item | {"body": {"S": body.replace(old, new)}})


def _pages(api: Gateway, url: str, ids: Ids) -> Iterator[Answer]:
    following: str | None = ""
    while following is not None:
        answer = send(api, f"GET {url}{following}", None, ids)
        assert answer.status == 200, answer.text[:300]
        assert len(json.dumps(answer.text, ensure_ascii=False).encode()) <= MAX_RESPONSE_BYTES
        yield answer
        content = answer.json
        cursor = content.get("next_cursor") if isinstance(content, dict) else None
        cursor = cursor or answer.headers.get("x-next-cursor")
        following = cursor and f"{'&' if '?' in url else '?'}cursor={cursor}"


def _items(answer: Answer) -> list[dict[str, Any]]:
    content: Any = answer.json
    if isinstance(content, dict):
        content = content.get("items", content.get("data"))
    return list(content)
