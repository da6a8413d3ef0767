"""The official SDK in two versions on the deployed stack: from an agent to a deleted session.

Each runs unmodified in an environment of its own, as its users' would.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local.environments import ensure, interpreter
from tests.support.running_stack import RunningStack

SCRIPT = Path(__file__).parent / "clients" / "everruns_sessions.py"
#: Environments by the version of the SDK in them; the newest is the development environment's.
SDKS = {"0.1.1": "everruns-0-1", "0.3.1": "dev"}
#: Seconds for a client's whole run, cold functions included.
PATIENCE = 180
#: Seconds that the model of the cancelled turn would have thought.
THINKING = 8

TURN = [
    "input.message",
    "session.activated",
    "turn.started",
    "reason.started",
    "output.message.started",
    "output.message.completed",
    "reason.completed",
    "turn.completed",
    "session.idled",
]
TOOL = ["reason.completed", "act.started", "tool.started", "tool.completed", "act.completed"]


@pytest.mark.parametrize("sdk", SDKS)
def test_sdk_drives_a_session_from_agent_to_streamed_answer_to_delete(
    stack: RunningStack, sdk: str
) -> None:
    """Given a published SDK, when its users' steps are taken, then all of them work."""
    ensure([SDKS[sdk]])
    done = subprocess.run(
        [interpreter(SDKS[sdk]), SCRIPT],
        env=os.environ | {"EVERRUNS_API_URL": stack.api_url, "EVERRUNS_API_KEY": stack.api_key},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    left = json.loads(done.stdout.splitlines()[-1])
    assert left["sdk"] == sdk
    assert left["events"] == [*TURN, *TURN[:4], *TOOL, *TURN[3:], *TURN]
    assert left["turns"] == ["turn.completed"] * 3
    assert left["said"] == [
        "You said: Hello!",
        "expression: 12 * (3 + 4), result: 84",
        "You said: Thank you",
    ]
    assert left["roles"] == ["user", "agent", "user", "tool_result", "agent", "user", "agent"]
    assert left["cancelled"] == [*TURN[:4], "turn.cancelled", "session.idled"]
    # The read behind the cancel says idle: the seconds are those of two requests, on any machine.
    assert left["seconds"]["until_idle"] < THINKING
    assert "not found" in left["refused"].lower()
