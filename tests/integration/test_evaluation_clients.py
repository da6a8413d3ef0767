"""Galtea SDK, three published versions, and the official command-line client.

Each runs unmodified in an environment of its own.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.galtea_sdk import ROWS, SDKS
from local.environments import program
from tests.integration.conftest import create, run_client
from tests.support import commands
from tests.support.running_stack import RunningStack

#: Seconds for one command, cold functions included.
PATIENCE = 120

type Run = Callable[..., Any]


pytestmark = pytest.mark.environments(*SDKS.values(), "galtea-cli")


@pytest.fixture
def test_case(http: httpx.Client, version: str) -> str:
    """Id of a test case whose goal is to know a date."""
    product = http.get(f"/versions/{version}").json()["productId"]
    return create(
        http,
        "/testCases",
        testId=create(http, "/tests", name="Late", productId=product),
        input="Where is my parcel?",
        scenario="The order is 4711. It was sent a week ago.",
        goal="The date of delivery",
        userPersona="A polite customer",
    )


@pytest.mark.parametrize("sdk", SDKS)
def test_sdk_runs_metrics_and_evaluations(
    stack: RunningStack, http: httpx.Client, version: str, test_case: str, sdk: str
) -> None:
    result = run_client(
        SDKS[sdk],
        "galtea_evaluations.py",
        version,
        test_case,
        GALTEA_API_URL=stack.api_url,
        GALTEA_API_KEY=stack.api_key,
    )

    assert result["sdk"] == sdk
    assert "not found" in result["not_found"].lower()  # each version has its own wording
    # The stack of the tests has no judge model: the queue delivered, and the judge said so.
    status, reason = result["judged"]
    assert (status, reason.partition(";")[0]) == ("FAILED", "No judge model is configured")
    assert result["retried"] == [1, 1]
    assert http.get(f"/sessions/{result['single']}").json()["status"] == "COMPLETED"


@pytest.mark.parametrize("sdk", SDKS)
def test_sdk_runs_sessions_results_and_simulation(
    stack: RunningStack, http: httpx.Client, version: str, test_case: str, sdk: str
) -> None:
    result = run_client(
        SDKS[sdk],
        "galtea_sessions.py",
        version,
        test_case,
        GALTEA_API_URL=stack.api_url,
        GALTEA_API_KEY=stack.api_key,
    )

    assert result["sdk"] == sdk
    assert "not found" in result["not_found"].lower()  # each version has its own wording
    session = http.get(f"/sessions/{result['session']}").json()
    assert (session["status"], session["stoppingReason"]) == ("COMPLETED", "GOAL_ACHIEVED")
    turns = http.get("/inferenceResults", params={"sessionIds[]": result["session"]}).json()
    assert [turn["actualOutput"] for turn in turns] == ["On Tuesday.", "You are welcome."]
    # The scripted user judges no answer: only the maximum number of turns ends the conversation.
    assert (result["finished"], result["reason"]) == (True, "MAX_TURNS_REACHED")
    assert (result["status"], result["turns"]) == ("COMPLETED", 4)
    simulated = http.get("/inferenceResults", params={"sessionIds[]": result["simulated"]}).json()
    assert [turn["index"] for turn in simulated] == list(range(result["turns"]))
    assert {turn["status"] for turn in simulated} == {"GENERATED"}
    assert simulated[0]["input"] == {"user_message": "Where is my parcel?"}
    steps = {step["name"]: step for step in result["steps"]}
    assert {name: step["type"] for name, step in steps.items()} == {
        "answer": "AGENT", "get_order": "TOOL", "search": "RETRIEVER",
    }  # fmt: skip
    assert steps["get_order"]["parentTraceId"] == steps["answer"]["id"]
    assert steps["get_order"]["outputData"] == {"number": 4711, "status": "late"}


#: Methods that are refused: they need specifications, or the vendor's own analytics.
REFUSED = {
    "evaluations.run (with an agent)",
    "metrics.get_analytics_exclusion_impact",
    "metrics.set_analytics_exclusion",
}


@pytest.mark.parametrize("sdk", SDKS)
def test_each_method_of_the_sdk_works_or_is_refused_by_design(
    stack: RunningStack, http: httpx.Client, tmp_path: Path, sdk: str
) -> None:
    rows = tmp_path / "cases.csv"
    rows.write_text(ROWS)
    product, empty = (create(http, "/products", name=f"Shop {sdk} {one}") for one in "ab")

    result = run_client(
        SDKS[sdk],
        "galtea_methods.py",
        product,
        str(rows),
        GALTEA_API_URL=stack.api_url,
        GALTEA_API_KEY=stack.api_key,
        EMPTY_PRODUCT=empty,
    )

    assert result["sdk"] == sdk
    failed = {name: reason for name, reason in result["methods"].items() if reason}
    assert failed.keys() == REFUSED & result["methods"].keys(), failed


@pytest.fixture
def galtea(stack: RunningStack, tmp_path: Path) -> Run:
    """The command-line client, logged in to the stack; its output is parsed as JSON."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "NO_COLOR": "1",
        "GALTEA_API_KEY": stack.api_key,
    }

    def run(*arguments: str, body: Any = None) -> Any:
        sent = {"stdin": subprocess.DEVNULL} if body is None else {"input": json.dumps(body)}
        words = (program("galtea-cli", "galtea"), *arguments)
        done = commands.run(*words, env=environment, check=False, timeout=PATIENCE, **sent)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout + done.stderr

    assert "Logged in" in run("login", "--host", stack.api_url)
    return run


def test_command_line_has_the_commands_of_the_evaluation_surface_only(galtea: Run) -> None:
    for noun in ("sessions", "inference-results", "products", "versions", "tests", "test-cases"):
        usage = galtea(noun, "--help")
        for verb in ("create", "list", "get", "update", "delete"):
            assert f"\n  {verb} " in usage, (noun, verb)
    usage = galtea("sessions", "--help")
    assert "\n  finish " in usage
    assert "create-session" not in usage
    assert "agents" not in galtea("--help")


def test_command_line_runs_a_session_from_create_to_delete(galtea: Run, version: str) -> None:
    body = {"versionId": version, "customId": "by hand", "context": "A late parcel"}
    session = galtea("sessions", "create", body=body)
    found = galtea("sessions", "list", "--custom-ids", "by hand", "--version-ids", version)
    assert [one["id"] for one in found] == [session["id"]]
    assert galtea("sessions", "get", session["id"]) == session

    updated = galtea("sessions", "update", session["id"], body={"context": None})
    assert updated == session | {"context": None}
    result = galtea(
        "inference-results", "create", body={"sessionId": session["id"], "input": "Where?"}
    )
    batch = galtea(
        "inference-results",
        "create-batch",
        body={
            "sessionId": session["id"],
            "conversationTurns": [
                {"role": "user", "content": "When?"},
                {"role": "assistant", "content": "On Tuesday."},
            ],
        },
    )
    assert [one["index"] for one in (result, *batch)] == [0, 1]
    updated_result = galtea(
        "inference-results", "update", result["id"], body={"actualOutput": "On its way."}
    )
    assert galtea("inference-results", "get", result["id"]) == updated_result
    galtea("inference-results", "delete", batch[0]["id"])
    listed = galtea("inference-results", "list", "--session-ids", session["id"])
    assert listed == [updated_result]

    finished = galtea("sessions", "finish", session["id"], body={"stoppingReason": "DONE"})
    assert (finished["status"], finished["stoppingReason"]) == ("COMPLETED", "DONE")
    galtea("sessions", "delete", session["id"])
    assert galtea("sessions", "list", "--version-ids", version) == []
