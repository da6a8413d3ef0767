"""Tool goals: headline of the intent from the names of the tools."""

import pytest

from shared.scenarios.drafting.intent import extract_goal, render_intent
from shared.scenarios.drafting.tool_goals import extract_tool_goal
from shared.sessions.transcript import ToolCalled, UserSaid
from tests.support.captured_sessions import transcript


def intent(message: str, *tools: str) -> str:
    calls = [ToolCalled(n, tool, {}) for n, tool in enumerate(tools, 1)]
    goal = extract_goal([message])
    headline = extract_tool_goal(transcript(UserSaid(message), *calls), goal)
    return render_intent([message], goal, headline)


@pytest.mark.parametrize(
    ("message", "tools", "expected"),
    [
        (
            "I want to book a table at a restaurant in Napa.",
            ["ReserveRestaurant"],
            (
                "The user wants to reserve a restaurant. They want to book a table at a restaurant"
                " in Napa."
            ),
        ),
        (
            "Find me a flight. I want to book a hotel.",
            ["search_flights", "search_flights", "book_hotel"],
            "The user wants to search for flights and to book a hotel.",
        ),
        (
            "What's the weather? Please check the weather in Rome.",
            ["get_weather"],
            "The user wants to get weather. They want the assistant to check the weather in Rome.",
        ),
    ],
)
def test_requested_tools_are_the_headline(message: str, tools: list[str], expected: str) -> None:
    assert intent(message, *tools) == expected


@pytest.mark.parametrize(
    ("message", "tools"),
    [
        ("I want to return my order.", ["find_order"]),
        ("I want to book a flight.", ["book_flight", "calculate"]),
        ("I want to call a cab.", ["GetRide"]),
        ("I want to book a flight.", []),
        ("I want to book a flight.", ["flight"]),
    ],
)
def test_unrequested_tool_yields_no_headline(message: str, tools: list[str]) -> None:
    assert intent(message, *tools) == intent(message)
