"""Files that an agent or a create gives to a session."""

from typing import Any

import pytest

from tests.support.agents import new_agent, new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state, stored_objects

BINARY = bytes(range(256)) * 3


@pytest.fixture
def files(api: Gateway) -> FileApi:
    """The files of a new session."""
    return FileApi(api, str(new_session(api)["id"]))


def test_session_starts_with_the_files_of_its_agent_and_its_own(api: Gateway) -> None:
    agent = new_agent(
        api,
        initial_files=[
            {"path": "/workspace/README.md", "content": "# Demo\n", "is_readonly": True},
            {"path": "/workspace/data.bin", "content": "AAEC", "encoding": "base64"},
        ],
    )
    own = [
        {"path": "workspace/README.md", "content": "# Mine\n"},
        {"path": "/empty", "content": ""},
    ]

    files = FileApi(api, str(new_session(api, agent_id=agent["id"], initial_files=own)["id"]))

    assert files.paths(recursive=True) == [
        "/empty",
        "/workspace",
        "/workspace/README.md",
        "/workspace/data.bin",
    ]
    assert files.data("workspace/README.md") == b"# Mine\n"
    assert files.read("workspace/README.md").json["is_readonly"] is False
    assert files.data("workspace/data.bin") == b"\x00\x01\x02"
    assert files.data("empty") == b""
    assert stored_objects() == {}
    assert api("GET", f"/v1/agents/{agent['id']}").json["initial_files"] == [
        {"path": "/workspace/README.md", "content": "# Demo\n", "encoding": "text",
         "is_readonly": True},
        {"path": "/workspace/data.bin", "content": "AAEC", "encoding": "base64",
         "is_readonly": False},
    ]  # fmt: skip


def test_initial_files_of_an_agent_reach_later_sessions_only(api: Gateway) -> None:
    agent = new_agent(api, initial_files=[{"path": "a", "content": "one"}])
    first = FileApi(api, str(new_session(api, agent_id=agent["id"])["id"]))
    first.update("a", content="changed")
    api("PATCH", f"/v1/agents/{agent['id']}", {"initial_files": []})

    second = FileApi(api, str(new_session(api, agent_id=agent["id"])["id"]))

    assert first.data("a") == b"changed"
    assert second.paths() == []
    assert "initial_files" not in api("GET", f"/v1/agents/{agent['id']}").json


def test_initial_files_are_changed_as_others(api: Gateway) -> None:
    body = {"initial_files": [{"path": "a", "content": "one"}, {"path": "b", "content": "two"}]}
    files = FileApi(api, str(new_session(api, **body)["id"]))

    files.action("copy", src_path="a", dst_path="c")
    files.update("a", content="new")
    files.delete("b")

    assert [files.data(name) for name in "ac"] == [b"new", b"one"]


@pytest.mark.parametrize(
    ("initial_files", "error"),
    [
        ([{"path": "../a", "content": ""}], "initial_files.path: must not contain the segments"),
        ([{"path": "/", "content": ""}], "initial_files.path: must name a file"),
        ([{"path": "a", "content": "?", "encoding": "base64"}], "/a: must be base64"),
        ([{"path": "a", "content": ""}, {"path": "//a", "content": ""}], "a path of its own"),
        ([{"path": "a", "content": ""}, {"path": "a/b", "content": ""}], "/a is a file"),
        ([{"path": str(n), "content": ""} for n in range(51)], "initial_files must be at most 50"),
        ([{"path": "a", "content": "x" * 131_073}], "at most 131072 bytes of content"),
        ([{"path": f"{n}{'/d' * 31}", "content": ""} for n in range(50)], "must be at most 500"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("route", ["/v1/agents", "/v1/sessions"])
def test_refused_initial_files_create_nothing(
    api: Gateway, route: str, initial_files: list[Any], error: str
) -> None:
    given = {"agent_id": new_agent(api)["id"], "name": "Ada", "system_prompt": "You help."}

    answer = api("POST", route, {**given, "initial_files": initial_files})

    assert answer.status == 400
    assert error in answer.json["error"]
    assert len(api("GET", route).json["data"]) == (1 if route == "/v1/agents" else 0)


def test_file_of_a_session_in_place_of_a_directory_of_its_agent_is_refused(api: Gateway) -> None:
    agent = new_agent(api, initial_files=[{"path": "a/b", "content": "x"}])

    answer = api(
        "POST", "/v1/sessions",
        {"agent_id": agent["id"], "initial_files": [{"path": "a", "content": "x"}]},
    )  # fmt: skip

    assert answer.status == 409
    assert api("GET", "/v1/sessions").json["data"] == []


def test_session_without_files_costs_what_it_did(api: Gateway) -> None:
    agent = new_agent(api)
    forget_process_state()
    with counted_requests() as counts:
        session = new_session(api, agent_id=agent["id"])

    assert counts == {"GetItem": 1, "PutItem": 1}
    assert FileApi(api, str(session["id"])).paths() == []
