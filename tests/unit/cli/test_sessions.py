"""Commands about sessions: list, show, follow, delete."""

import json
import sys
from typing import Any

import pytest

from cli.agent_sessions_cli import kinds
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.unit.cli.conftest import CommandLine

UNKNOWN = f"session_{'0' * 32}"


def open_playground(api: Gateway) -> str:
    """Open a playground session with one turn; return its id."""
    path = "/v1/workflow/playground/sessions"
    opened = api("POST", path, {"catalog_slug": "order-status"}).json["session_id"]
    message = {"message": "Where is order 4711?"}
    assert api("POST", f"{path}/{opened}/messages", message).status == 200
    return str(opened)


def record_evaluation(api: Gateway) -> str:
    """Record an evaluation session with one turn; return its id."""
    product = api("POST", "/products", {"name": "Shop"}).json["id"]
    version = api("POST", "/versions", {"name": "1", "productId": product}).json["id"]
    session = api("POST", "/sessions", {"versionId": version, "customId": "run-1"}).json["id"]
    turn = {"sessionId": session, "input": {"user_message": "Late?"}, "actualOutput": "No."}
    assert api("POST", "/inferenceResults", turn).status == 201
    return str(session)


def test_sessions_are_listed_newest_first_over_all_pages(
    user: CommandLine, api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_PAGE", 2)
    agent = new_session(api, title="first")["agent_id"]
    for number in range(4):
        new_session(api, agent_id=agent, title=f"Title {number}\n\x1b[31m")

    few = user("sessions", "list", "--limit", 3)
    every = user("sessions", "list", "--all", "--json")

    rows = [row.split("\t") for row in few.out.splitlines()]
    assert [row[3] for row in rows] == [f"Title {n} \ufffd[31m" for n in (3, 2, 1)]
    assert len(every.lines) == 5
    assert every.lines[-1]["title"] == "first"


def test_sessions_of_all_kinds_are_listed_in_one_order(
    user: CommandLine, api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_PAGE", 2)
    evaluation, playground = record_evaluation(api), open_playground(api)
    agent = new_session(api, title="Late parcel")["id"]

    listed = user("sessions", "list", "--kind", "all")
    found = user("sessions", "list", "--kind", "all", "--search", "PARCEL", "--json")

    rows = [row.split("\t") for row in listed.out.splitlines()]
    assert [row[:3] for row in rows] == [
        [agent, "agent", "open"],
        [playground, "playground", "open"],
        [evaluation, "evaluation", "open"],
    ]
    assert [one["id"] for one in found.lines] == [agent]
    assert user("sessions", "list", "--kind", "all", "--tag", "web").status == 2


def test_session_of_an_agent_is_shown_with_its_messages(user: CommandLine, api: Gateway) -> None:
    session = new_session(api, title="Late parcel", tags=["web"])["id"]
    say(api, session, "My parcel is late \x1b]0;owned\x07")

    done = user("sessions", "show", session)
    document = user("sessions", "show", session, "--json").json

    assert done.status == 0
    assert "title: Late parcel" in done.out
    assert "user: My parcel is late \ufffd]0;owned\ufffd" in done.out
    assert document["kind"] == "agent"
    assert document["messages"][0]["role"] == "user"


@pytest.mark.parametrize("kind", ["playground", "evaluation"])
def test_kind_of_a_session_is_found_out(user: CommandLine, api: Gateway, kind: str) -> None:
    session = open_playground(api) if kind == "playground" else record_evaluation(api)

    shown = user("sessions", "show", session)
    listed = user("sessions", "list", "--kind", kind)
    deleted = user("sessions", "delete", session, "--yes")

    assert shown.status == 0, shown.err
    assert "user: " in shown.out
    assert "agent: " in shown.out
    assert listed.out.startswith(session)
    assert (deleted.status, deleted.out) == (0, f"{session}\n")
    assert user("sessions", "show", session).status == 5


def test_unknown_session_is_not_found(user: CommandLine) -> None:
    done = user("sessions", "show", UNKNOWN)

    assert done.status == 5
    assert done.err.startswith("error: no session has the id 00000000-")


@pytest.mark.parametrize("session", ["4711", "session_4711", UNKNOWN + "0", "../../v1/agents"])
def test_text_that_is_no_id_is_wrong_usage(user: CommandLine, session: str) -> None:
    for words in (("show",), ("follow",), ("export",), ("delete", "--yes"), ("fork", "--at", 1)):
        assert user("sessions", *words, session).status == 2, words


def test_deleting_goes_on_behind_an_unknown_session(user: CommandLine, api: Gateway) -> None:
    session = new_session(api)["id"]

    done = user("sessions", "delete", UNKNOWN, session, "--yes", "--json")

    assert done.status == 5
    assert done.lines == [{"id": session, "deleted": True}]
    assert "1 of 2 were not deleted" in done.err


def test_followed_session_is_printed_until_it_is_idle(user: CommandLine, api: Gateway) -> None:
    """The turn of the message waits for its runner, which no test of this folder starts."""
    session = new_session(api)["id"]
    say(api, session, "Hello")
    say(api, session, "Hello again")
    assert api("POST", f"/v1/sessions/{session}/cancel").status == 200

    done = user("sessions", "follow", session, "--until-idle")
    events = user("sessions", "follow", session, "--until-idle", "--json").lines

    assert done.status == 0, done.err
    assert done.out.startswith("user: Hello\nuser: Hello again\n")
    assert events[-1]["event"] == "session.idled"
    newest = user("sessions", "follow", session, "--until-idle", "--json", "--since",
                  events[-2]["id"])  # fmt: skip
    assert [one["id"] for one in newest.lines] == [events[-1]["id"]]


def test_followed_playground_session_shows_its_turns(user: CommandLine, api: Gateway) -> None:
    done = user("sessions", "follow", open_playground(api), "--until-idle")

    assert done.status == 0
    assert "agent: " in done.out


def test_evaluation_session_cannot_be_followed_or_forked(user: CommandLine, api: Gateway) -> None:
    session = record_evaluation(api)

    assert user("sessions", "follow", session).status == 1
    assert user("sessions", "fork", session, "--at", 1).status == 1


def test_output_is_cut_off_without_an_error(
    user: CommandLine, api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_session(api)

    def closed(*_: Any, **__: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stdout, "write", closed)
    monkeypatch.setattr("cli.agent_sessions_cli.__main__._forget_output", lambda: None)

    assert user("sessions", "list").status == 141


def test_json_has_no_control_characters(user: CommandLine, api: Gateway) -> None:
    new_session(api, title="\x9b31m \u202e title")

    done = user("sessions", "list", "--json")

    assert "\x9b" not in done.out
    assert json.loads(done.out)["title"] == "\x9b31m \u202e title"
