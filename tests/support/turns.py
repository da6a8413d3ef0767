"""Turns in this process: stream records, the trigger of turns, and models with fixed answers."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.agents.turns.runner import TurnContext
from shared.agents.turns.trigger import run_turns
from shared.agents.turns.wiring import turn_context
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage, ToolCall
from shared.storage.streams import resume_at, stream_records
from tests.support.gateway import Gateway
from tests.support.table_stream import Entry, TableStream, passes
from tests.support.watch import running

RUN_TURN = "triggers.run_turn"

type Answer = ModelAnswer | Exception | Callable[[ModelRequest], ModelAnswer]


class Clock:
    """A stopped clock."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Model:
    """A model with fixed answers, the last one repeated; it records its requests."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[ModelRequest] = []

    def answer(self, request: ModelRequest) -> ModelAnswer:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return in_event_loop(lambda: answer(request)) if callable(answer) else answer


def in_event_loop[T](call: Callable[[], T]) -> T:
    """Call with an event loop for API requests: a runner's thread has none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return call()
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def text(words: str, *, tokens: int = 1) -> ModelAnswer:
    """Return an answer of text."""
    return ModelAnswer(text=words, usage=TokenUsage(input_tokens=tokens, output_tokens=tokens))


def call(name: str, words: str = "", **arguments: Any) -> ModelAnswer:
    """Return an answer that calls one tool."""
    calls = (ToolCall(f"call_{name}", name, arguments),)
    return replace(text(words), tool_calls=calls)


class Turns:
    """Runs turns as the stream does."""

    def __init__(self, model: Model | None = None, clock: Clock | None = None) -> None:
        self.stream = TableStream()
        self.context = turn_context()
        if model is not None:
            self.context = replace(self.context, provider=lambda _: model)
        if clock is not None:
            self.context = replace(self.context, clock=clock, monotonic=clock.monotonic)

    def triggers(self) -> list[Entry]:
        """Return the new records that start turns."""
        return [entry for entry in self.stream.read() if passes(RUN_TURN, entry)]

    def deliver(self, *entries: Entry, context: TurnContext | None = None) -> dict[str, Any]:
        """Run the turns that records start, and return the function's response."""
        records = stream_records({"Records": list(entries)})
        with running("RunTurnFunction"):
            return resume_at(run_turns(records, context or self.context))

    def run(self) -> None:
        """Deliver records until the stream has no more."""
        while entries := self.triggers():
            assert self.deliver(*entries) == {"batchItemFailures": []}


def events(api: Gateway, session_id: str, query: str = "") -> list[dict[str, Any]]:
    """Return the events of a session as listed."""
    answer = api("GET", f"/v1/sessions/{session_id}/events{query}")
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json["data"]
    return found


def types(api: Gateway, session_id: str) -> list[str]:
    """Return the types of a session's events."""
    return [event["type"] for event in events(api, session_id)]


def payloads(api: Gateway, session_id: str, event_type: str) -> list[dict[str, Any]]:
    """Return the data of a session's events of one type."""
    return [e["data"] for e in events(api, session_id) if e["type"] == event_type]


def session(api: Gateway, session_id: str) -> dict[str, Any]:
    """Return a session."""
    found: dict[str, Any] = api("GET", f"/v1/sessions/{session_id}").json
    return found


def answers(api: Gateway, session_id: str) -> list[tuple[str, str]]:
    """Return the agent's texts, each with the id of the message that it answers, in order."""
    return [
        (event["context"]["input_message_id"], part["text"])
        for event in events(api, session_id)
        if event["type"] == "output.message.completed"
        for part in event["data"]["message"]["content"]
        if part["type"] == "text"
    ]


def answer_texts(api: Gateway, session_id: str) -> list[str]:
    """Return the agent's texts, in order."""
    return [words for _, words in answers(api, session_id)]
