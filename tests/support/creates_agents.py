"""Cases of identity and agents."""

from typing import Any

from tests.support.create_case import CreateCase, Step, case_of, delete_of

_KEYS = "/v1/identity/api-keys"
_MESSAGES = "/v1/sessions/{session_id}/messages"
_FILES = "/v1/sessions/{session_id}/fs"
AGENT_BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
_OWN_ID = AGENT_BODY | {"id": "agent_" + "0123456789abcdef" * 2}
AGENT = Step("POST /v1/agents", AGENT_BODY, makes="agent")
_AGENT_SESSION = Step("POST /v1/sessions", {"agent_id": "{agent}"}, makes="session_id")
RENAME_AGENT = Step("PATCH /v1/agents/{agent}", {"name": "Renamed"})


def _agent_case(body: dict[str, str], *changes: Step, path: str = "", **more: Any) -> CreateCase:
    return case_of(
        f"/v1/agents{path}",
        body,
        {"name": "Other"},
        read="/v1/agents/{it}",
        **more,
        changes=(Step("PATCH /v1/agents/{it}", {"name": "Renamed"}), *changes),
        read_after_delete=200,  # An archived agent can be read for good.
    )


def _message(text: str) -> Any:
    return {"message": {"role": "user", "content": [{"type": "text", "text": text}]}}


AGENTS = (
    case_of(
        _KEYS,
        {"name": "robot", "scopes": ["read"]},
        {"scopes": ["write"]},
        read=_KEYS,
        deletes=(delete_of(f"{_KEYS}/{{it}}"),),
        read_after_delete=200,  # A revoked key stays in the list, as revoked.
    ),
    _agent_case(AGENT_BODY),
    # An agent with an id of the client's own is replaced by the next create.
    _agent_case(_OWN_ID, Step("POST /v1/agents", _OWN_ID | {"tags": ["a"]}), variant="own id"),
    _agent_case(AGENT_BODY, path="/import"),
    case_of(
        "/v1/sessions",
        {"agent_id": "{agent}", "title": "First"},
        {"title": "Other"},
        given=(AGENT,),
        changes=(
            Step("PATCH /v1/sessions/{it}", {"title": "Renamed", "tags": ["late"]}),
            Step("POST /v1/sessions/{it}/messages", _message("Hello")),
        ),
        origins=(RENAME_AGENT, AGENT.deletion),
        session="{it}",
    ),
    case_of(
        _MESSAGES,
        _message("Hello"),
        _message("Good evening"),
        read=_MESSAGES,
        given=(AGENT, _AGENT_SESSION),
        changes=(
            Step(f"POST {_MESSAGES}", _message("Are you there?")),
            Step("PATCH /v1/sessions/{session_id}", {"title": "Renamed"}),
        ),
        deletes=(_AGENT_SESSION.deletion,),
        origins=(AGENT.deletion, Step("POST /v1/sessions/{session_id}/cancel", {})),
        session="{session_id}",
    ),
    case_of(
        "/v1/sessions/{session_id}/fork",
        {"at_sequence": 1},
        {"at_sequence": 0},
        read="/v1/sessions/{it}",
        given=(AGENT, _AGENT_SESSION, Step(f"POST {_MESSAGES}", _message("Hello"))),
        changes=(Step("PATCH /v1/sessions/{it}", {"title": "Renamed"}),),
        origins=(AGENT.deletion, _AGENT_SESSION.deletion),
        session="{it}",
    ),
    case_of(
        f"{_FILES}/{{path+}}",
        {"content": "Hello", "is_readonly": False},
        {"content": "Good evening"},
        parameters=(("path+", "a/b.txt"),),
        read=f"{_FILES}/a/b.txt",
        given=(AGENT, _AGENT_SESSION),
        changes=(
            Step(f"PUT {_FILES}/a/b.txt", {"content": "Changed"}),
            Step(f"POST {_FILES}/_/copy", {"src_path": "a/b.txt", "dst_path": "c"}),
        ),
        deletes=(delete_of(f"{_FILES}/a/b.txt"), _AGENT_SESSION.deletion),
        origins=(AGENT.deletion,),
        session="{session_id}",
    ),
    case_of(
        f"{_FILES}/_/copy",
        {"src_path": "a", "dst_path": "b"},
        {"dst_path": "c"},
        read=f"{_FILES}/b",
        given=(AGENT, _AGENT_SESSION, Step(f"POST {_FILES}/a", {"content": "Hello"})),
        changes=(Step(f"PUT {_FILES}/b", {"content": "Changed"}),),
        deletes=(delete_of(f"{_FILES}/b"), _AGENT_SESSION.deletion),
        origins=(delete_of(f"{_FILES}/a"),),
        session="{session_id}",
    ),
)
