"""Exports of sessions from the deployed stack, imported again by `make import`."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.conftest import run_module
from tests.support.running_stack import RunningStack


def imported(stack: RunningStack, file: Path, kind: str) -> str:
    done = run_module("local.import_sessions", stack, "--file", file, "--kind", kind)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["session_id"])


def conversation(messages: int, characters: int) -> list[dict[str, Any]]:
    call = {"id": "c", "function": {"name": "find", "arguments": '{"order":4711}'}}
    begin: list[dict[str, Any]] = [
        {"role": "user", "content": "Where is it?", "timestamp": "2026-02-01T10:00:00Z"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": '{"state":"late"}'},
    ]
    return begin + [
        {"role": role, "content": f"{number} " + "x" * characters}
        for number in range(messages)
        for role in ("assistant", "user")
    ]


@pytest.mark.parametrize(("kind", "messages"), [("agent", 300), ("evaluation", 3)])
def test_exports_of_every_format_are_the_same_session_again(
    stack: RunningStack, http: httpx.Client, tmp_path: Path, kind: str, messages: int
) -> None:
    """An export larger than a response is followed to its link; no key is needed there."""
    file = tmp_path / "captured.jsonl"
    line = {"id": f"export {kind}", "messages": conversation(messages, 10_000)}
    file.write_text(json.dumps(line))
    first = imported(stack, file, kind)
    lines = export(http, first, "jsonl").splitlines()

    for form in ("openai", "otel", "jsonl"):
        text = export(http, first, form)
        # Another id: the source's is taken in this organization.
        (tmp_path / form).write_text(text.replace(json.loads(lines[0])["id"], f"{form} {kind}", 1))
        again = export(http, imported(stack, tmp_path / form, kind), "jsonl").splitlines()
        assert [without_ids(one) for one in again[1:]] == [without_ids(one) for one in lines[1:]]


def export(http: httpx.Client, session_id: str, form: str) -> str:
    url = f"/v1/sessions/{session_id}/export"
    answer = http.get(url, params={"format": form})
    if answer.status_code == 303:
        assert answer.headers["location"] == answer.json()["url"]
        answer = httpx.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    return answer.text


def without_ids(line: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(line)
    event["data"].get("message", {}).pop("id", None)
    return {key: event[key] for key in ("sequence", "type", "ts", "data")}
