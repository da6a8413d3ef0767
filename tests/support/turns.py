"""Turns in this process: the stream's records, the very function, and models that are laid down."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.agents.turn_runner import RunnerSetup
from shared.agents.turn_service import runner_setup
from shared.agents.turn_trigger import run_turns
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage, ToolCall
from shared.storage.streams import resume_at, stream_records
from tests.support.gateway import Gateway
from tests.support.table_stream import Entry, TableStream, passes
from tests.support.watch import running

RUN_TURN = "triggers.run_turn"

type Said = ModelAnswer | Exception | Callable[[ModelRequest], ModelAnswer]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Model:
    """A model whose answers are laid down; what it was asked is kept."""

    def __init__(self, *answers: Said) -> None:
        self._answers = list(answers)
        self.requests: list[ModelRequest] = []

    def answer(self, request: ModelRequest) -> ModelAnswer:
        self.requests.append(request)
        said = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(said, Exception):
            raise said
        return _in_a_loop(lambda: said(request)) if callable(said) else said


def _in_a_loop[T](look: Callable[[], T]) -> T:
    """Let a request be made from a runner's thread: each copy of a function has its loop."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return look()
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def text(words: str, *, tokens: int = 1) -> ModelAnswer:
    return ModelAnswer(text=words, usage=TokenUsage(input_tokens=tokens, output_tokens=tokens))


def call(name: str, said: str = "", **arguments: Any) -> ModelAnswer:
    calls = (ToolCall(f"call_{name}", name, arguments),)
    return ModelAnswer(
        text=said, tool_calls=calls, usage=TokenUsage(input_tokens=1, output_tokens=1)
    )


class Turns:
    """Runs turns as the stream does."""

    def __init__(self, model: Model | None = None, clock: Clock | None = None) -> None:
        self.stream = TableStream()
        setup = runner_setup()
        if model is not None:
            setup = replace(setup, provider=lambda _: model)
        if clock is not None:
            setup = replace(setup, clock=clock)
        self.setup = setup

    def triggers(self) -> list[Entry]:
        """Return the new records that start turns."""
        return [entry for entry in self.stream.news() if _starts_turn(entry)]

    def deliver(self, *entries: Entry, setup: RunnerSetup | None = None) -> dict[str, Any]:
        """Hand records to the function's heart, and return its answer."""
        records = stream_records({"Records": list(entries)})
        with running("RunTurnFunction"):
            return resume_at(run_turns(records, setup or self.setup))

    def run(self) -> None:
        """Hand on whatever the stream holds, until it holds nothing more."""
        while entries := self.triggers():
            assert self.deliver(*entries) == {"batchItemFailures": []}


def _starts_turn(entry: Entry) -> bool:
    return passes(RUN_TURN, entry)


def events(api: Gateway, session_id: str, query: str = "") -> list[dict[str, Any]]:
    """Return the events of a session as answered."""
    answer = api("GET", f"/v1/sessions/{session_id}/events{query}")
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json["data"]
    return found


def types(api: Gateway, session_id: str) -> list[str]:
    return [event["type"] for event in events(api, session_id)]


def session(api: Gateway, session_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api("GET", f"/v1/sessions/{session_id}").json
    return found


def answers(api: Gateway, session_id: str) -> list[tuple[str, str]]:
    """Return what the agent said, each with the message that it answers, in order."""
    return [
        (event["context"]["input_message_id"], event["data"]["message"]["content"][0]["text"])
        for event in events(api, session_id)
        if event["type"] == "output.message.completed"
    ]
