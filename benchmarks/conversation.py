"""Conversation of the turn benchmarks."""

#: Turns whose cost is printed.
SHOWN = (1, 2, 5, 10, 25, 50, 100)


def question(turn: int) -> str:
    """Return the user's message, of some 200 characters."""
    return f"Question {turn}: " + "Could you tell me where my order is, and when it comes? " * 3


def answer(turn: int) -> str:
    """Return the agent's answer, of some 400 characters."""
    return f"Answer {turn}: " + "It left our house yesterday and will be with you on Tuesday. " * 6
