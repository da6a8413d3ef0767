"""Sample data of `make demo` and the console: described requests, each sent once."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import pytest

from cli.agent_sessions_cli import client
from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.config import Login
from cli.agent_sessions_cli.errors import Failure
from local.openapi import OPENAPI
from local.samples import Samples, read_samples

DOCUMENT: dict[str, Any] = json.loads(OPENAPI.read_text())
FILE = read_samples()
STEPS: list[dict[str, Any]] = FILE["steps"]


class Described:
    """A server that accepts what openapi.json describes, and answers with its examples."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.known: set[str] = set()
        self.refusals: dict[str, int] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if status := self.refusals.get(request.headers.get("idempotency-key", "")):
            return httpx.Response(status, json={"error": "no", "message": f"refused: {status}"})
        status, content = self._answer(request)
        headers = {"content-type": "application/json"}
        key = request.headers.get("idempotency-key", str(request.url))
        if request.method == "POST" and key in self.known:
            headers["idempotent-replayed"] = "true"
        self.known.add(key)
        return httpx.Response(status, headers=headers, content=json.dumps(content))

    def _answer(self, request: httpx.Request) -> tuple[int, Any]:
        operation = _operation(request.method, request.url.path)
        if request.content:
            _check(operation, json.loads(request.content))
        parameters = [one["name"] for one in operation.get("parameters", [])]
        assert set(request.url.params) <= set(parameters)
        status, answer = next(
            (code, one) for code, one in operation["responses"].items() if code[0] == "2"
        )
        content = answer["content"].get("application/json", {"example": {}})["example"]
        if request.method == "GET":
            content = content | self._state(request.url.path)
        self.known.add(f"{request.method} {request.url.path}")
        return int(status), content

    def _state(self, path: str) -> dict[str, Any]:
        """Return what a wait looks for, and what earlier requests have set."""
        return _ended(path) | {
            "checks": [{}] if f"PUT {path}" in self.known else [],
            "compiled_graph": {"nodes": []} if f"PUT {path}/graph" in self.known else None,
            "active_revision": {"id": 1}
            if f"POST {path}/set-active-revision" in self.known
            else None,
        }


def _ended(path: str) -> dict[str, Any]:
    data = [{"type": "turn.completed"}] * 3
    return {"status": "completed" if "/runs/" in path else "idle", "data": data}


def _operation(method: str, path: str) -> dict[str, Any]:
    for template, methods in DOCUMENT["paths"].items():
        if method.lower() in methods and re.fullmatch(
            re.sub(r"\{[^}]+\}", "[^/]+", template), path
        ):
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(f"openapi.json does not describe {method} {path}")


def _check(operation: dict[str, Any], body: Any) -> None:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator(schema | {"components": DOCUMENT["components"]})
    assert [f"{one.instance_path}: {one.message}" for one in validator.iter_errors(body)] == []


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Described:
    described = Described()
    transport = httpx.MockTransport(described)
    monkeypatch.setattr(client, "new_http", lambda: httpx.Client(transport=transport))
    return described


@pytest.fixture
def results(server: Described) -> list[str]:
    return _load()


def _load() -> list[str]:
    api = Api(Login("https://sessions.example", "key"), wait=lambda _: None)
    samples = Samples(FILE["name"], api, pause=lambda _: None)
    return [samples.send(step) for step in STEPS]


def test_each_request_is_described_and_valid(server: Described, results: list[str]) -> None:
    assert "skipped" not in results
    assert len(server.requests) >= len(STEPS)
    assert not [one for one in server.requests if b"{{" in one.content or "{{" in str(one.url)]


def test_repetition_sends_the_same_keys_and_bodies_and_creates_nothing(
    server: Described, results: list[str]
) -> None:
    first = _keyed(server)
    server.requests.clear()

    assert set(_load()) == {"unchanged"}
    assert _keyed(server).items() <= first.items()
    assert not [one for one in server.requests if one.method == "PUT"]
    assert "created" in results


def test_request_that_needs_a_deleted_entity_is_skipped(server: Described) -> None:
    server.refusals[f"{FILE['name']}:parcel"] = 409

    skipped = [
        step["id"] for step, result in zip(STEPS, _load(), strict=True) if result == "skipped"
    ]

    assert {"parcel", "parcel-message-1", "late-order", "run", "outage-end"} <= set(skipped)
    assert not {"shelf", "good-order", "agent"} & set(skipped)


def test_load_continues_behind_a_failure(server: Described) -> None:
    server.refusals[f"{FILE['name']}:product"] = 500
    with pytest.raises(Failure, match="refused: 500"):
        _load()
    server.refusals.clear()

    results = dict(zip((step["id"] for step in STEPS), _load(), strict=True))

    assert (results["agent"], results["product"]) == ("unchanged", "created")


def test_wait_ends_when_its_time_is_over(
    server: Described, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.unit.local.test_samples._ended", lambda _: {"data": []})

    with pytest.raises(Failure, match="did not end within 60 s"):
        _load()


def test_times_lie_before_the_first_load(server: Described, results: list[str]) -> None:
    since = next(one for one in server.requests if one.url.path == "/v1/agents")
    example = _operation("POST", since.url.path)["responses"]["201"]["content"]
    day = str(example["application/json"]["example"]["created_at"])[:10]

    times = set(_times(server))

    assert times
    assert max(times)[:10] < day


def _times(server: Described) -> Iterator[str]:
    for request in server.requests:
        yield from re.findall(r'"timestamp": "([^"]+Z)"', request.content.decode())


def _keyed(server: Described) -> dict[str, bytes]:
    sent = [one for one in server.requests if one.method == "POST"]
    return {one.headers["idempotency-key"]: one.content for one in sent}
