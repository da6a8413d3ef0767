"""Agents, sessions and messages for tests."""

from typing import Any

from tests.support.gateway import Gateway

HI: dict[str, Any] = {"message": {"role": "user", "content": [{"type": "text", "text": "hi"}]}}
#: Method, path and body of a request to each endpoint of a session.
SESSION_ENDPOINTS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("PATCH", "", {"title": "a"}),
    ("DELETE", "", None),
    ("POST", "/cancel", {}),
    ("GET", "/messages", None),
    ("POST", "/messages", HI),
    ("GET", "/events", None),
    ("GET", "/sse", None),
]


def new_agent(api: Gateway, **fields: Any) -> dict[str, Any]:
    """Create an agent and return the response's body."""
    body = {"name": "Concierge", "system_prompt": "You are helpful.", **fields}
    return _create(api, "/v1/agents", body)


def new_session(api: Gateway, **fields: Any) -> dict[str, Any]:
    """Create a session, with a new agent unless one is given; return the response's body."""
    if "agent_id" not in fields:
        fields["agent_id"] = new_agent(api)["id"]
    return _create(api, "/v1/sessions", fields)


def say(api: Gateway, session_id: str, text: str, **fields: Any) -> dict[str, Any]:
    """Create a user message and return the response's body."""
    message = {"role": "user", "content": [{"type": "text", "text": text}]}
    return _create(api, f"/v1/sessions/{session_id}/messages", {"message": message, **fields})


def pages(api: Gateway, url: str) -> list[list[dict[str, Any]]]:
    """Follow the cursors of a list to its end; return the items of each page."""
    found: list[list[dict[str, Any]]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api("GET", f"{url}{cursor}").json
        found.append(page["data"])
        following = page.get("next_cursor")
        cursor = f"{'&' if '?' in url else '?'}cursor={following}" if following else None
    return found


def _create(api: Gateway, url: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api("POST", url, body)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created
