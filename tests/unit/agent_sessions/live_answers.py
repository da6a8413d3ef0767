"""A model that writes, and what a stream of its session has."""

from collections.abc import Callable
from typing import Any

from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.gateway import Gateway
from tests.support.snapshot import stored_items
from tests.support.turns import Clock, Model, text
from tests.unit.agent_sessions.test_event_stream import parse_stream

DELTA = "output.message.delta"
WORDS = ["One", "One two", "One two three", "One two three four"]

type Frames = list[dict[str, Any]]


def stream(api: Gateway, session_id: str, query: str = "") -> Frames:
    """Return the events of one answer of the stream."""
    frames = parse_stream(api("GET", f"/v1/sessions/{session_id}/sse{query}"))
    return [one["data"] for one in frames if "id" in one]


def writing(clock: Clock, each: Callable[[int], None], *words: str) -> Model:
    """Return a model that writes for two seconds a text, and then calls ``each``."""

    def write(request: ModelRequest) -> ModelAnswer:
        assert request.on_text is not None
        for number, so_far in enumerate(words or WORDS):
            clock.forward(2)
            request.on_text(so_far)
            each(number)
        return text((words or WORDS)[-1])

    return Model(write)


def live_items(session_id: str) -> dict[str, Any]:
    """Return the items beside log and session, by sort key."""
    return {
        sort: item
        for (partition, sort), item in stored_items().items()
        if partition.endswith(session_id.removeprefix("session_")) and sort.startswith("text#")
    }
