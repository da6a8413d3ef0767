"""Imported conversations, read through the API."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.core.ids import OrganizationId
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Ended
from tests.support.agents import new_agent
from tests.support.captured_sessions import transcript_of_messages
from tests.support.gateway import Gateway
from tests.support.imports import body_of, deliver
from tests.support.storage import counted_requests
from tests.unit.triggers.captured import (
    AGENT,
    CAPTURED,
    EVALUATION,
    KINDS,
    TALK,
    session_id,
    transcript,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [*CAPTURED, TALK], ids=lambda value: value["id"])
def test_imported_transcript_equals_that_of_the_messages(
    importing: Gateway, kind: SessionKind, value: dict[str, Any]
) -> None:
    assert deliver(body_of(importing.organization_id, kind, value)) == []

    imported = transcript(importing, kind, value)

    entries = tuple(entry for entry in imported.entries if not isinstance(entry, Ended))
    assert entries == transcript_of_messages(value["messages"]).entries
    assert imported.kind is kind
    assert imported.tags == tuple(value.get("tags", ()))


def test_imported_agent_session_is_complete(importing: Gateway) -> None:
    deliver(body_of(importing.organization_id, AGENT, TALK))
    identifier = str(session_id(importing, AGENT, TALK))

    session = importing("GET", f"/v1/sessions/{identifier}").json
    messages = importing("GET", f"/v1/sessions/{identifier}/messages").json["data"]
    agents = importing("GET", "/v1/agents").json["data"]

    assert (session["status"], session["title"], session["tags"]) == ("idle", "talk-1", ["web"])
    assert session["preview"] == "Where is 4711?"
    assert session["output_preview"] == "That is no longer possible."
    assert [(one["name"], one["system_prompt"]) for one in agents] == [
        ("Order desk", "You look after orders.")
    ]
    assert session["agent_id"] == agents[0]["id"]
    assert [message["role"] for message in messages] == [
        "user", "agent", "tool_result", "agent", "user", "agent", "tool_result", "agent",
    ]  # fmt: skip
    call = {"type": "tool_call", "id": "call_1", "name": "get_order", "arguments": {"id": 4711}}
    result = {"type": "tool_result", "tool_call_id": "call_1", "result": {"status": "late"}}
    failed = {"type": "tool_result", "tool_call_id": "call_2", "error": "too late"}
    contents = [message["content"] for message in messages]
    assert contents[1:3] == [[call], [result]]
    assert contents[6] == [failed]
    assert importing("GET", "/v1/sessions").json["total"] == 1


def test_imported_evaluation_session_has_its_turns_as_results(importing: Gateway) -> None:
    deliver(body_of(importing.organization_id, EVALUATION, TALK, name="march"))
    identifier = str(session_id(importing, EVALUATION, TALK))

    session = importing("GET", f"/sessions/{identifier}").json
    results = importing("GET", f"/inferenceResults?sessionIds[]={identifier}").json
    version = importing("GET", f"/versions/{session['versionId']}").json
    product = importing("GET", f"/products/{version['productId']}").json

    assert (session["customId"], session["status"]) == ("talk-1", "COMPLETED")
    assert (product["name"], version["name"]) == ("Order desk", "march")
    assert [result["actualOutput"] for result in results] == [
        "It is late.", "That is no longer possible.",
    ]  # fmt: skip
    assert [message["role"] for message in results[0]["input"]["messages"]] == [
        "user", "assistant", "tool",
    ]  # fmt: skip


THOUGHTFUL = {
    "id": "thoughtful",
    "agent": "Order desk",
    "messages": [
        {"role": "system", "content": "You look after orders."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi.", "reasoning_content": "A greeting."},
    ],
}


def test_instructions_and_thoughts_are_in_the_agent_session(importing: Gateway) -> None:
    agent = new_agent(importing, name="Order desk", system_prompt="Another prompt.")
    deliver(body_of(importing.organization_id, AGENT, THOUGHTFUL))
    identifier = str(session_id(importing, AGENT, THOUGHTFUL))

    messages = importing("GET", f"/v1/sessions/{identifier}/messages").json["data"]

    assert importing("GET", f"/v1/sessions/{identifier}").json["agent_id"] == agent["id"]
    assert messages[0]["metadata"] == {"instructions": "You look after orders."}
    assert [one["thinking"] for one in messages] == [None, "A greeting."]


def test_long_instructions_beside_a_long_message_are_imported(importing: Gateway) -> None:
    system, asked = "i" * 250_000, "u" * 200_000
    messages = [{"role": "system", "content": system}, {"role": "user", "content": asked}]
    line = {"id": "long", "agent": "Order desk", "messages": messages}
    organization = importing.organization_id
    for kind in (AGENT, EVALUATION):
        deliver(body_of(organization, kind, line))
    own = str(session_id(importing, AGENT, line))
    evaluation = str(session_id(importing, EVALUATION, line))

    [message] = importing("GET", f"/v1/sessions/{own}/messages").json["data"]
    events = importing("GET", f"/v1/sessions/{own}/events?types=session.started").json["data"]
    agent_id = importing("GET", f"/v1/sessions/{own}").json["agent_id"]

    assert message["content"] == [{"type": "text", "text": asked}]
    assert [event["data"] for event in events] == [{"agent_id": agent_id, "instructions": system}]
    assert importing("GET", f"/sessions/{evaluation}").json["metadata"] == {"instructions": system}


def test_instructions_and_thoughts_are_in_the_evaluation_session(importing: Gateway) -> None:
    deliver(body_of(importing.organization_id, EVALUATION, THOUGHTFUL))
    identifier = str(session_id(importing, EVALUATION, THOUGHTFUL))

    [result] = importing("GET", f"/inferenceResults?sessionIds[]={identifier}").json

    metadata = importing("GET", f"/sessions/{identifier}").json["metadata"]
    assert metadata == {"instructions": "You look after orders."}
    assert result["actualOutput"] == "Hi."
    assert result["input"]["messages"] == [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": None, "reasoning_content": "A greeting."},
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("depth", [90, 300, 5000])
def test_deep_arguments_and_results_are_read_as_json_or_text(
    importing: Gateway, kind: SessionKind, depth: int
) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    call = {"id": "c", "function": {"name": "look", "arguments": deep}}
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": deep},
        {"role": "assistant", "content": "Hi."},
    ]
    line = {"id": "deep", "messages": messages}
    assert deliver(body_of(importing.organization_id, kind, line)) == []

    identifier = str(session_id(importing, kind, line))
    if kind is EVALUATION:
        paths = [f"/inferenceResults?sessionIds[]={identifier}"]
    else:
        paths = [f"/v1/sessions/{identifier}/{part}" for part in ("messages", "events", "sse")]
    for path in paths:
        assert importing("GET", path).status == 200, path
    body = {"session_id": identifier.removeprefix("session_")}
    assert importing("POST", "/v1/scenarios/draft-from-session", body).status == 200


def test_invalid_messages_of_a_batch_fail_alone(importing: Gateway) -> None:
    organization = importing.organization_id
    good = body_of(organization, AGENT, TALK)
    unknown = body_of(OrganizationId.new(), AGENT, TALK)
    empty = body_of(organization, AGENT, {**TALK, "id": "empty", "messages": []})
    playground = good.replace('"kind":"agent"', '"kind":"playground"')
    also_good = body_of(organization, EVALUATION, TALK)

    failed = deliver("not JSON", good, "{}", unknown, "[]", empty, playground, also_good)

    assert failed == ["0", "2", "3", "4", "5", "6"]
    assert transcript(importing, AGENT, TALK).entries
    assert transcript(importing, EVALUATION, TALK).entries


def test_import_uses_an_existing_agent_of_that_name(importing: Gateway) -> None:
    agent = new_agent(importing, name="Order desk")
    bodies = [
        body_of(importing.organization_id, AGENT, {**TALK, "id": str(number)})
        for number in range(3)
    ]

    assert deliver(*bodies) == []

    sessions = importing("GET", f"/v1/sessions?agent_id={agent['id']}").json
    assert sessions["total"] == 3
    assert len(importing("GET", "/v1/agents").json["data"]) == 1


def test_further_imports_cost_only_their_writes(importing: Gateway) -> None:
    organization = importing.organization_id
    for kind in KINDS:
        deliver(body_of(organization, kind, TALK))

    with counted_requests() as agent:
        deliver(body_of(organization, AGENT, {**TALK, "id": "next"}))
    with counted_requests() as evaluation:
        deliver(body_of(organization, EVALUATION, {**TALK, "id": "next"}))

    assert agent == {"TransactWriteItems": 1}
    assert evaluation == {"GetItem": 1, "TransactWriteItems": 1}


def test_message_after_an_import_continues_the_event_log(importing: Gateway) -> None:
    deliver(body_of(importing.organization_id, AGENT, TALK))
    identifier = str(session_id(importing, AGENT, TALK))
    message = {"message": {"content": [{"type": "text", "text": "And now?"}]}}

    answer = importing("POST", f"/v1/sessions/{identifier}/messages", message)

    assert answer.status == 201
    messages = importing("GET", f"/v1/sessions/{identifier}/messages").json["data"]
    assert answer.json["sequence"] == len(messages) + 2  # two tool calls are no messages


def test_session_id_is_derived_from_organization_kind_and_line() -> None:
    request = read_conversation(TALK).request(OrganizationId(UUID(int=1)), AGENT)
    other = replace(request, fingerprint="x")

    assert request.uuid() == other.uuid()
    assert request.uuid().version == 8
