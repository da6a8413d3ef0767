"""Scenarios to test with."""

from typing import Any
from uuid import UUID

from tests.support.agents import new_agent
from tests.support.gateway import Gateway

SCENARIOS = "/v1/scenarios"


def agent_uuid(api: Gateway, name: str = "Airline desk") -> str:
    """Create an agent and return its id as scenarios show it."""
    return str(UUID(new_agent(api, name=name)["id"].removeprefix("agent_")))


def new_scenario(
    api: Gateway, *, headers: dict[str, str] | None = None, **fields: Any
) -> dict[str, Any]:
    """Store a scenario and return it as answered."""
    body = {"name": "Late flight", "intent": "The user wants to fly later.", **fields}
    answer = api("POST", SCENARIOS, body, headers=headers)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created
