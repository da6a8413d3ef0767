"""Commands about scenarios: draft, list, show, replay."""

import pytest

from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.unit.cli.conftest import CommandLine

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def session(api: Gateway) -> str:
    """Id of a session with a message."""
    session = new_session(api, title="Late parcel")["id"]
    say(api, session, "My parcel is a week late, I want my money back.")
    return str(session)


def test_draft_is_printed_and_not_stored(user: CommandLine, session: str) -> None:
    done = user("scenarios", "draft", session)

    assert done.status == 0, done.err
    assert "intent: My parcel is a week late" in done.out
    assert "id: " not in done.out
    assert user("scenarios", "list").out == ""


def test_saved_draft_is_listed_shown_and_replayed(user: CommandLine, session: str) -> None:
    drafted = user("scenarios", "draft", session, "--save", "--name", "Late", "--json").json

    listed = user("scenarios", "list", "--tag", "agent")
    shown = user("scenarios", "show", drafted["id"])
    replayed = user("scenarios", "replay", drafted["id"], "--workflow", "order-status")

    assert listed.out.startswith(f"{drafted['id']}\tLate\tdrafted\t")
    assert "name: Late\n" in shown.out
    assert user("scenarios", "list", "--json").lines == [
        user("scenarios", "show", drafted["id"], "--json").json
    ]
    assert replayed.status == 0, replayed.err
    assert user("sessions", "show", replayed.out.strip(), "--kind", "playground").status == 0


def test_replay_needs_exactly_one_source(user: CommandLine) -> None:
    both = ("--workflow", "order-status", "--revision", UNKNOWN)

    assert user("scenarios", "replay", UNKNOWN).status == 2
    assert user("scenarios", "replay", UNKNOWN, *both).status == 2


def test_unknown_scenario_is_not_found(user: CommandLine) -> None:
    assert user("scenarios", "show", UNKNOWN).status == 5
    assert user("scenarios", "replay", UNKNOWN, "--workflow", "order-status").status == 5


def test_id_is_no_path(user: CommandLine) -> None:
    done = user("scenarios", "show", "../agents")

    assert done.status in (1, 5)
    assert done.err.startswith("error: ")
