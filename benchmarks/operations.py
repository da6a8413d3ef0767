"""Requests and capacity units of each operation: python -m benchmarks.operations

An operation is one request to the API, in a function that has just started, with what the functions
do that the table's stream invokes for it. A turn is its message and its run, in warm functions. The
table is in this process (moto); units are computed from the requests (see capacity.py). Nothing is
timed, and ids and times are the same each time: so are the figures, on every machine.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import boto3
import pytest

from benchmarks.capacity import Meter
from benchmarks.conversation import answer, question
from benchmarks.quiet import silent
from benchmarks.traffic import table_meter
from shared.agents.sessions.wiring import session_repository
from shared.changes.detection import change_of
from shared.changes.wiring import event_bridge
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage
from shared.sessions.domain import NewEvent
from shared.storage.client import dynamodb
from shared.storage.streams import stream_records
from tests.support.agents import new_agent, new_session, say
from tests.support.clocks import step_clock
from tests.support.evaluations import new_session as new_evaluation_session
from tests.support.evaluations import new_world
from tests.support.gateway import Answer, Gateway
from tests.support.storage import forget_process_state, moto_table
from tests.support.table_stream import PUBLISH_CHANGES, SHARD, TableStream, passes
from tests.support.turns import Model, Turns
from tests.support.watch import outside

OPEN_AGENT_SESSION = "open an agent session"
FIRST_TURN, LATE_TURN = "turn 1", "turn 1,000"
#: Turns before the late one that are run, at least as many as a turn reads; those before them are
#: appended in parts of this many.
_READ, _PART = 60, 40
_PLAYGROUND = "/v1/workflow/playground/sessions"
#: Time of the first operation.
_START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
#: Sessions of each list, and of a page.
_LISTED, _PAGE = 5, 2


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one operation.

    Attributes
    ----------
    requests
        Requests to the table.
    writes, reads
        Capacity units.
    invocations
        Functions that the stream invokes, if each gets one record.
    events
        Changes that are sent to the event bus.
    """

    requests: int
    writes: float
    reads: float
    invocations: int = 0
    events: int = 0


@dataclass
class Bench:
    """The API over a table in this process, and the meter of its requests."""

    api: Gateway
    meter: Meter

    def cost(self, call: Callable[[], object], *, streams: bool = True) -> Cost:
        """Return the cost of a request; with those of the functions that the stream invokes."""
        forget_process_state()
        self.meter.attach(dynamodb())
        stream = TableStream()
        stream.read()
        self.meter.reset()
        found = call()
        assert not isinstance(found, Answer) or found.status < 300, found.text
        invocations = events = 0
        if streams:
            records = [one for one in stream.read() if passes(PUBLISH_CHANGES, one)]
            invocations = len(records)
            events = sum(map(bool, map(change_of, stream_records({"Records": records}))))
            if records:
                handler = importlib.import_module(f"functions.{PUBLISH_CHANGES}").handler
                answered = handler({"Records": records, "shardId": SHARD}, None)
                assert answered["batchItemFailures"] == [], answered
        return self._counted(invocations, events)

    def turn_cost(self, turns: Turns, session: str, number: int) -> Cost:
        """Return the cost of a turn: of its message and its run."""
        self.meter.reset()
        say(self.api, session, question(number))
        turns.run()
        return self._counted()

    def _counted(self, invocations: int = 0, events: int = 0) -> Cost:
        meter = self.meter
        return Cost(meter.requests.total(), meter.writes, meter.reads, invocations, events)


