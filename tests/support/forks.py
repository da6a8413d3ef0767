"""Forks of agent sessions for tests."""

import json
from typing import Any

from functions.triggers import purge_sessions
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.turns import Model, Turns, call, events, text

type Data = dict[str, Any]


def fork(api: Gateway, session_id: str, at: int, **fields: Any) -> str:
    """Fork a session at a sequence and return the fork's id."""
    answer = api("POST", f"/v1/sessions/{session_id}/fork", {"at_sequence": at, **fields})
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


def log(api: Gateway, session_id: str) -> list[Data]:
    """Return the events of a session without the ids that differ between sessions."""
    found = json.loads(json.dumps(events(api, session_id)).replace(session_id, ""))
    return [{name: value for name, value in event.items() if name != "id"} for event in found]


def delete(api: Gateway, session_id: str, *, purged: bool = True) -> None:
    """Delete a session, and purge it as the event of its deletion does."""
    assert api("DELETE", f"/v1/sessions/{session_id}").status == 204
    if purged:
        purge(api, session_id)


def purge(api: Gateway, session_id: str) -> None:
    """Purge a session."""
    detail = {"organization_id": str(api.organization_id), "session_id": session_id}
    purge_sessions.handler({"detail": detail}, None)


def converse(api: Gateway, session_id: str) -> Turns:
    """Run turns with text, with tool calls, with two messages waiting, and a cancelled one."""
    turns = Turns(
        Model(
            text("One", tokens=3),
            call("calculator", "Let me see.", expression="1 + 1"),
            call("session_notes", action="set", key="a", value="b"),
            text("Two"),
            text("Three"),
            text("Four"),
        )
    )
    say(api, session_id, "First")
    turns.run()
    say(api, session_id, "Second")
    turns.run()
    say(api, session_id, "Third")
    say(api, session_id, "Fourth")
    turns.run()
    say(api, session_id, "Fifth")
    assert api("POST", f"/v1/sessions/{session_id}/cancel", {}).json["status"] == "cancelled"
    turns.run()
    return turns
