"""Examples of functions/agents/ and functions/agent_sessions/."""

from local.examples.example import Example, example_id
from shared.core.ids import AgentId, SessionId

_AGENT = {"agent_id": str(AgentId(example_id("/v1/agents")))}
_SESSION = {"session_id": str(SessionId(example_id("/v1/sessions")))}
_CREATE_AGENT = ("agents.create",)
_CREATE_SESSION = ("agents.create", "agent_sessions.create")
_FILE = {**_SESSION, "path": "docs/returns.md"}
_CREATE_FILE = (*_CREATE_SESSION, "agent_sessions.create_file")
_COPIED = {"src_path": "/docs/returns.md", "dst_path": "/docs/archive/returns.md"}
_CREATE_MESSAGE = (*_CREATE_SESSION, "agent_sessions.create_message")

_WEATHER = {
    "message": {
        "role": "user",
        "content": [{"type": "text", "text": "What's the weather like in Paris?"}],
    },
    "tools": [
        {
            "type": "client_side",
            "name": "get_weather",
            "description": "Returns the current weather of a city.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        }
    ],
}
_CALL_TOOL = (
    *_CREATE_SESSION,
    ("agent_sessions.create_message", _WEATHER),
    "triggers.run_turn",
)

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
    "agents.list": Example(after=_CREATE_AGENT),
    "agents.get": Example(parameters=_AGENT, after=_CREATE_AGENT),
    "agents.export": Example(parameters=_AGENT, after=_CREATE_AGENT),
    "agents.import_file": Example(
        body={"name": "Returns desk", "system_prompt": "You answer questions about returns."}
    ),
    "agents.update": Example(
        parameters=_AGENT,
        body={"description": "Looks after customers with an order or a return."},
        after=_CREATE_AGENT,
    ),
    "agents.delete": Example(parameters=_AGENT, after=_CREATE_AGENT),
    "agents.list_models": Example(),
    "agents.list_capabilities": Example(),
    "agents.get_capability": Example(parameters={"capability_id": "current_time"}),
    "agent_sessions.create": Example(
        body={**_AGENT, "title": "Where is my order?", "tags": ["web"], "capabilities": []},
        after=_CREATE_AGENT,
    ),
    "agent_sessions.list": Example(query=(*_AGENT.items(), ("limit", "20")), after=_CREATE_SESSION),
    "agent_sessions.get": Example(parameters=_SESSION, after=_CREATE_SESSION),
    "agent_sessions.update": Example(
        parameters=_SESSION,
        body={"title": "Order 4711 is late", "tags": ["web", "late"]},
        after=_CREATE_SESSION,
    ),
    "agent_sessions.create_message": Example(
        parameters=_SESSION,
        body={
            "message": {
                "role": "user",
                "content": [{"type": "text", "text": "Where is my order 4711?"}],
            }
        },
        after=_CREATE_SESSION,
    ),
    "agent_sessions.list_messages": Example(parameters=_SESSION, after=_CREATE_MESSAGE),
    "agent_sessions.list_events": Example(
        parameters=_SESSION,
        query=(("exclude", "output.message.delta"), ("exclude", "reason.thinking.delta")),
        after=_CREATE_MESSAGE,
    ),
    "agent_sessions.stream_events": Example(parameters=_SESSION, after=_CREATE_MESSAGE),
    "agent_sessions.export": Example(
        parameters=_SESSION, query=(("format", "openai"),), after=_CREATE_MESSAGE
    ),
    "agent_sessions.cancel": Example(parameters=_SESSION, body={}, after=_CREATE_SESSION),
    "agent_sessions.submit_tool_results": Example(
        parameters=_SESSION,
        body={
            "tool_results": [
                {
                    "tool_call_id": "call_967179a23fdb8952e6f0af55",
                    "result": {"temperature_celsius": 18, "condition": "partly cloudy"},
                }
            ]
        },
        after=_CALL_TOOL,
    ),
    "agent_sessions.fork": Example(
        parameters=_SESSION,
        body={"at_sequence": 1, "title": "Where is my order? (another answer)"},
        after=_CREATE_MESSAGE,
    ),
    "agent_sessions.delete": Example(parameters=_SESSION, after=_CREATE_SESSION),
    "agent_sessions.list_files": Example(
        parameters=_SESSION, query=(("recursive", "true"),), after=_CREATE_FILE
    ),
    "agent_sessions.create_file": Example(
        parameters=_FILE,
        body={"content": "# Returns\n\nWithin 30 days.\n", "encoding": "text"},
        after=_CREATE_SESSION,
    ),
    "agent_sessions.get_file": Example(parameters=_FILE, after=_CREATE_FILE),
    "agent_sessions.update_file": Example(
        parameters=_FILE,
        body={"content": "# Returns\n\nWithin 60 days.\n", "is_readonly": True},
        after=_CREATE_FILE,
    ),
    "agent_sessions.copy_file": Example(parameters=_SESSION, body=_COPIED, after=_CREATE_FILE),
    "agent_sessions.move_file": Example(parameters=_SESSION, body=_COPIED, after=_CREATE_FILE),
    "agent_sessions.stat_file": Example(
        parameters=_SESSION, body={"path": "/docs"}, after=_CREATE_FILE
    ),
    "agent_sessions.grep_files": Example(
        parameters=_SESSION,
        body={"pattern": "\\d+ days", "path_pattern": "*.md"},
        after=_CREATE_FILE,
    ),
    "agent_sessions.delete_file": Example(parameters=_FILE, after=_CREATE_FILE),
}
