"""POST /v1/scenarios/draft-from-session, over sessions of every kind."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared.sessions.models import SessionKind
from tests.support.captured_sessions import AGENT, capture, conversation
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

PATH = "/v1/scenarios/draft-from-session"
FIELDS = [
    "name",
    "intent",
    "journey",
    "mock_world",
    "source",
    "source_brief",
    "source_agent_id",
    "source_persona_id",
    "tags",
    "agent_ids",
    "source_agent_name",
    "source_persona_name",
]
WANTED = "Hi! I want to return my order."
WORLD = {"find_order": {"output": {"state": "sent"}}}


def agent_events() -> list[tuple[str, dict[str, Any]]]:
    content = [{"type": "text", "text": WANTED}]
    return [
        ("input.message", {"message": {"role": "user", "content": content}}),
        ("turn.started", {}),
        ("tool.started", {"tool_call_id": "c", "tool_name": "find_order", "arguments": {"n": 1}}),
        (
            "tool.completed",
            {
                "tool_call_id": "c",
                "tool_name": "find_order",
                "success": True,
                "result": {"state": "sent"},
            },
        ),
        ("turn.completed", {}),
    ]


def playground_events() -> list[tuple[str, dict[str, Any]]]:
    return [
        ("user.message", {"text": WANTED}),
        ("node.entered", {"node_id": "n", "type": "agent"}),
        ("tool.called", {"tool_call_id": "c", "tool": "find_order", "arguments": {"n": 1}}),
        (
            "tool.answered",
            {"tool_call_id": "c", "tool": "find_order", "output": {"state": "sent"}},
        ),
        ("signal", {"signal": "completed"}),
    ]


def evaluation_events() -> list[tuple[str, dict[str, Any]]]:
    messages = [
        {"role": "user", "content": WANTED},
        {
            "role": "assistant",
            "tool_calls": [{"id": "c", "function": {"name": "find_order", "arguments": '{"n":1}'}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": '{"state":"sent"}'},
    ]
    return [
        (
            "inference_result",
            {"index": 0, "input": {"messages": messages}, "actualOutput": "It is on its way."},
        )
    ]


EVENTS = {
    SessionKind.AGENT: agent_events,
    SessionKind.PLAYGROUND: playground_events,
    SessionKind.EVALUATION: evaluation_events,
}


@pytest.mark.parametrize("kind", list(SessionKind))
def test_given_a_session_of_any_kind_then_a_draft_is_answered(
    api: Gateway, kind: SessionKind
) -> None:
    session = capture(
        api.organization_id, kind, EVENTS[kind](), tags=("vip", kind.value), agent=AGENT
    )
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    draft = answer.json
    assert list(draft) == FIELDS
    assert draft.pop("journey").startswith(f"The user opens: \u201c{WANTED}\u201d\n")
    assert draft == {
        "name": "Return order",
        "intent": "The user wants to return their order.",
        "mock_world": WORLD,
        "source": "drafted",
        "source_brief": None,
        "source_agent_id": str(AGENT.id.uuid),
        "source_persona_id": None,
        "tags": ["vip", kind.value],
        "agent_ids": [str(AGENT.id.uuid)],
        "source_agent_name": "Airline desk",
        "source_persona_name": None,
    }


def test_given_a_session_without_an_agent_then_the_draft_names_none(api: Gateway) -> None:
    session = capture(api.organization_id, SessionKind.PLAYGROUND, playground_events())
    draft = api("POST", PATH, {"session_id": session.hex}).json
    assert (draft["source_agent_id"], draft["source_agent_name"], draft["agent_ids"]) == (
        None,
        None,
        [],
    )
    assert draft["tags"] == ["playground"]


def test_given_the_same_session_then_drafts_are_equal_and_nothing_is_stored(
    api: Gateway,
) -> None:
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
    assert first.json["mock_world"]["book_reservation"]["calls"][0]["error"].startswith("Error:")


def test_given_a_reader_s_key_then_it_may_draft(api: Gateway) -> None:
    session = capture(api.organization_id, SessionKind.AGENT, agent_events())
    api.scopes = "read"
    assert api("POST", PATH, {"session_id": str(session.uuid)}).status == 200


def test_given_an_unknown_or_foreign_session_then_both_answers_are_the_same(
    api: Gateway, other_api: Gateway
) -> None:
    foreign = capture(other_api.organization_id, SessionKind.AGENT, agent_events())
    answers = [
        api("POST", PATH, {"session_id": str(session)}) for session in (foreign.uuid, uuid4())
    ]
    for answer in answers:
        assert answer.status == 400
        assert answer.json == {"error": "session_not_found", "message": "Session not found"}


@pytest.mark.parametrize("kind", list(SessionKind))
@pytest.mark.parametrize("events", [[], [("assistant.message", {"text": "Hello?"})]])
def test_given_no_user_turn_then_the_session_is_not_draftable(
    api: Gateway, kind: SessionKind, events: list[tuple[str, dict[str, Any]]]
) -> None:
    session = capture(api.organization_id, kind, events)
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 400
    assert answer.json["error"] == "session_not_draftable"


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("{}", ["body", "session_id"]),
        ('{"session_id": null}', ["body", "session_id"]),
        ('{"session_id": 7}', ["body", "session_id"]),
        ('{"session_id": "session_00000000000000000000000000000000"}', ["body", "session_id"]),
        ('{"session_id": "not-a-uuid"}', ["body", "session_id"]),
        ("[]", ["body"]),
        ("", ["body"]),
        ("{", ["body", 1]),
    ],
)
def test_given_a_malformed_request_then_422_tells_where(
    api: Gateway, raw: str, place: list[Any]
) -> None:
    answer = api("POST", PATH, raw=raw)
    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == place


def test_given_a_session_of_20_mb_then_a_bounded_draft_says_what_it_left_out(
    api: Gateway,
) -> None:
    events = agent_events()
    for n in range(80):
        events += [
            (
                "tool.started",
                {"tool_call_id": f"c{n}", "tool_name": "scan", "arguments": {"page": n}},
            ),
            (
                "tool.completed",
                {
                    "tool_call_id": f"c{n}",
                    "tool_name": "scan",
                    "success": True,
                    "result": {"page": n, "rows": ["row " * 60] * 1000},
                },
            ),
        ]
    session = capture(api.organization_id, SessionKind.AGENT, events, at_once=16)
    with counted_requests() as requests:
        answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    assert requests["Query"] <= 16
    assert len(answer.text) < 400_000
    assert "events of the session are left out here.]" in answer.json["journey"]
    assert "tool answers had no room in the mock world.]" in answer.json["journey"]


def test_given_odd_text_then_the_draft_is_valid_json_of_it(api: Gateway) -> None:
    # A lone half of a surrogate pair, and marks that turn the direction of writing.
    said = "I want to see \ud83d \u202eright to left\u202c \U0001f600"
    session = capture(
        api.organization_id, SessionKind.PLAYGROUND, [("user.message", {"text": said})]
    )
    answer = api("POST", PATH, {"session_id": str(session.uuid)})
    assert answer.status == 200
    assert "right to left" in json.loads(answer.text)["intent"]
