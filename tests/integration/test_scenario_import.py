"""Scenarios from captured conversations on the deployed stack: import, draft, create, replay."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.conftest import events_about, run_module
from tests.support.bus_listener import BusListener
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.running_stack import RunningStack

FORMS = CONVERSATIONS.parent / "imports"


def run_import(stack: RunningStack, file: Path, kind: str) -> tuple[int, list[dict[str, str]], str]:
    """Import a file as `make import` does; return status, sessions and messages."""
    done = run_module("local.import_sessions", stack, "--file", file, "--kind", kind)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The recorded conversations, one that exceeds a message, and an invalid line."""
    lines = [line for path in sorted(CONVERSATIONS.glob("*.jsonl"))
             for line in path.read_text().splitlines()]  # fmt: skip
    long = [
        {"role": role, "content": f"{n} " + "x" * 15_000}
        for n in range(20)
        for role in ("user", "assistant")
    ]
    lines += ["not JSON", json.dumps({"id": "long", "messages": long})]
    path = tmp_path / "captured.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("kind", ["agent", "evaluation"])
def test_conversations_become_sessions_that_scenarios_are_drafted_from(
    stack: RunningStack, http: httpx.Client, file: Path, kind: str
) -> None:
    """A repeated import stores no second session; an invalid line stops no other."""
    status, sessions, messages = run_import(stack, file, kind)
    _, repeated, _ = run_import(stack, file, kind)

    assert status == 1
    assert "line 6: not JSON" in messages
    assert len(sessions) == 6
    ids = [one["session_id"] for one in sessions]
    assert sorted(one["session_id"] for one in repeated) == sorted(ids)
    for session_id in ids:
        draft = http.post("/v1/scenarios/draft-from-session", json={"session_id": session_id})
        assert draft.status_code == 200, draft.text
        assert kind in draft.json()["tags"]


def test_lines_of_every_form_are_read_back_with_their_times(
    stack: RunningStack, http: httpx.Client, tmp_path: Path
) -> None:
    """A text that is cut in half is no exception: all reads of its session succeed."""
    lines = [line for path in sorted(FORMS.glob("*.jsonl"))
             for line in path.read_text().splitlines()]  # fmt: skip
    cut = {"role": "user", "content": "cut \ud83d", "timestamp": "2026-01-15T09:30:00Z"}
    lines += [json.dumps({"id": "cut", "messages": [cut]}), '{"id": "bad", "messages": [{}]}']
    file = tmp_path / "forms.jsonl"
    file.write_text("\n".join(lines))

    status, sessions, messages = run_import(stack, file, "agent")

    assert status == 1
    assert f"line {len(lines)}: messages.0.role: must be one of" in messages
    assert len(sessions) == len(lines) - 1
    [cut_id] = [one["session_id"] for one in sessions if one["id"] == "cut"]
    session_id = f"session_{cut_id.replace('-', '')}"
    for part in ("", "/messages", "/events", "/sse"):
        answer = http.get(f"/v1/sessions/{session_id}{part}")
        assert answer.status_code == 200, part
        assert "2026-01-15T09:30:00" in answer.text
    assert "cut \ufffd" in http.get(f"/v1/sessions/{session_id}/messages").text


def test_draft_is_stored_replayed_and_published(
    stack: RunningStack, http: httpx.Client, file: Path, bus: BusListener
) -> None:
    _, sessions, _ = run_import(stack, file, "agent")
    draft = http.post(
        "/v1/scenarios/draft-from-session", json={"session_id": sessions[0]["session_id"]}
    ).json()

    created: dict[str, Any] = http.post("/v1/scenarios", json=draft).json()
    url = f"/v1/scenarios/{created['id']}"
    replayed = http.post(f"{url}/replay", json={"catalog_slug": "order-status"})
    http.put(url, json={"tags": ["kept"]}).raise_for_status()
    listed = http.get("/v1/scenarios", params={"tags": "kept"}).json()
    http.delete(url).raise_for_status()

    assert replayed.status_code == 201, replayed.text
    assert [one["id"] for one in listed["items"]] == [created["id"]]
    events = events_about(bus, created["id"], count=3)
    assert [event["detail-type"] for event in events[:3]] == [
        "scenario.created", "scenario.updated", "scenario.deleted",
    ]  # fmt: skip
