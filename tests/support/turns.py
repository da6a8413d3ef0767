"""Turns in this process: stream, queue, admission, runs, and models with fixed answers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from shared.agents.admission.dispatching import dispatch_turns
from shared.agents.admission.wiring import admission, turn_queue
from shared.agents.turns.queue_run import run_turn
from shared.agents.turns.wiring import turn_context
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage, ToolCall
from shared.storage.streams import resume_at, stream_records
from tests.support.gateway import Gateway
from tests.support.storage import TURN_QUEUE_URL
from tests.support.table_stream import Entry, TableStream, passes
from tests.support.watch import outside, running

DISPATCH_TURNS = "triggers.dispatch_turns"
#: Types of the events with which a turn begins.
BEGUN = ["session.activated", "turn.started", "reason.started"]

type Message = dict[str, Any]

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


class QueueOfTurns:
    """The turn queue, read as Lambda does: a message returns unless its run succeeds."""

    def __init__(self) -> None:
        with outside():
            self._client = boto3.client("sqs")
            self._client.create_queue(QueueName=TURN_QUEUE_URL.rpartition("/")[2])
        self.returned: list[Message] = []

    def receive(self) -> list[Message]:
        """Return all messages, those first that were returned, in Lambda's form."""
        received, self.returned = self.returned, []
        with outside():
            while found := self._client.receive_message(
                QueueUrl=TURN_QUEUE_URL, MaxNumberOfMessages=10, AttributeNames=["All"]
            ).get("Messages"):
                received += [_in_lambdas_form(one) for one in found]
        return received

    def delete(self, message: Message) -> None:
        with outside():
            self._client.delete_message(
                QueueUrl=TURN_QUEUE_URL, ReceiptHandle=message["receiptHandle"]
            )


def received_again(message: Message) -> Message:
    """Return a message as it is delivered after its run failed."""
    return message | {"attributes": message["attributes"] | {"ApproximateReceiveCount": "2"}}


def _in_lambdas_form(message: Message) -> Message:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
    }


def calls(*requested: tuple[str, str, dict[str, Any]], words: str = "") -> ModelAnswer:
    """Return an answer that calls several tools: id, name and arguments of each."""
    return replace(text(words), tool_calls=tuple(ToolCall(*one) for one in requested))


class Turns:
    """Admits and runs turns as the stream and the queue do."""

    def __init__(self, model: Model | None = None, clock: Clock | None = None) -> None:
        self.stream = TableStream()
        self.queue = QueueOfTurns()
        self.context = turn_context()
        if model is not None:
            self.context = replace(self.context, provider=lambda _: model)
        if clock is not None:
            self.context = replace(self.context, clock=clock, monotonic=clock.monotonic)

    def triggers(self) -> list[Entry]:
        """Return the new records that start turns."""
        return [entry for entry in self.stream.read() if passes(DISPATCH_TURNS, entry)]

    def dispatch(self, *entries: Entry) -> dict[str, Any]:
        """Admit the turns that records start, and return the function's response."""
        records = stream_records({"Records": list(entries)})
        with running("DispatchTurnsFunction"):
            return resume_at(dispatch_turns(records, admission()))

    def work(self) -> int:
        """Run the turns of all messages in the queue, and of those that are sent meanwhile.

        A run that raises ends the work; its message is the first of the next work. Returns the
        number of runs.
        """
        runs = 0
        while messages := self.queue.receive():
            while messages:
                try:
                    self.run_message(messages[0])
                except BaseException:
                    self.queue.returned = [received_again(messages[0]), *messages[1:]]
                    raise
                self.queue.delete(messages.pop(0))
                runs += 1
        return runs

    def run_message(self, message: Message) -> None:
        """Deliver one message to the function that runs turns, in a thread of its own."""
        with running("RunTurnFunction"), ThreadPoolExecutor(1) as thread:
            thread.submit(run_turn, message, turn_queue(), self.context).result()

    def deliver(self, *entries: Entry) -> dict[str, Any]:
        """Admit the turns that records start and run them; return the dispatch's response."""
        answer = self.dispatch(*entries)
        self.work()
        return answer

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
