"""Examples of functions/scenarios/."""

from local.examples.example import Example, made_by

#: The agent and the session of the other examples: a session of any kind can be drafted from.
_AGENT_ID = str(made_by("/v1/agents"))
_TALKED_SESSION_ID = str(made_by("/v1/sessions"))
_SCENARIO = {"scenario_id": str(made_by("/v1/scenarios"))}

_AGENT_MADE = ("agents.create",)
_SCENARIO_MADE = (*_AGENT_MADE, "scenarios.create")

EXAMPLES = {
    "scenarios.create": Example(
        body={
            "name": "Order is late",
            "intent": "The user wants to know where order 4711 is.",
            "journey": "1. The user asks where the order is.\n2. The agent looks it up.",
            "mock_world": {"get_order": {"output": {"status": "late", "arrives": "Tuesday"}}},
            "success_criteria": [
                {"description": "The day of arrival is told.", "output_type": "boolean"}
            ],
            "tags": ["orders"],
            "agent_ids": [_AGENT_ID],
        },
        after=_AGENT_MADE,
    ),
    "scenarios.list": Example(
        query=(("agent_id", _AGENT_ID), ("tags", "orders"), ("limit", "20")), after=_SCENARIO_MADE
    ),
    "scenarios.get": Example(parameters=_SCENARIO, after=_SCENARIO_MADE),
    "scenarios.update": Example(
        parameters=_SCENARIO, body={"tags": ["orders", "late"]}, after=_SCENARIO_MADE
    ),
    "scenarios.delete": Example(parameters=_SCENARIO, after=_SCENARIO_MADE),
    "scenarios.replay": Example(
        parameters=_SCENARIO, body={"catalog_slug": "order-status"}, after=_SCENARIO_MADE
    ),
    "scenarios.draft": Example(
        body={
            "brief": "A customer asks where a late order is and wants the money back.",
            "agent_id": _AGENT_ID,
        },
        after=_AGENT_MADE,
    ),
    "scenarios.draft_from_session": Example(
        body={"session_id": _TALKED_SESSION_ID},
        after=(*_AGENT_MADE, "agent_sessions.create", "agent_sessions.create_message"),
    ),
}
