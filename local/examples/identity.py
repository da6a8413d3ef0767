"""Examples of functions/identity/."""

from local.examples.example import Example, example_id
from shared.core.ids import ApiKeyId

_KEY = str(ApiKeyId(example_id("/v1/identity/api-keys")))

EXAMPLES = {
    "identity.create_api_key": Example(
        body={"name": "Nightly evaluation", "scopes": ["read", "write"]}
    ),
    "identity.list_api_keys": Example(query=(("limit", "10"),), after=("identity.create_api_key",)),
    "identity.revoke_api_key": Example(
        parameters={"key_id": _KEY}, after=("identity.create_api_key",)
    ),
    "identity.get_usage": Example(
        query=(("first_day", "2026-03-01"), ("last_day", "2026-03-02")),
        after=("agents.create", "agent_sessions.create", "playground.open_session"),
    ),
    "identity.whoami": Example(),
}
