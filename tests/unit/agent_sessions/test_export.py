"""Export of sessions of every kind over HTTP."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from cli.agent_sessions_cli.lines import joined_lines
from shared.core.ids import SessionId
from shared.sessions.domain import SessionKind
from shared.sessions.exports import delivery, service
from shared.sessions.exports.formats import ExportFormat
from shared.sessions.log_reading import events_after
from tests.support.captured_sessions import append, capture, session_store
from tests.support.gateway import Answer, Gateway
from tests.support.imports import body_of, deliver, known
from tests.support.storage import IMPORTS, stored_objects
from tests.support.watch import outside

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Where is 4711?", "timestamp": "2026-02-01T10:00:00Z"},
    {
        "role": "assistant", "content": None, "reasoning_content": "Look it up.",
        "tool_calls": [{"id": "x", "function": {"name": "find", "arguments": '{"order": 4711}'}}],
    },
    {"role": "tool", "tool_call_id": "x", "content": '{"state": "late"}'},
    {"role": "assistant", "content": "It is late.", "timestamp": "2026-02-01T10:00:09Z"},
]  # fmt: skip
LINE = {"id": "c1", "agent": "Desk", "title": "Late", "tags": ["web"], "messages": MESSAGES}


def imported(api: Gateway, kind: SessionKind, line: Any = LINE) -> str:
    assert not deliver(body_of(known(api).organization_id, kind, line))
    listed = api("GET", "/v1/sessions") if kind is SessionKind.AGENT else api("GET", "/sessions")
    found = listed.json["data"] if kind is SessionKind.AGENT else listed.json
    return str(found[0]["id"])


def export(api: Gateway, session_id: str, form: str) -> Answer:
    return api("GET", f"/v1/sessions/{session_id}/export?format={form}")


@pytest.mark.parametrize("kind", [SessionKind.AGENT, SessionKind.EVALUATION])
@pytest.mark.parametrize("form", list(ExportFormat))
def test_export_imports_as_the_same_session(
    form: ExportFormat, kind: SessionKind, api: Gateway, other_api: Gateway
) -> None:
    session_id = imported(api, kind)
    answer = export(api, session_id, form)
    [(_, line)] = joined_lines(answer.text.encode().splitlines())
    other_id = imported(other_api, kind, json.loads(line))

    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="session_')
    before, after = events_of(api, session_id), events_of(other_api, other_id)
    assert before[0]["agent"] == after[0]["agent"] == "Desk"
    assert before[0]["tags"] == after[0]["tags"] == ["web"]
    assert before[0].get("title") == after[0].get("title")
    assert before[0]["created_at"] == after[0]["created_at"] == "2026-02-01T10:00:00.000000Z"
    assert [without_ids(one) for one in before[1:]] == [without_ids(one) for one in after[1:]]


def events_of(api: Gateway, session_id: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(api, session_id, "jsonl").text.splitlines()]


def without_ids(event: dict[str, Any]) -> dict[str, Any]:
    data = {**event["data"]}
    if "message" in data:
        data["message"] = {key: data["message"][key] for key in data["message"] if key != "id"}
    return {"sequence": event["sequence"], "type": event["type"], "ts": event["ts"], "data": data}


def test_openai_export_is_a_chat(api: Gateway) -> None:
    answer = export(api, imported(api, SessionKind.AGENT), "openai").json

    assert [one["role"] for one in answer["messages"]] == [
        "system", "user", "assistant", "tool", "assistant"
    ]  # fmt: skip
    [call] = answer["messages"][2]["tool_calls"]
    assert call["function"] == {"name": "find", "arguments": '{"order":4711}'}
    assert answer["messages"][3]["tool_call_id"] == call["id"]


def test_session_id_is_accepted_as_a_uuid(api: Gateway) -> None:
    session_id = imported(api, SessionKind.AGENT)
    uuid = SessionId.parse(session_id).uuid

    assert export(api, str(uuid), "otel").text == export(api, session_id, "otel").text


@pytest.mark.parametrize(
    ("session_id", "query", "status"),
    [
        ("nothing", "", 400), (f"session_{'0' * 31}", "", 400),
        (f"session_{'0' * 32}", "?format=xml", 400), (f"session_{'0' * 32}", "?limit=1", 400),
        (f"session_{'0' * 32}", "", 404),
    ],
)  # fmt: skip
def test_unknown_session_or_format_is_an_error(
    session_id: str, query: str, status: int, api: Gateway
) -> None:
    assert api("GET", f"/v1/sessions/{session_id}/export{query}").status in (status, 422)


def test_session_of_another_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    assert export(other_api, imported(api, SessionKind.AGENT), "jsonl").status == 404


def test_deleted_session_is_not_found(api: Gateway) -> None:
    session_id = imported(api, SessionKind.AGENT)
    api("DELETE", f"/v1/sessions/{session_id}")

    assert export(api, session_id, "jsonl").status == 404


def test_playground_session_is_exported(api: Gateway) -> None:
    opened = api("POST", "/v1/workflow/playground/sessions", {"catalog_slug": "order-status"}).json
    url = f"/v1/workflow/playground/sessions/{opened['session_id']}/messages"
    api("POST", url, {"message": "Where is my order ORD-1234?"})

    chat = export(api, opened["session_id"], "openai").json
    lines = export(api, opened["session_id"], "jsonl").text.splitlines()

    assert chat["messages"][0]["content"] == "Where is my order ORD-1234?"
    assert json.loads(lines[0])["state"]["catalog_slug"] == "order-status"
    assert json.loads(lines[0])["last_sequence"] == len(lines) - 1
    assert {json.loads(line)["type"] for line in lines[1:]} > {"user.message", "node.entered"}


def large(api: Gateway) -> str:
    events = [said("x" * 50_000) for _ in range(6)]
    return str(capture(api.organization_id, SessionKind.AGENT, events))


def said(text: str) -> tuple[str, dict[str, Any]]:
    return "input.message", {"message": {"content": [{"type": "text", "text": text}]}}


def test_large_export_is_a_link(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = large(api)
    whole = export(api, session_id, "openai")
    monkeypatch.setattr(delivery, "MAX_INLINE_BYTES", 100_000)
    monkeypatch.setattr(service, "_PAGE_BYTES", 1)

    answer = export(api, session_id, "openai")

    assert answer.status == 303
    assert answer.json["url"] == answer.headers["location"]
    [(key, content)] = stored_objects(IMPORTS).items()
    assert key.startswith(f"exports/{api.organization_id}/{session_id}/")
    assert key in urlsplit(answer.json["url"]).path
    assert content.decode() == whole.text


def test_session_that_is_deleted_during_its_export_leaves_nothing(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = large(api)
    monkeypatch.setattr(delivery, "MAX_INLINE_BYTES", 100_000)
    monkeypatch.setattr(service, "_PAGE_BYTES", 1)
    read = events_after
    monkeypatch.setattr(
        service,
        "events_after",
        lambda *given, after, **o: read(*given, after=after, **o) if after < 4 else [],
    )

    assert export(api, session_id, "openai").status == 404
    assert not stored_objects(IMPORTS)


def test_export_that_takes_too_long_is_refused(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = large(api)
    monkeypatch.setattr(service, "MAX_SECONDS", -1)

    assert export(api, session_id, "openai").status == 413


def test_events_appended_meanwhile_are_no_part(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = large(api)
    store = session_store(SessionKind.AGENT)
    read = events_after

    def appending(*given: Any, **options: Any) -> Any:
        with outside():
            append(store, api.organization_id, SessionId.parse(session_id), [said("Thanks")])
        return read(*given, **options)

    before = export(api, session_id, "openai").json
    with monkeypatch.context() as patched:
        patched.setattr(service, "events_after", appending)
        during = export(api, session_id, "openai").json
    after = export(api, session_id, "openai").json

    assert during == before
    assert after["messages"][-1]["content"] == "Thanks"


def test_fork_is_exported_with_the_log_of_its_origin(api: Gateway) -> None:
    session_id = imported(api, SessionKind.AGENT)
    fork = api("POST", f"/v1/sessions/{session_id}/fork", {"at_sequence": 2}).json

    forked = export(api, fork["id"], "openai").json["messages"]

    assert forked[:3] == export(api, session_id, "openai").json["messages"][:3]
