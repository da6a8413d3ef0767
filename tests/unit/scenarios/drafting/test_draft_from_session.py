"""POST /v1/scenarios/draft-from-session: drafts from sessions of every kind."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared.sessions.domain import SessionKind
from tests.support.captured_sessions import AGENT, capture, conversation
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

PATH = "/v1/scenarios/draft-from-session"

type Events = list[tuple[str, dict[str, Any]]]
WANTED = "Hi! I want to return my order."
SENT = {"state": "sent"}
MESSAGE = {"role": "user", "content": [{"type": "text", "text": WANTED}]}
CALL = {"id": "c", "function": {"name": "find_order", "arguments": '{"n":1}'}}


def tool_events(identifier: str, tool: str, arguments: Any, result: Any) -> Events:
    name = {"tool_call_id": identifier, "tool_name": tool}
    return [
        ("tool.started", {**name, "arguments": arguments}),
        ("tool.completed", {**name, "success": True, "result": result}),
    ]


EVENTS: dict[SessionKind, Events] = {
    SessionKind.AGENT: [
        ("input.message", {"message": MESSAGE}),
        ("turn.started", {}),
        *tool_events("c", "find_order", {"n": 1}, SENT),
        ("turn.completed", {}),
    ],
    SessionKind.PLAYGROUND: [
        ("user.message", {"text": WANTED}),
        ("node.entered", {"node_id": "n", "type": "agent"}),
        ("tool.called", {"tool_call_id": "c", "tool": "find_order", "arguments": {"n": 1}}),
        ("tool.answered", {"tool_call_id": "c", "tool": "find_order", "output": SENT}),
        ("signal", {"signal": "completed"}),
    ],
    SessionKind.EVALUATION: [
        (
            "inference_result",
            {
                "index": 0,
                "input": {
                    "messages": [
                        {"role": "user", "content": WANTED},
                        {"role": "assistant", "tool_calls": [CALL]},
                        {"role": "tool", "tool_call_id": "c", "content": '{"state":"sent"}'},
                    ]
                },
                "actualOutput": "It is on its way.",
            },
        )
    ],
}


@pytest.mark.parametrize("kind", list(SessionKind))
def test_session_of_any_kind_is_drafted(api: Gateway, kind: SessionKind) -> None:
    session = capture(
        api.organization_id, kind, EVENTS[kind], tags=("vip", kind.value), agent=AGENT
    )
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    draft = answer.json
    assert draft.pop("journey").startswith(f"The user opens: \u201c{WANTED}\u201d\n")
    expected = {
        "name": "Return my order (find_order)",
        "intent": "I want to return my order.",
        "mock_world": {
            "find_order": {"output": SENT, "calls": [{"arguments": {"n": 1}, "output": SENT}]}
        },
        "source": "drafted",
        "source_brief": None,
        "source_agent_id": str(AGENT.id.uuid),
        "source_persona_id": None,
        "tags": ["vip", kind.value],
        "agent_ids": [str(AGENT.id.uuid)],
        "source_agent_name": "Airline desk",
        "source_persona_name": None,
        "user_turns": [WANTED],
        "replacements": [],
    }
    assert list(draft.items()) == list(expected.items())


def test_draft_of_session_without_agent_has_none(api: Gateway) -> None:
    session = capture(api.organization_id, SessionKind.PLAYGROUND, EVENTS[SessionKind.PLAYGROUND])
    draft = api("POST", PATH, {"session_id": session.hex}).json
    agents = draft["source_agent_id"], draft["source_agent_name"], draft["agent_ids"]
    assert agents == (None, None, [])
    assert draft["tags"] == ["playground"]


def test_repeated_drafts_are_equal_and_read_only(api: Gateway) -> None:
    messages = conversation("airline-000-0")["messages"]
    session = capture(
        api.organization_id,
        SessionKind.EVALUATION,
        [("inference_result", {"input": {"messages": messages}, "actualOutput": None})],
    )
    body = {"session_id": str(session.uuid)}
    with counted_requests() as requests:
        first = api("POST", PATH, body)
    assert requests == {"Query": 1}
    assert api("POST", PATH, body).text == first.text
    # Text about an error is an answer as any other: only a structure makes an error.
    [call, *_] = first.json["mock_world"]["book_reservation"]["calls"]
    assert "error" not in call
    assert call["output"].startswith("Error:")


def test_read_key_can_draft(api: Gateway) -> None:
    session = capture(api.organization_id, SessionKind.AGENT, EVENTS[SessionKind.AGENT])
    api.scopes = "read"
    assert api("POST", PATH, {"session_id": str(session.uuid)}).status == 200


def test_unknown_and_foreign_session_are_not_found(api: Gateway, other_api: Gateway) -> None:
    foreign = capture(other_api.organization_id, SessionKind.AGENT, EVENTS[SessionKind.AGENT])
    answers = [
        api("POST", PATH, {"session_id": str(session)}) for session in (foreign.uuid, uuid4())
    ]
    for answer in answers:
        assert answer.status == 400
        assert answer.json == {"error": "session_not_found", "message": "Session not found"}


@pytest.mark.parametrize("kind", list(SessionKind))
@pytest.mark.parametrize("events", [[], [("assistant.message", {"text": "Hello?"})]])
def test_session_without_user_message_is_not_draftable(
    api: Gateway, kind: SessionKind, events: Events
) -> None:
    session = capture(api.organization_id, kind, events)
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 400
    assert answer.json["error"] == "session_not_draftable"


@pytest.mark.parametrize(
    ("raw", "location"),
    [
        ("{}", ["body", "session_id"]),
        ('{"session_id": null}', ["body", "session_id"]),
        ('{"session_id": 7}', ["body", "session_id"]),
        ('{"session_id": "session_0000000000000000000000000000000"}', ["body", "session_id"]),
        ('{"session_id": "not-a-uuid"}', ["body", "session_id"]),
        ("[]", ["body"]),
        ("", ["body"]),
        ("{", ["body", 1]),
    ],
)
def test_malformed_request_is_rejected_with_location(
    api: Gateway, raw: str, location: list[Any]
) -> None:
    answer = api("POST", PATH, raw=raw)
    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == location


def test_draft_of_20_mb_session_is_bounded(api: Gateway) -> None:
    rows = ["row " * 60] * 1000
    events = list(EVENTS[SessionKind.AGENT])
    for n in range(80):
        events += tool_events(f"c{n}", "scan", {"page": n}, {"page": n, "rows": rows})
    session = capture(api.organization_id, SessionKind.AGENT, events, at_once=16)
    with counted_requests() as requests:
        answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    assert requests["Query"] <= 16
    assert len(answer.text) < 400_000
    assert "events of the session are left out here.]" in answer.json["journey"]
    assert "left out of the mock world.]" in answer.json["journey"]


def test_odd_characters_yield_valid_json(api: Gateway) -> None:
    # A lone surrogate, and marks of the writing direction.
    text = "I want to see \ud83d \u202eright to left\u202c \U0001f600"
    session = capture(
        api.organization_id, SessionKind.PLAYGROUND, [("user.message", {"text": text})]
    )
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    assert "right to left" in json.loads(answer.text)["intent"]


def test_tags_of_a_session_are_kept_within_a_scenarios_limits(api: Gateway) -> None:
    tags = tuple(f"{number}{'t' * 1_000}" for number in range(300))
    session = capture(api.organization_id, SessionKind.AGENT, EVENTS[SessionKind.AGENT], tags=tags)

    draft = api("POST", PATH, {"session_id": str(session)}).json

    assert len(draft["tags"]) == 100
    assert draft["tags"][0] == tags[0][:500]
    assert draft["tags"][-1] == "agent"
    assert api("POST", "/v1/scenarios", draft).status == 201


@pytest.mark.parametrize("kind", SessionKind)
def test_session_of_any_kind_is_named_in_any_form(api: Gateway, kind: SessionKind) -> None:
    session = capture(api.organization_id, kind, EVENTS[kind])

    drafts = [
        api("POST", PATH, {"session_id": form})
        for form in (str(session), str(session.uuid), session.hex)
    ]

    assert [draft.status for draft in drafts] == [200] * 3
    assert len({draft.text for draft in drafts}) == 1
