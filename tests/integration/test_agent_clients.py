"""Everruns SDK, two published versions, each unmodified in an environment of its own."""

import pytest

from tests.integration.conftest import run_client
from tests.support.running_stack import RunningStack

#: Environments by the version of the SDK in them; the newest is the development environment's.
SDKS = {"0.1.1": "everruns-0-1", "0.3.1": "dev"}
#: Seconds that the model of the canceled turn would have taken.
THINKING = 8

pytestmark = pytest.mark.environments(*SDKS.values())

TURN = [
    "input.message",
    "session.activated",
    "turn.started",
    "reason.started",
    "output.message.started",
    "output.message.completed",
    "llm.generation",
    "reason.completed",
    "turn.completed",
    "session.idled",
]
TOOL = ["act.started", "tool.started", "tool.completed", "act.completed"]
TOOL_ROLES = ["user", "agent", "tool_result", "agent"]


@pytest.mark.parametrize("sdk", SDKS)
def test_sdk_runs_a_session_from_agent_to_streamed_answer_to_delete(
    stack: RunningStack, sdk: str
) -> None:
    result = run_client(
        SDKS[sdk],
        "everruns_sessions.py",
        EVERRUNS_API_URL=stack.api_url,
        EVERRUNS_API_KEY=stack.api_key,
    )

    assert result["sdk"] == sdk
    assert result["events"] == [*TURN, *TURN[:8], *TOOL, *TURN[3:], *TURN]
    assert result["turns"] == ["turn.completed"] * 3
    assert result["answers"] == [
        "You said: Hello!",
        "expression: 12 * (3 + 4), result: 84",
        "You said: Thank you",
    ]
    assert result["roles"] == ["user", "agent", *TOOL_ROLES, "user", "agent"]
    assert result["cancelled"] == [*TURN[:4], "turn.cancelled", "session.idled"]
    # The read after the cancel says idle: the seconds are those of two requests, on any machine.
    assert result["seconds"]["until_idle"] < THINKING
    assert "not found" in result["not_found"].lower()


def test_sdk_runs_a_tool_of_the_client_as_its_weather_cookbook_does(stack: RunningStack) -> None:
    result = run_client(
        "dev",
        "everruns_tools.py",
        EVERRUNS_API_URL=stack.api_url,
        EVERRUNS_API_KEY=stack.api_key,
    )

    assert result["sdk"] == "0.3.1"
    called = ["act.started", "tool.started", "tool.call_requested"]
    answered = ["tool.completed", "act.completed"]
    assert result["events"] == [*TURN[:8], *called, *answered, *TURN[3:9]]
    assert result["roles"] == TOOL_ROLES
    assert result["answer"] == "city: Paris, degrees: 18"
    assert result["late"] == [409, "tool_call_id: the call has another result already."]
