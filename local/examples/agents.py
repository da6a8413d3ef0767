"""Examples of functions/agents/ and functions/agent_sessions/."""

from local.examples.example import Example, made_by
from shared.core.ids import AgentId, SessionId

_AGENT = {"agent_id": str(AgentId(made_by("/v1/agents")))}
_SESSION = {"session_id": str(SessionId(made_by("/v1/sessions")))}
_AGENT_MADE = ("agents.create",)
_SESSION_MADE = ("agents.create", "agent_sessions.create")
_MESSAGE_MADE = (*_SESSION_MADE, "agent_sessions.create_message")

EXAMPLES = {
    "agents.create": Example(
        body={
            "name": "Order desk",
            "system_prompt": "You answer questions about orders, briefly and kindly.",
            "description": "Looks after customers with an order under way.",
            "tags": ["shop"],
            "capabilities": [{"ref": "current_time"}],
        }
    ),
    "agents.list": Example(after=_AGENT_MADE),
    "agents.get": Example(parameters=_AGENT, after=_AGENT_MADE),
    "agents.update": Example(
        parameters=_AGENT,
        body={"description": "Looks after customers with an order or a return."},
        after=_AGENT_MADE,
    ),
    "agents.delete": Example(parameters=_AGENT, after=_AGENT_MADE),
    "agents.list_models": Example(),
    "agents.list_capabilities": Example(),
    "agents.get_capability": Example(parameters={"capability_id": "current_time"}),
    "agent_sessions.create": Example(
        body={**_AGENT, "title": "Where is my order?", "tags": ["web"], "capabilities": []},
        after=_AGENT_MADE,
    ),
    "agent_sessions.list": Example(query=(*_AGENT.items(), ("limit", "20")), after=_SESSION_MADE),
    "agent_sessions.get": Example(parameters=_SESSION, after=_SESSION_MADE),
    "agent_sessions.update": Example(
        parameters=_SESSION,
        body={"title": "Order 4711 is late", "tags": ["web", "late"]},
        after=_SESSION_MADE,
    ),
    "agent_sessions.create_message": Example(
        parameters=_SESSION,
        body={
            "message": {
                "role": "user",
                "content": [{"type": "text", "text": "Where is my order 4711?"}],
            }
        },
        after=_SESSION_MADE,
    ),
    "agent_sessions.list_messages": Example(parameters=_SESSION, after=_MESSAGE_MADE),
    "agent_sessions.list_events": Example(
        parameters=_SESSION,
        query=(("exclude", "output.message.delta"), ("exclude", "reason.thinking.delta")),
        after=_MESSAGE_MADE,
    ),
    "agent_sessions.stream_events": Example(parameters=_SESSION, after=_MESSAGE_MADE),
    "agent_sessions.cancel": Example(parameters=_SESSION, body={}, after=_SESSION_MADE),
    "agent_sessions.delete": Example(parameters=_SESSION, after=_SESSION_MADE),
}
