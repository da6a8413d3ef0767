"""Session files through the gateway, the bucket and the SDK of the running stack."""

import base64
import os
import time
from urllib.parse import quote

import httpx
import pytest

from local.aws import client
from tests.integration.clients.everruns_initial_files import README
from tests.integration.conftest import run_client
from tests.support.running_stack import PATIENCE, RunningStack


def test_sdk_creates_a_session_with_starter_files(stack: RunningStack) -> None:
    result = run_client(
        "dev",
        "everruns_initial_files.py",
        EVERRUNS_API_URL=stack.api_url,
        EVERRUNS_API_KEY=stack.api_key,
    )

    assert result == {
        "role": "user",
        "paths": [
            "/workspace",
            "/workspace/AGENT.md",
            "/workspace/README.md",
            "/workspace/src",
            "/workspace/src/app.py",
        ],
        "readme": [README, True],
        "of_agent": [["/workspace/AGENT.md", "Be brief.\n"]],
    }


@pytest.mark.parametrize(
    ("sent", "status", "path"),
    [
        ("a/b.txt", 201, "/a/b.txt"),
        ("a%2Fc.txt", 201, "/a/c.txt"),
        (quote("\u00fc \U0001f600?#.txt"), 201, "/\u00fc \U0001f600?#.txt"),
        ("a%20b", 201, "/a b"),
        ("..%2F..%2Fa", 400, None),
        ("%2e%2e%2Fa", 400, None),
        ("a%00b", 400, None),
        ("a%5Cb", 400, None),
    ],
)
def test_encoded_paths_pass_the_gateway(
    http: httpx.Client, agent_session: str, sent: str, status: int, path: str | None
) -> None:
    url = f"/v1/sessions/{agent_session}/fs/{sent}"

    created = http.post(url, json={"content": "x"})

    assert created.status_code == status, created.text
    if path is not None:
        assert created.json()["path"] == path
        assert http.get(url).json()["content"] == "x"
        assert http.delete(url).json() == {"deleted": True}


def test_file_lives_in_the_bucket_until_its_session_is_purged(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    fs = f"/v1/sessions/{agent_session}/fs"
    data = os.urandom(4_194_304)
    body = {"content": base64.b64encode(data).decode(), "encoding": "base64"}
    assert http.post(f"{fs}/a/large.bin", json=body).status_code == 201
    assert http.post(f"{fs}/a/note.md", json={"content": "one\ntwo 2\n"}).status_code == 201
    read = http.get(f"{fs}/a/large.bin").json()
    assert base64.b64decode(read["content"]) == data

    copied = http.post(f"{fs}/_/copy", json={"src_path": "a/note.md", "dst_path": "b"})
    moved = http.post(f"{fs}/_/move", json={"src_path": "a", "dst_path": "c"})
    found = http.post(f"{fs}/_/grep", json={"pattern": r"two \d"}).json()["data"]

    assert (copied.status_code, moved.status_code) == (201, 200)
    assert [one["path"] for one in found] == ["/b", "/c/note.md"]
    assert http.post(f"{fs}/_/stat", json={"path": "c/large.bin"}).json()["size_bytes"] == len(data)
    assert http.put(f"{fs}/b", json={"content": "three"}).status_code == 200
    assert http.patch(f"{fs}/b").status_code == 405
    assert len(_keys(stack, agent_session)) == 3
    assert http.delete(f"/v1/sessions/{agent_session}").status_code == 204
    assert http.get(fs).status_code == 404
    deadline = time.monotonic() + PATIENCE
    while _keys(stack, agent_session) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _keys(stack, agent_session) == []


def _keys(stack: RunningStack, session: str) -> list[str]:
    """Return the keys of a session's contents."""
    s3 = client(stack.local, "s3")
    [bucket] = [one["Name"] for one in s3.list_buckets()["Buckets"] if "files" in one["Name"]]
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [one["Key"] for one in listed if session in one["Key"]]
