"""Rejected input of agents: the documented status and message, and nothing stored."""

from typing import Any

import pytest

from tests.support.agents import new_agent
from tests.support.gateway import Gateway

BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
LIMITS = (400, "Input exceeds allowed limits")
KIB = 1024

#: Fields added to a valid body, the status, and the beginning of the error.
CREATE: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "name too long": ({"name": "n" * 2049}, LIMITS),
    "name too long in bytes": ({"name": "é" * 1025}, LIMITS),
    "description too long": ({"description": "d" * (10 * KIB + 1)}, LIMITS),
    "prompt too long": ({"system_prompt": "p" * (256 * KIB + 1)}, LIMITS),
    "too many capabilities": ({"capabilities": [{"ref": "a"}] * 251}, LIMITS),
    "capability name too long": ({"capabilities": [{"ref": "a" * 129}]}, LIMITS),
    "configuration too large": (
        {"capabilities": [{"ref": "a", "config": "c" * 64 * KIB}]},
        LIMITS,
    ),
    "too many tags": ({"tags": ["t"] * 51}, LIMITS),
    "tag too long": ({"tags": ["t" * 129]}, LIMITS),
    "no name": ({"name": None}, (422, "name: ")),
    "no prompt": ({"system_prompt": None}, (422, "system_prompt: ")),
    "name not a string": ({"name": 5}, (422, "name: ")),
    "tags null": ({"tags": None}, (422, "tags: ")),
    "capabilities null": ({"capabilities": None}, (422, "capabilities: ")),
    "capability without ref": ({"capabilities": [{}]}, (422, "capabilities.0.ref: ")),
    "id of another kind": ({"id": "session_" + "0" * 32}, (400, "Invalid agent ID: ")),
    "id in upper case": ({"id": "agent_" + "A" * 32}, (400, "Invalid agent ID: ")),
    "id too short": ({"id": "agent_" + "0" * 31}, (400, "Invalid agent ID: ")),
    "model id malformed": ({"default_model_id": "gpt"}, (400, "Invalid model ID: ")),
    "tools": ({"tools": [{"name": "t"}]}, (422, "tools.0.type: field required")),
    "files": ({"initial_files": [{"path": "a"}]}, (422, "initial_files.0.content: field required")),
    "model unknown": ({"default_model_id": "model_" + "f" * 32}, (404, "Model not found")),
}

#: The same for fields that an update has too.
UPDATE = {
    name: case
    for name, case in CREATE.items()
    if not name.startswith(("no ", "id ")) and not name.endswith(" null")
} | {"status unknown": ({"status": "gone"}, (422, "status: "))}


@pytest.mark.parametrize(("added", "expected"), CREATE.values(), ids=CREATE)
def test_invalid_agent_is_rejected(
    api: Gateway, added: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = api("POST", "/v1/agents", {**BODY, **added})
    assert answer.status == expected[0], answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].startswith(expected[1])
    assert api("GET", "/v1/agents").json["data"] == []


@pytest.mark.parametrize(("changes", "expected"), UPDATE.values(), ids=UPDATE)
def test_invalid_update_is_rejected(
    api: Gateway, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    before = new_agent(api)
    answer = api("PATCH", f"/v1/agents/{before['id']}", changes)
    assert answer.status == expected[0], answer.text
    assert answer.json["error"].startswith(expected[1])
    assert api("GET", f"/v1/agents/{before['id']}").json == before


@pytest.mark.parametrize("raw", ["{", "[]", "null", ""])
def test_body_that_is_no_object_is_rejected(api: Gateway, raw: str) -> None:
    answer = api("POST", "/v1/agents", raw=raw)
    assert answer.status == 422
    assert set(answer.json) == {"error"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("identifier", ["1", "agent_1", "agent_" + "G" * 32, "session_" + "0" * 32])
def test_malformed_id_in_path_is_rejected(api: Gateway, method: str, identifier: str) -> None:
    answer = api(method, f"/v1/agents/{identifier}", {} if method == "PATCH" else None)
    expected = "Invalid agent ID: expected agent_ and 32 lowercase hexadecimal digits"
    assert (answer.status, answer.json) == (400, {"error": expected})


def test_largest_agent_is_accepted(api: Gateway) -> None:
    largest = {
        "name": "n" * 2048,
        "description": "d" * 10 * KIB,
        "system_prompt": "p" * 256 * KIB,
        "tags": ["t" * 128] * 50,
        "capabilities": [{"ref": f"{'r' * 125}{number:03}"} for number in range(249)]
        + [{"ref": "r", "config": "c" * (64 * KIB - 2)}],
    }
    answer = api("POST", "/v1/agents", largest)
    assert answer.status == 201, answer.text
    assert {key: answer.json[key] for key in largest} == largest
    assert api("GET", f"/v1/agents/{answer.json['id']}").json == answer.json


def test_lone_surrogates_are_replaced_and_nul_is_stored(api: Gateway) -> None:
    answer = api("POST", "/v1/agents", raw='{"name": "a\\ud800\\u0000", "system_prompt": "🙂"}')
    assert answer.status == 201
    assert api("GET", f"/v1/agents/{answer.json['id']}").json["name"] == "a\ufffd\u0000"


@pytest.mark.parametrize(
    ("added", "field"),
    [
        ({"name": "n" * 2049}, "name"),
        ({"description": "d" * (10 * KIB + 1)}, "description"),
        ({"tags": ["t"] * 51}, "tags"),
        ({"capabilities": [{"ref": "a" * 129}]}, "capabilities.ref"),
    ],
)
def test_exceeded_limit_names_the_field(api: Gateway, added: dict[str, Any], field: str) -> None:
    answer = api("POST", "/v1/agents", {**BODY, **added})
    assert answer.json["error"].startswith(f"{LIMITS[1]}: {field} must ")


@pytest.mark.parametrize(
    ("method", "added"),
    [("POST", {"temperature": 0.5, "locale": "uk"}), ("PATCH", {"metadata": {"a": 1}})],
)
def test_ignored_fields_are_named(api: Gateway, method: str, added: dict[str, Any]) -> None:
    path = "" if method == "POST" else f"/{new_agent(api)['id']}"
    body = {**BODY, "tools": [], "initial_files": [], **added}
    answer = api(method, f"/v1/agents{path}", body)
    assert answer.status in (200, 201)
    assert answer.headers["x-ignored-fields"] == ", ".join(added)
    assert "x-ignored-fields" not in api(method, f"/v1/agents{path}", BODY).headers
