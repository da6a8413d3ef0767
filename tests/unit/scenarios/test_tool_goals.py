"""What the tools that were called tell about the goal."""

import pytest

from shared.scenarios.intent import goal_of, intent_of
from shared.scenarios.tool_goals import goals_of_tools
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Entry, ToolCalled, Transcript, UserSaid


def intent(said: str, *tools: str) -> str:
    calls: list[Entry] = [ToolCalled(n, tool, {}) for n, tool in enumerate(tools, 1)]
    transcript = Transcript(kind=SessionKind.AGENT, entries=(UserSaid(said), *calls))
    goal = goal_of([said])
    return intent_of([said], goal, goals_of_tools(transcript, goal))


@pytest.mark.parametrize(
    ("said", "tools", "told"),
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
def test_given_tools_do_what_the_user_asks_then_they_tell_it(
    said: str, tools: list[str], told: str
) -> None:
    assert intent(said, *tools) == told


@pytest.mark.parametrize(
    ("said", "tools"),
    [
        ("I want to return my order.", ["find_order"]),
        ("I want to book a flight.", ["book_flight", "calculate"]),
        ("I want to call a cab.", ["GetRide"]),
        ("I want to book a flight.", []),
        ("I want to book a flight.", ["flight"]),
    ],
)
def test_given_a_tool_serves_something_else_then_the_user_alone_tells(
    said: str, tools: list[str]
) -> None:
    assert intent(said, *tools) == intent(said)
