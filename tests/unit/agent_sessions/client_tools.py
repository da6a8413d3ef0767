"""Sessions whose client runs tools, and its submissions."""

from typing import Any

from tests.support.agents import new_agent, new_session
from tests.support.gateway import Answer, Gateway
from tests.support.turns import calls

#: Status of a session that waits for results of its client.
WAITING = "waitingfortoolresults"


def tool(name: str, **fields: Any) -> dict[str, Any]:
    """Return the definition of a client-side tool."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    required = {"type": "client_side", "name": name, "description": "A tool.", "parameters": schema}
    return required | fields


def session_with_tools(api: Gateway, *names: str, **agent_fields: Any) -> str:
    """Create a session whose agent has the calculator and these client-side tools."""
    agent_fields = {"capabilities": [{"ref": "calculator"}], **agent_fields}
    agent = new_agent(api, tools=[tool(name) for name in names], **agent_fields)
    return str(new_session(api, agent_id=agent["id"])["id"])


#: An answer with two calls of the client's tools around one of this stack's.
MIXED = calls(
    ("c1", "get_weather", {"city": "Paris"}),
    ("c2", "calculator", {"expression": "6 * 7"}),
    ("c3", "get_news", {}),
    words="One moment.",
)


def result(call_id: str, value: Any) -> dict[str, Any]:
    return {"tool_call_id": call_id, "result": value}


def failure(call_id: str, error: str) -> dict[str, Any]:
    return {"tool_call_id": call_id, "error": error}


def submit(
    api: Gateway, session_id: str, *results: dict[str, Any], key: str | None = None
) -> Answer:
    """Submit results; return the response."""
    headers = {"Idempotency-Key": key} if key else {}
    url = f"/v1/sessions/{session_id}/tool-results"
    return api("POST", url, {"tool_results": list(results)}, headers=headers)


def accepted(api: Gateway, session_id: str, *results: dict[str, Any]) -> str:
    """Submit results, which must be accepted; return the status of the session after it."""
    answer = submit(api, session_id, *results)
    assert (answer.status, answer.json.get("accepted")) == (200, len(results)), answer.text
    return str(answer.json["status"])
