"""Cost and time of capturing a session of 20 turns, by each way: python -m benchmarks.capture

    python -m benchmarks.capture [--sessions 200] [--way request|queue|spans|turns]

By a request (`POST /v1/sessions/import`, which the command line sends too), by the import queue,
and by exported spans: those of a whole conversation at once, or of each turn when it ends. The
sessions are captured one after another into one table of this process; medians of the first tenth
and of the last tenth are printed, which are equal if the cost does not depend on the number of
sessions. Units are computed from the requests by DynamoDB's rules (see capacity.py). The price is
that of the table, of the queue and of the requests to API Gateway and Lambda; the time of the
functions, which differs with their memory, is not in it. Milliseconds are of this process's
CPU, moto's part included: only their ratio says something.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from benchmarks.capacity import Meter
from benchmarks.conversation import answer, question
from benchmarks.quiet import silent
from benchmarks.turns import INDEXES, KEY_INDEXES, QUEUE_PRICE, READ_PRICE, WRITE_PRICE
from shared.sessions.domain import SessionKind
from shared.storage.client import dynamodb
from tests.support.gateway import Gateway
from tests.support.imports import body_of, deliver, known
from tests.support.storage import moto_table, stored_table
from tests.support.traces import Tracing, turn

TURNS = 20
#: Dollars of a million requests in eu-west-1: to a REST API, and to functions.
API_PRICE, FUNCTION_PRICE = 3.50, 0.20
#: Messages that a client sends, and Lambda receives and deletes, with one request each.
BATCH = 10
#: Sessions after which this process forgets their logs and the table's stream: nothing reads them,
#: and 10,000 of them take 10 GB here.
_FORGOTTEN = 100

type Document = dict[str, Any]


@dataclass
class Sent:
    """Requests of a session's capture beside those to the table."""

    api: int = 0
    functions: int = 0
    queue: float = 0.0

    @property
    def price(self) -> float:
        """Dollars of a million captures."""
        functions = self.functions * FUNCTION_PRICE
        return self.api * API_PRICE + functions + self.queue * QUEUE_PRICE


@dataclass
class Capture:
    """One captured session."""

    requests: int
    writes: float
    reads: float
    milliseconds: float
    sent: Sent

    @property
    def price(self) -> float:
        """Dollars of a thousand such sessions."""
        units = self.writes * WRITE_PRICE + self.reads * READ_PRICE
        return (units + self.sent.price) / 1000


@dataclass
class Ways:
    """Ways of a capture, into the table of one organization."""

    api: Gateway = field(default_factory=lambda: known(Gateway()))

    def request(self, number: int) -> Sent:
        answered = self.api("POST", "/v1/sessions/import?kind=agent", conversation(number))
        assert answered.status == 201, answered.text
        return Sent(api=1, functions=1)

    def queue(self, number: int) -> Sent:
        body = body_of(self.api.organization_id, SessionKind.AGENT, conversation(number))
        assert deliver(body) == []
        return Sent(functions=1, queue=3 / BATCH)

    def spans(self, number: int) -> Sent:
        """Export all turns at once, as a program does that ends."""
        self._export([one for spans in traces(number) for one in spans])
        return Sent(api=1, functions=2, queue=3)

    def turns(self, number: int) -> Sent:
        """Export each turn when it ends; its session is assembled before the next one."""
        for spans in traces(number):
            self._export(spans)
        return Sent(api=TURNS, functions=2 * TURNS, queue=3 * TURNS)

    def _export(self, spans: list[Document]) -> None:
        Tracing(self.api).capture(*spans)


def conversation(number: int) -> Document:
    """Return a line to import: each turn calls a tool."""
    messages: list[Document] = [{"role": "system", "content": "You look after orders."}]
    for turn_number in range(1, TURNS + 1):
        call = {"name": "get_order", "arguments": json.dumps({"number": turn_number})}
        identifier = f"call_{turn_number}"
        calls = [{"id": identifier, "type": "function", "function": call}]
        messages += [
            {"role": "user", "content": question(turn_number)},
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": identifier, "content": f"late {turn_number}"},
            {"role": "assistant", "content": answer(turn_number)},
        ]
    return {"id": f"conversation-{number}", "agent": "Order desk", "messages": messages}


def traces(number: int) -> Iterator[list[Document]]:
    """Return the spans of each turn of a conversation, a trace each."""
    history: list[Document] = []
    for turn_number in range(1, TURNS + 1):
        trace = f"{number * 1000 + turn_number:032x}"
        name = f"conversation-{number}"
        spans, history = turn(trace, turn_number, question(turn_number), history, name)
        yield spans


def measure(way: str, sessions: int) -> list[Capture]:
    """Capture sessions one after another; return what each of them cost."""
    found = []
    with silent(), pytest.MonkeyPatch.context() as patch, moto_table(patch):
        run: Callable[[int], Sent] = getattr(Ways(), way)
        meter = Meter(keys=("pk", "sk"), indexes=INDEXES, key_indexes=KEY_INDEXES)
        meter.attach(dynamodb())
        for number in range(1, sessions + 1):
            meter.reset()
            started = time.process_time()
            sent = run(number)
            spent = 1000 * (time.process_time() - started)
            found.append(Capture(meter.requests.total(), meter.writes, meter.reads, spent, sent))
            if number % _FORGOTTEN == 0:
                _forget()
    return found


def _forget() -> None:
    table = stored_table()
    table.stream_shard.items.clear()
    for partition in [key for key in table.items if "#session#" in key.value]:
        del table.items[partition]


def main() -> None:
    """Print the cost of the first and of the last sessions of each way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capture")
    parser.add_argument("--sessions", type=int, default=200, help="sessions of each way")
    parser.add_argument("--way", choices=WAYS, help="only this one")
    options = parser.parse_args()
    print(f"{'way':<10}{'sessions':>14}{'requests':>10}{'writes':>8}{'reads':>8}{'ms':>8}"
          f"{'$/1,000':>9}")  # fmt: skip
    for way in [options.way] if options.way else WAYS:
        found = measure(way, options.sessions)
        tenth = max(1, len(found) // 10)
        # The first session also creates its agent.
        for name, part in (("first", found[1 : tenth + 1]), ("last", found[-tenth:])):
            print(_row(way, f"{name} {len(part)}", part), flush=True)


def _row(way: str, sessions: str, part: list[Capture]) -> str:
    requests, writes, reads, spent, price = (
        statistics.median(getattr(one, name) for one in part)
        for name in ("requests", "writes", "reads", "milliseconds", "price")
    )
    counts = f"{requests:>10.0f}{writes:>8.0f}{reads:>8.1f}"
    return f"{way:<10}{sessions:>14}{counts}{spent:>8.1f}{price:>9.4f}"


WAYS = ("request", "queue", "spans", "turns")


if __name__ == "__main__":
    main()
