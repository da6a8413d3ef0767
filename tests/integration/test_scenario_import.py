"""From captured conversations to replayed scenarios, on the deployed stack."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import ROOT
from tests.integration.test_changes import Listener
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.running_stack import RunningStack


def imported(stack: RunningStack, file: Path, kind: str) -> tuple[int, list[dict[str, str]], str]:
    """Import a file as `make import` does; return its status, what it printed and told."""
    done = subprocess.run(
        [sys.executable, "-m", "local.import_sessions", "--file", str(file), "--kind", kind,
         "--port", str(stack.local.port), "--home", str(stack.local.home)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The real conversations, one too large for a message, and a bad line."""
    lines = [line for path in sorted(CONVERSATIONS.glob("*.jsonl"))
             for line in path.read_text().splitlines()]  # fmt: skip
    long = [
        {"role": role, "content": f"{n} " + "x" * 15_000}
        for n in range(20)
        for role in ("user", "assistant")
    ]
    lines += ["no JSON", json.dumps({"id": "long", "messages": long})]
    found = tmp_path / "captured.jsonl"
    found.write_text("\n".join(lines) + "\n")
    return found


@pytest.mark.parametrize("kind", ["agent", "evaluation"])
def test_conversations_become_sessions_that_can_be_drafted_from(
    stack: RunningStack, http: httpx.Client, file: Path, kind: str
) -> None:
    """Given a file with a bad line, then the others are there once, however often imported."""
    status, printed, told = imported(stack, file, kind)
    _, again, _ = imported(stack, file, kind)

    assert status == 1
    assert "line 6: not JSON" in told
    assert len(printed) == 6
    key = "session_id"
    assert sorted(one[key] for one in again) == sorted(one[key] for one in printed)
    for one in printed:
        draft = http.post("/v1/scenarios/draft-from-session", json={"session_id": one[key]})
        assert draft.status_code == 200, draft.text
        assert kind in draft.json()["tags"]


def test_draft_is_stored_replayed_and_heard_of(
    stack: RunningStack, http: httpx.Client, file: Path
) -> None:
    """Given an imported session, when its draft is sent back, then it is a test to replay."""
    listener = Listener(stack)
    _, printed, _ = imported(stack, file, "agent")
    draft = http.post(
        "/v1/scenarios/draft-from-session", json={"session_id": printed[0]["session_id"]}
    ).json()

    created: dict[str, Any] = http.post("/v1/scenarios", json=draft).json()
    url = f"/v1/scenarios/{created['id']}"
    replayed = http.post(f"{url}/replay", json={"catalog_slug": "order-status"})
    http.put(url, json={"tags": ["kept"]}).raise_for_status()
    listed = http.get("/v1/scenarios", params={"tags": "kept"}).json()
    http.delete(url).raise_for_status()

    assert replayed.status_code == 201, replayed.text
    assert [one["id"] for one in listed["items"]] == [created["id"]]
    heard = listener.about(created["id"], wanted=3)
    assert [event["detail-type"] for event in heard[:3]] == [
        "scenario.created", "scenario.updated", "scenario.deleted",
    ]  # fmt: skip
