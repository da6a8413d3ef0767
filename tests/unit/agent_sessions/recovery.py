"""A runner that is killed at any request, and what holds of every session at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.storage.client import dynamodb
from tests.support.gateway import Gateway
from tests.support.turns import (
    events,
    session,
)


class Killed(BaseException):
    """The function is gone from one moment to the next."""


@contextmanager
def killed_at(request: int, *, carried_out: bool) -> Iterator[None]:
    """Kill the function at a request to the table: before it is sent, or after it was done."""
    seen = 0

    def look(**_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == request:
            raise Killed

    name = "after-call.dynamodb" if carried_out else "before-call.dynamodb"
    dynamodb().meta.events.register(name, look)
    try:
        yield
    finally:
        dynamodb().meta.events.unregister(name, look)


def assert_whole(api: Gateway, session_id: str) -> None:
    """Check what holds of every session at rest."""
    found = events(api, session_id)
    assert [event["sequence"] for event in found] == list(range(1, len(found) + 1))
    assert session(api, session_id)["status"] == "idle"
    asked = [event["data"]["message"]["id"] for event in found if event["type"] == "input.message"]
    ended = ("turn.completed", "turn.failed", "turn.cancelled")
    for name in (("turn.started",), ended):
        turns = [e["context"]["input_message_id"] for e in found if e["type"] in name]
        assert turns == asked
