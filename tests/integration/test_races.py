"""Repeated creates: 20 clients, one Idempotency-Key, one thing.

Every create is raced in this process, by the very handlers, at the emulated DynamoDB. The core
ones are raced through the deployed API too, with a copy of the function for each client.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.core.ids import OrganizationId
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.running_stack import RunningStack
from tests.support.storage import emulated_table
from tests.support.waiting import PATIENCE

CLIENTS = 20


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """Ids of what the raced requests refer to, made once."""
    return {}


@pytest.fixture
def ids(http: httpx.Client, known: dict[str, str]) -> dict[str, str]:
    def made(path: str, body: dict[str, Any]) -> str:
        answer = http.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    if not known:
        known["agent"] = made("/v1/agents", {"name": "Ada", "system_prompt": "You help."})
        known["product"] = made("/products", {"name": "Shop"})
        known["version"] = made("/versions", {"name": "1", "productId": known["product"]})
        known["test"] = made(
            "/tests", {"name": "Smoke", "type": "SCENARIOS", "productId": known["product"]}
        )
        known["session"] = made("/v1/sessions", {"agent_id": known["agent"]})
        known["evaluation"] = made("/sessions", {"versionId": known["version"]})
        known["workflow"] = made("/v1/workflows", {"name": "Refunds"})
    return known


CORE: list[tuple[str, dict[str, Any]]] = [
    ("/v1/workflow/playground/sessions", {"catalog_slug": "order-status"}),
    ("/v1/sessions", {"agent_id": "{agent}", "title": "Raced"}),
    ("/sessions", {"versionId": "{version}", "customId": "{fresh}"}),
]
CREATES: list[tuple[str, dict[str, Any]]] = [
    *CORE,
    ("/v1/agents", {"name": "Bea", "system_prompt": "You help."}),
    (
        "/v1/sessions/{session}/messages",
        {"message": {"content": [{"type": "text", "text": "Hello"}]}},
    ),
    ("/inferenceResults", {"sessionId": "{evaluation}", "input": "Hi", "actualOutput": "Hello"}),
    ("/products", {"name": "Raced"}),
    ("/versions", {"name": "2", "productId": "{product}"}),
    ("/tests", {"name": "Raced", "type": "SCENARIOS", "productId": "{product}"}),
    ("/testCases", {"testId": "{test}", "input": "Where is my parcel?"}),
    ("/v1/workflows", {"name": "Raced"}),
    ("/v1/workflows/{workflow}/revisions", {"name": "first", "instructions": "Be kind."}),
    ("/v1/identity/api-keys", {"name": "raced"}),
]


@pytest.mark.parametrize(("path", "body"), CREATES, ids=[path for path, _ in CREATES])
def test_raced_create_makes_one_thing(
    stack: RunningStack,
    monkeypatch: pytest.MonkeyPatch,
    ids: dict[str, str],
    path: str,
    body: dict[str, Any],
) -> None:
    """Given 20 clients with one key, when they create at once, then all get the same answer."""
    api = Gateway(OrganizationId.parse(stack.organization_id))
    headers = {"Idempotency-Key": str(uuid4())}

    with emulated_table(
        monkeypatch, endpoint_url=stack.aws_endpoint_url, table_name=stack.table_name
    ):
        url, sent = path.format(**ids), _filled(body, ids | {"fresh": str(uuid4())})
        answers = race(api, "POST", url, sent, headers=headers, storage_is_atomic=True)

    assert {answer.status for answer in answers} == {201}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * (len(answers) - 1)


@pytest.mark.parametrize(("path", "body"), CORE, ids=[path for path, _ in CORE])
def test_raced_core_create_through_the_api_makes_one_thing(
    http: httpx.Client, ids: dict[str, str], path: str, body: dict[str, Any]
) -> None:
    """Given 20 clients with one key, when they create at once, then all get the same answer."""
    url, sent = path.format(**ids), _filled(body, ids | {"fresh": str(uuid4())})
    headers = {"Idempotency-Key": str(uuid4())}
    together = threading.Barrier(CLIENTS)

    def create(_: int) -> httpx.Response:
        together.wait(timeout=PATIENCE)
        return http.post(url, json=sent, headers=headers)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(create, range(CLIENTS)))

    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * (CLIENTS - 1)


def _filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, ids) for name, inner in value.items()}
    if isinstance(value, str) and value.startswith("{"):
        return value.format(**ids)
    return value
