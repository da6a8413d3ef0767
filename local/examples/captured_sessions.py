"""Examples of functions/captured_sessions/."""

from local.examples.example import Example, example_id

_SESSION_ID = str(example_id("/v1/workflow/playground/sessions"))

EXAMPLES = {
    "captured_sessions.list": Example(
        query=(("kind", "agent"), ("kind", "playground"), ("limit", "20")),
        after=("agents.create", "agent_sessions.create", "playground.open_session"),
    ),
    "captured_sessions.get": Example(
        parameters={"session_id": _SESSION_ID}, after=("playground.open_session",)
    ),
}
