"""Captured conversations that come through the queue, as their users meet them afterwards."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import boto3
import pytest

from shared.core.ids import OrganizationId, SessionId
from shared.imports.bucket import import_bucket
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Ended, Transcript
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table
from tests.support.agents import new_agent
from tests.support.captured_sessions import CONVERSATIONS, transcript_of_messages
from tests.support.gateway import Gateway
from tests.support.imports import SENT_AT, body_of, handed_over, known
from tests.support.storage import counted_requests

AGENT, EVALUATION = SessionKind.AGENT, SessionKind.EVALUATION
KINDS = [AGENT, EVALUATION]
CAPTURED = [
    json.loads(line)
    for path in sorted(CONVERSATIONS.glob("*.jsonl"))
    for line in path.read_text().splitlines()
]
TALK: dict[str, Any] = {
    "id": "talk-1",
    "agent": "Order desk",
    "tags": ["web"],
    "messages": [
        {"role": "system", "content": "You look after orders."},
        {"role": "user", "content": "Where is 4711?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "x",
                    "type": "function",
                    "function": {"name": "get_order", "arguments": '{"id": 4711}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "x", "content": '{"status": "late"}'},
        {"role": "assistant", "content": "It is late."},
        {"role": "user", "content": "Cancel it."},
        {
            "role": "assistant",
            "content": "One moment.",
            "tool_calls": [
                {"id": "x", "type": "function", "function": {"name": "cancel", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "x", "content": "Error: too late"},
        {"role": "assistant", "content": "That is no longer possible."},
    ],
}


@pytest.fixture
def importing(api: Gateway) -> Gateway:
    return known(api)


def session_id(api: Gateway, kind: SessionKind, value: dict[str, Any]) -> SessionId:
    request = read_conversation(value).request(api.organization_id, kind)
    return SessionId(request.uuid())


def transcript(api: Gateway, kind: SessionKind, value: dict[str, Any]) -> Transcript:
    identifier = session_id(api, kind, value)
    return TranscriptReader(table()).read(api.organization_id, identifier.uuid)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [*CAPTURED, TALK], ids=lambda value: value["id"])
def test_given_a_conversation_when_imported_then_its_transcript_is_that_of_its_messages(
    importing: Gateway, kind: SessionKind, value: dict[str, Any]
) -> None:
    assert handed_over(body_of(importing.organization_id, kind, value)) == []

    found = transcript(importing, kind, value)

    said = tuple(entry for entry in found.entries if not isinstance(entry, Ended))
    assert said == transcript_of_messages(value["messages"]).entries
    assert found.kind is kind
    assert found.tags == tuple(value.get("tags", ()))


def test_given_a_conversation_when_imported_for_an_agent_then_the_api_shows_it_whole(
    importing: Gateway,
) -> None:
    handed_over(body_of(importing.organization_id, AGENT, TALK))
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
    failed = {"type": "tool_result", "tool_call_id": "call_2", "error": "Error: too late"}
    contents = [message["content"] for message in messages]
    assert contents[1:3] == [[call], [result]]
    assert contents[6] == [failed]
    assert importing("GET", "/v1/sessions").json["total"] == 1


def test_given_a_conversation_when_imported_for_evaluation_then_its_turns_are_results(
    importing: Gateway,
) -> None:
    handed_over(body_of(importing.organization_id, EVALUATION, TALK, name="march"))
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


@pytest.mark.parametrize("kind", KINDS)
def test_given_the_same_line_when_it_comes_again_then_it_is_one_session(
    importing: Gateway, kind: SessionKind
) -> None:
    body = body_of(importing.organization_id, kind, TALK)
    again = body_of(importing.organization_id, kind, TALK, at=SENT_AT + timedelta(days=1))

    assert handed_over(body, body) == []
    before = transcript(importing, kind, TALK)
    assert handed_over(again) == []

    assert transcript(importing, kind, TALK) == before
    path = "/v1/sessions" if kind is AGENT else "/sessions"
    listed = importing("GET", path).json
    assert len(listed["data"] if kind is AGENT else listed) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_given_another_conversation_under_the_same_id_when_it_comes_then_the_first_stays(
    importing: Gateway, kind: SessionKind
) -> None:
    other = {**TALK, "messages": TALK["messages"][:2]}
    handed_over(body_of(importing.organization_id, kind, TALK))
    before = transcript(importing, kind, TALK)

    assert handed_over(body_of(importing.organization_id, kind, other)) == ["0"]

    assert transcript(importing, kind, TALK) == before


def test_given_the_same_line_for_both_kinds_or_two_organisations_then_each_has_its_own(
    importing: Gateway, other_api: Gateway
) -> None:
    other = known(other_api)
    bodies = [
        body_of(one.organization_id, kind, TALK) for one in (importing, other) for kind in KINDS
    ]

    assert handed_over(*bodies) == []

    ids = {session_id(one, kind, TALK).hex for one in (importing, other) for kind in KINDS}
    assert len(ids) == 4
    for one in (importing, other):
        for kind in KINDS:
            assert transcript(one, kind, TALK).entries


def test_given_poison_among_a_batch_when_handed_over_then_only_that_comes_again(
    importing: Gateway,
) -> None:
    organization = importing.organization_id
    good = body_of(organization, AGENT, TALK)
    unknown = body_of(OrganizationId.new(), AGENT, TALK)
    empty = body_of(organization, AGENT, {**TALK, "id": "empty", "messages": []})
    playground = good.replace('"kind":"agent"', '"kind":"playground"')
    also_good = body_of(organization, EVALUATION, TALK)

    failed = handed_over("not JSON", good, "{}", unknown, "[]", empty, playground, also_good)

    assert failed == ["0", "2", "3", "4", "5", "6"]
    assert transcript(importing, AGENT, TALK).entries
    assert transcript(importing, EVALUATION, TALK).entries


def test_given_an_agent_of_that_name_when_imported_then_the_session_is_its(
    importing: Gateway,
) -> None:
    agent = new_agent(importing, name="Order desk")
    bodies = [
        body_of(importing.organization_id, AGENT, {**TALK, "id": str(number)})
        for number in range(3)
    ]

    assert handed_over(*bodies) == []

    sessions = importing("GET", f"/v1/sessions?agent_id={agent['id']}").json
    assert sessions["total"] == 3
    assert len(importing("GET", "/v1/agents").json["data"]) == 1


def test_given_an_import_when_lines_follow_then_each_costs_no_more_than_its_writes(
    importing: Gateway,
) -> None:
    organization = importing.organization_id
    for kind in KINDS:
        handed_over(body_of(organization, kind, TALK))

    with counted_requests() as agent:
        handed_over(body_of(organization, AGENT, {**TALK, "id": "next"}))
    with counted_requests() as evaluation:
        handed_over(body_of(organization, EVALUATION, {**TALK, "id": "next"}))

    assert agent == {"TransactWriteItems": 1}
    assert evaluation == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_an_imported_session_when_the_user_goes_on_then_the_log_goes_on(
    importing: Gateway,
) -> None:
    handed_over(body_of(importing.organization_id, AGENT, TALK))
    identifier = str(session_id(importing, AGENT, TALK))
    message = {"message": {"content": [{"type": "text", "text": "And now?"}]}}

    answer = importing("POST", f"/v1/sessions/{identifier}/messages", message)

    assert answer.status == 201
    assert (
        answer.json["sequence"]
        == len(importing("GET", f"/v1/sessions/{identifier}/messages").json["data"]) + 2
    )  # two calls were started, which are no messages


@pytest.mark.parametrize("kind", KINDS)
def test_given_a_conversation_of_many_megabytes_when_imported_then_it_is_there_whole(
    importing: Gateway, monkeypatch: pytest.MonkeyPatch, kind: SessionKind
) -> None:
    monkeypatch.setenv("IMPORT_BUCKET", "imports")
    turns = [
        {"role": role, "content": f"{number} " + text * 5_000}
        for number in range(60)
        for role, text in (("user", "gehört? "), ("assistant", "jawohl! "))
    ]
    long = {**TALK, "id": "long", "messages": turns}
    boto3.client("s3").create_bucket(
        Bucket="imports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    boto3.client("s3").put_object(Bucket="imports", Key="k", Body=json.dumps(long).encode())
    import_bucket.cache_clear()
    from shared.core.settings import settings

    settings.cache_clear()
    body = body_of(importing.organization_id, kind, None, object_key="k")

    assert handed_over(body) == []

    assert len(json.dumps(long)) > 4_500_000
    found = TranscriptReader(table(), head_bytes=10**8).read(
        importing.organization_id, session_id(importing, kind, long).uuid
    )
    said = tuple(entry for entry in found.entries if not isinstance(entry, Ended))
    assert said == transcript_of_messages(turns).entries
    assert handed_over(body) == []
    missing = body_of(importing.organization_id, kind, None, object_key="missing")
    assert handed_over(missing) == ["0"]


def test_given_a_long_import_that_broke_off_when_it_comes_again_then_nothing_of_the_old_is_left(
    importing: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def long(word: str, size: int) -> dict[str, Any]:
        turns = [{"role": "user", "content": word * size} for _ in range(40)]
        return {**TALK, "id": "long", "messages": turns}

    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("the function was stopped")

    organization = importing.organization_id
    with monkeypatch.context() as patch:
        patch.setattr("shared.sessions.store.SessionStore.open", broken)
        assert handed_over(body_of(organization, AGENT, long("a", 150_000))) == ["0"]
    # Nobody meets a session of which only a part is there.
    identifier = session_id(importing, AGENT, long("a", 150_000))
    assert importing("GET", f"/v1/sessions/{identifier}").status == 404

    again = long("b", 100_001)
    assert handed_over(body_of(organization, AGENT, again)) == []

    found = TranscriptReader(table(), head_bytes=10**8).read(organization, identifier.uuid)
    assert found.entries == transcript_of_messages(again["messages"]).entries


def test_given_a_deleted_import_when_it_comes_again_then_it_stays_deleted(
    importing: Gateway,
) -> None:
    body = body_of(importing.organization_id, AGENT, TALK)
    handed_over(body)
    identifier = str(session_id(importing, AGENT, TALK))
    assert importing("DELETE", f"/v1/sessions/{identifier}").status == 204

    assert handed_over(body) == ["0"]

    assert importing("GET", f"/v1/sessions/{identifier}").status == 404


def test_given_an_id_then_the_session_is_known_before_it_is_there() -> None:
    """The id depends on organisation, kind and line alone: whoever sends can name it."""
    request = read_conversation(TALK).request(OrganizationId(UUID(int=1)), AGENT)
    other = replace(request, fingerprint="x")

    assert request.uuid() == other.uuid()
    assert request.uuid().version == 8
