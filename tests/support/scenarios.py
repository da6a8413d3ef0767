"""Scenarios created through the API."""

from typing import Any
from uuid import UUID

from tests.support.agents import new_agent
from tests.support.gateway import Gateway

SCENARIOS = "/v1/scenarios"
#: Every field of a scenario that a client can set, without ids.
WHOLE: dict[str, Any] = {
    "name": "Late order",
    "intent": "The user wants to know where the order is.",
    "journey": "1. The user asks.",
    "mock_world": {
        "get_order": {"output": {"status": "late"}, "calls": [{"arguments": {"id": 1}}]}
    },
    "source": "drafted",
    "source_brief": "An order that is late",
    "tags": ["orders", "late"],
    "success_criteria": [
        {"description": "The delay is told.", "output_type": "boolean"},
        {"description": "The tone is kind.", "output_type": "score_5"},
    ],
}


def agent_uuid(api: Gateway, name: str = "Airline desk") -> str:
    """Create an agent and return its id as scenarios have it."""
    return str(UUID(new_agent(api, name=name)["id"].removeprefix("agent_")))


def new_scenario(
    api: Gateway, *, headers: dict[str, str] | None = None, **fields: Any
) -> dict[str, Any]:
    """Create a scenario and return the response."""
    body = {"name": "Late flight", "intent": "The user wants to fly later.", **fields}
    answer = api("POST", SCENARIOS, body, headers=headers)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created
