"""The official SDK in three versions, and the official command line, on the deployed stack.

Each runs unmodified in an environment of its own, as its users' would.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.environments import ensure, interpreter, program
from tests.support.running_stack import RunningStack

SCRIPT = Path(__file__).parent / "clients" / "galtea_sessions.py"
#: Environments by the version of the SDK in them; the newest is the development environment's.
SDKS = {"4.32.0": "galtea-4", "5.0.0": "galtea-5", "5.12.0": "dev"}
#: Seconds for a client's whole run, cold functions included.
PATIENCE = 120

type Run = Callable[..., Any]


@pytest.fixture(scope="module", autouse=True)
def _clients() -> None:
    ensure([*SDKS.values(), "galtea-cli"])


@pytest.fixture
def world(http: httpx.Client) -> dict[str, str]:
    """A version, and a test case whose goal is to know a date."""
    product = http.post("/products", json={"name": "Shop"}).json()["id"]
    version = http.post("/versions", json={"name": "1", "productId": product}).json()["id"]
    test = http.post("/tests", json={"name": "Late", "productId": product}).json()["id"]
    case = {
        "testId": test,
        "input": "Where is my parcel?",
        "scenario": "The order is 4711. It was sent a week ago.",
        "goal": "The date of delivery",
        "userPersona": "A polite customer",
    }
    test_case = http.post("/testCases", json=case).json()["id"]
    return {"product": product, "version": version, "test": test, "test case": test_case}


@pytest.mark.parametrize("sdk", SDKS)
def test_sdk_does_its_session_work(
    stack: RunningStack, http: httpx.Client, world: dict[str, str], sdk: str
) -> None:
    """Given a published SDK, when its users' steps are taken, then all of them work."""
    done = subprocess.run(
        [interpreter(SDKS[sdk]), SCRIPT, world["version"], world["test case"]],
        env=os.environ | {"GALTEA_API_URL": stack.api_url, "GALTEA_API_KEY": stack.api_key},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    left = json.loads(done.stdout.splitlines()[-1])
    assert left["sdk"] == sdk
    assert "not found" in left["refused"].lower()  # each version says it in its own words
    session = http.get(f"/sessions/{left['session']}").json()
    assert (session["status"], session["stoppingReason"]) == ("COMPLETED", "GOAL_ACHIEVED")
    turns = http.get("/inferenceResults", params={"sessionIds[]": left["session"]}).json()
    assert [turn["actualOutput"] for turn in turns] == ["On Tuesday.", "You are welcome."]
    assert (left["finished"], left["reason"]) == (True, "GOAL_ACHIEVED")
    assert left["status"] == "COMPLETED"
    played = http.get("/inferenceResults", params={"sessionIds[]": left["simulated"]}).json()
    assert [turn["index"] for turn in played] == list(range(left["turns"]))
    assert {turn["status"] for turn in played} == {"GENERATED"}
    assert played[0]["input"] == {"user_message": "Where is my parcel?"}


@pytest.fixture
def galtea(stack: RunningStack, tmp_path: Path) -> Run:
    """The command line, logged in to the stack; what it prints is read as JSON."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "NO_COLOR": "1",
        "GALTEA_API_KEY": stack.api_key,
    }

    def run(*arguments: str, told: Any = None) -> Any:
        done = subprocess.run(
            [program("galtea-cli", "galtea"), *arguments],
            env=environment,
            input=None if told is None else json.dumps(told),
            stdin=subprocess.DEVNULL if told is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout + done.stderr

    assert "Logged in" in run("login", "--host", stack.api_url)
    return run


def test_command_line_has_the_evaluation_surface_and_no_other(galtea: Run) -> None:
    """Given the served description, then nouns and verbs are those of the official API."""
    for noun in ("sessions", "inference-results", "products", "versions", "tests", "test-cases"):
        shown = galtea(noun, "--help")
        for verb in ("create", "list", "get", "update", "delete"):
            assert f"\n  {verb} " in shown, (noun, verb)
    shown = galtea("sessions", "--help")
    assert "\n  finish " in shown
    assert "create-session" not in shown
    assert "agents" not in galtea("--help")


def test_command_line_does_its_session_work(galtea: Run, world: dict[str, str]) -> None:
    """Given the command line, when a session is led through its life, then each step works."""
    version = world["version"]
    told = {"versionId": version, "customId": "by hand", "context": "A late parcel"}
    session = galtea("sessions", "create", told=told)
    found = galtea("sessions", "list", "--custom-ids", "by hand", "--version-ids", version)
    assert [one["id"] for one in found] == [session["id"]]
    assert galtea("sessions", "get", session["id"]) == session

    changed = galtea("sessions", "update", session["id"], told={"context": None})
    assert changed == session | {"context": None}
    result = galtea(
        "inference-results", "create", told={"sessionId": session["id"], "input": "Where?"}
    )
    batch = galtea(
        "inference-results",
        "create-batch",
        told={
            "sessionId": session["id"],
            "conversationTurns": [
                {"role": "user", "content": "When?"},
                {"role": "assistant", "content": "On Tuesday."},
            ],
        },
    )
    assert [one["index"] for one in (result, *batch)] == [0, 1]
    answered = galtea(
        "inference-results", "update", result["id"], told={"actualOutput": "On its way."}
    )
    assert galtea("inference-results", "get", result["id"]) == answered
    galtea("inference-results", "delete", batch[0]["id"])
    listed = galtea("inference-results", "list", "--session-ids", session["id"])
    assert listed == [answered]

    finished = galtea("sessions", "finish", session["id"], told={"stoppingReason": "DONE"})
    assert (finished["status"], finished["stoppingReason"]) == ("COMPLETED", "DONE")
    galtea("sessions", "delete", session["id"])
    assert galtea("sessions", "list", "--version-ids", version) == []
