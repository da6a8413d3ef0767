"""Agents and sessions to test with."""

from typing import Any

from tests.support.gateway import Gateway


def new_agent(api: Gateway, **fields: Any) -> dict[str, Any]:
    """Create an agent and return it as answered."""
    body = {"name": "Concierge", "system_prompt": "You are helpful.", **fields}
    answer = api("POST", "/v1/agents", body)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def new_session(api: Gateway, **fields: Any) -> dict[str, Any]:
    """Open a session, with an agent of its own unless one is given, and return it."""
    if "agent_id" not in fields:
        fields["agent_id"] = new_agent(api)["id"]
    answer = api("POST", "/v1/sessions", fields)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def say(api: Gateway, session_id: str, text: str, **fields: Any) -> dict[str, Any]:
    """Post a message of the user and return it as answered."""
    message = {"message": {"role": "user", "content": [{"type": "text", "text": text}]}, **fields}
    answer = api("POST", f"/v1/sessions/{session_id}/messages", message)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created