@contextmanager
def bench() -> Iterator[Bench]:
    """Yield the API over a new table."""
    numbers = count(1)
    with silent(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENT_BUS_NAME", "changes")
        # Ids and times choose the shards of a list, whose number of queries is counted.
        patch.setattr("shared.core.ids.uuid7", lambda: _uuid(next(numbers)))
        step_clock(patch, _START, timedelta(milliseconds=1))
        with moto_table(patch):
            event_bridge.cache_clear()
            with outside():
                boto3.client("events").create_event_bus(Name="changes")
            meter = table_meter()
            meter.attach(dynamodb())
            yield Bench(Gateway(), meter)
        event_bridge.cache_clear()


def _uuid(number: int) -> UUID:
    """Return a UUIDv7 (RFC 9562), numbered."""
    return UUID(int=int(_START.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | number)


def measure() -> dict[str, Cost]:
    """Return the cost of each operation, by its name."""
    with bench() as found:
        costs = {
            name: found.cost(call, streams=streams)
            for name, call, streams in _operations(found.api)
        }
    return costs | turn_costs()


def _operations(api: Gateway) -> Iterator[tuple[str, Callable[[], Answer], bool]]:
    """Yield each operation: its name, its request, and whether its stream is part of it."""
    agent, world = new_agent(api)["id"], new_world(api)
    evaluation = {"versionId": world.version, "testCaseId": world.test_case}
    bodies: dict[str, tuple[str, str, dict[str, Any]]] = {
        OPEN_AGENT_SESSION: ("/v1/sessions", "id", {"agent_id": agent}),
        "open a playground session": (_PLAYGROUND, "session_id", {"catalog_slug": "order-status"}),
        "open an evaluation session": ("/sessions", "id", evaluation),
    }
    # The first session of a version is also noted there.
    new_evaluation_session(api, world.version, testCaseId=world.test_case)
    opened = {}
    for name, (url, identifier, body) in bodies.items():
        opened[url] = [api("POST", url, body).json[identifier] for _ in range(_LISTED)]
        yield name, lambda url=url, body=body: api("POST", url, body), True  # type: ignore[misc]
    for name, url in (
        ("an agent session", "/v1/sessions"),
        ("a playground session", _PLAYGROUND),
        ("an evaluation session", "/sessions"),
    ):
        one = opened[url][0]
        yield f"get {name}", lambda url=url, one=one: api("GET", f"{url}/{one}"), True  # type: ignore[misc]
        kind = name.partition(" ")[2]
        yield f"list {kind}s", lambda url=url: api("GET", f"{url}?limit={_PAGE}"), True  # type: ignore[misc]
    yield (
        "list sessions of all kinds",
        lambda: api("GET", f"/v1/captured-sessions?limit={_PAGE}"),
        True,
    )
    yield from _appends(
        api, opened["/v1/sessions"][0], opened[_PLAYGROUND][0], opened["/sessions"][0]
    )


def _appends(
    api: Gateway, agent: str, playground: str, evaluation: str
) -> Iterator[tuple[str, Callable[[], Answer], bool]]:
    message = {"message": {"content": [{"type": "text", "text": question(1)}]}}
    url = f"/v1/sessions/{agent}/messages"
    # The turn that it starts is measured by itself.
    yield "append a message to an agent session", lambda: api("POST", url, message), False
    turn = {"sessionId": evaluation, "input": question(1), "actualOutput": answer(1)}
    yield (
        "append a turn to an evaluation session",
        lambda: api("POST", "/inferenceResults", turn),
        True,
    )
    said = {"message": "Where is my order?"}
    walked = f"{_PLAYGROUND}/{playground}/messages"
    yield "run a turn of a playground session", lambda: api("POST", walked, said), True
    body = {"session_id": agent.removeprefix("session_")}
    url_of_draft = "/v1/scenarios/draft-from-session"
    yield "draft a scenario from a session", lambda: api("POST", url_of_draft, body), True


def turn_costs(late: int = 1000) -> dict[str, Cost]:
    """Return the costs of the first turn of an agent session, and of a late one."""
    number = 1

    def reply(_: ModelRequest) -> ModelAnswer:
        usage = TokenUsage(input_tokens=100 * number, output_tokens=100)
        return ModelAnswer(text=answer(number), usage=usage)

    with bench() as found:
        session = new_session(found.api)["id"]
        turns = Turns(Model(reply))
        first = found.turn_cost(turns, session, 1)
        _append_turns(found.api, session, late - _READ - 2)
        turns.stream.read()
        for number in range(late - _READ, late):
            found.turn_cost(turns, session, number)
        number = late
        return {FIRST_TURN: first, LATE_TURN: found.turn_cost(turns, session, number)}


def _append_turns(api: Gateway, session: str, number: int) -> None:
    """Append the events of the first turn so many times, in few large items.

    Without its message, which would start a turn. A turn reads the newest events only, and those
    are of turns that were run.
    """
    session_id = SessionId.parse(session)
    store = session_repository()
    log = store.read(api.organization_id, session_id)[1]
    turn = [
        NewEvent(type=one.type, data=one.data, context=one.context)
        for one in log
        if one.type != "input.message"
    ]
    while number > 0:
        new = turn * min(number, _PART)
        store.append(api.organization_id, session_id, lambda found, new=new: (found, new))  # type: ignore[misc]
        number -= _PART


def main() -> None:
    """Print the cost of each operation."""
    print(f"{'operation':42}{'requests':>10}{'writes':>8}{'reads':>8}")
    for name, one in measure().items():
        print(f"{name:42}{one.requests:>10}{one.writes:>8.0f}{one.reads:>8.1f}")


if __name__ == "__main__":
    main()
