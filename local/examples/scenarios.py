"""Examples of functions/scenarios/."""

from local.examples.example import Example, example_id

#: Agent and session of the other examples: a scenario can be drafted from any session.
_AGENT_ID = str(example_id("/v1/agents"))
_SESSION_ID = str(example_id("/v1/sessions"))
_SCENARIO = {"scenario_id": str(example_id("/v1/scenarios"))}

_CREATE_AGENT = ("agents.create",)
_CREATE_SCENARIO = (*_CREATE_AGENT, "scenarios.create")

EXAMPLES = {
    "scenarios.create": Example(
        body={
            "name": "Order is late",
            "intent": "The user wants to know where order 4711 is.",
            "journey": "1. The user asks where the order is.\n2. The agent looks it up.",
            "mock_world": {"get_order": {"output": {"status": "late", "arrives": "Tuesday"}}},
            "success_criteria": [
                {"description": "The answer names the day of arrival.", "output_type": "boolean"}
            ],
            "tags": ["orders"],
            "agent_ids": [_AGENT_ID],
        },
        after=_CREATE_AGENT,
    ),
    "scenarios.list": Example(
        query=(("agent_id", _AGENT_ID), ("tags", "orders"), ("limit", "20")), after=_CREATE_SCENARIO
    ),
    "scenarios.export": Example(
        query=(("format", "promptfoo"), ("tags", "orders")), after=_CREATE_SCENARIO
    ),
    "scenarios.get": Example(parameters=_SCENARIO, after=_CREATE_SCENARIO),
    "scenarios.update": Example(
        parameters=_SCENARIO, body={"tags": ["orders", "late"]}, after=_CREATE_SCENARIO
    ),
    "scenarios.delete": Example(parameters=_SCENARIO, after=_CREATE_SCENARIO),
    "scenarios.replay": Example(
        parameters=_SCENARIO,
        body={"catalog_slug": "order-status", "on_unmatched": "error"},
        after=_CREATE_SCENARIO,
    ),
    "scenarios.set_checks": Example(
        parameters=_SCENARIO,
        body={
            "checks": [
                {"type": "tool_called", "tool": "get_order", "arguments": {"order_id": "4711"}},
                {"type": "end_state", "calls": []},
                {"type": "says", "text": "Tuesday"},
                {"type": "says_not", "text": "42 Elm Avenue"},
                {"type": "max_seconds", "max": 10, "per": "answer"},
            ]
        },
        after=_CREATE_SCENARIO,
    ),
    "scenarios.get_checks": Example(
        parameters=_SCENARIO, after=(*_CREATE_SCENARIO, "scenarios.set_checks")
    ),
    "scenarios.suggest_checks": Example(
        parameters=_SCENARIO,
        query=(("session_id", _SESSION_ID),),
        after=(*_CREATE_SCENARIO, "agent_sessions.create", "agent_sessions.create_message"),
    ),
    "scenarios.draft": Example(
        body={
            "brief": "A customer asks where a late order is and wants the money back.",
            "agent_id": _AGENT_ID,
        },
        after=_CREATE_AGENT,
    ),
    "scenarios.draft_from_session": Example(
        body={"session_id": _SESSION_ID},
        after=(*_CREATE_AGENT, "agent_sessions.create", "agent_sessions.create_message"),
    ),
}
