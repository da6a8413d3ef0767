"""Price of a million sessions, from measured units and list prices: python -m benchmarks.price

Requests, units, events, bytes of logs and of the stored item are those of one session that is
opened in this process; memory and schedules are the template's; prices and assumed seconds
are those of ``monthly_cost``. Nothing is timed.
"""

import importlib
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from types import ModuleType
from typing import Any

from benchmarks.capacity import size
from benchmarks.monthly_cost import (
    API_SECONDS,
    API_TIERS,
    AUTHORIZER_SECONDS,
    EVENT_PRICE,
    INVOCATION_PRICE,
    LAMBDA_TIERS,
    LOG_PRICE,
    READ_PRICE,
    STORAGE_PRICE,
    TRACE_PRICE,
    TRACED,
    WRITE_PRICE,
)
from benchmarks.operations import Bench, Cost, bench
from benchmarks.session_footprint import ITEM_OVERHEAD
from shared.core.ids import SessionId
from shared.core.observability import logger
from shared.sessions.documents import session_key
from shared.storage.client import dynamodb
from tests.support.agents import new_agent
from tests.support.storage import TABLE, forget_process_state
from tests.support.template import functions, template

REST, GB_SECOND = API_TIERS[0][1], LAMBDA_TIERS[0][1] / 1e6
#: Minutes of a month (730 hours), and bytes that CloudWatch adds to a line.
MINUTES, LINE_BYTES = 43_800, 26
#: Assumed billed seconds of the functions that a create runs.
BILLED = {
    "identity.authorizer": AUTHORIZER_SECONDS,
    "agent_sessions.create": API_SECONDS,
    "triggers.publish_changes": API_SECONDS,
}
#: Assumed seconds of a function's own work, and of a request to the table.
BILLED_START, BILLED_REQUEST = 0.005, 0.004


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the price of a million sessions."""

    part: str
    use: str
    dollars: float


@dataclass(frozen=True, slots=True)
class Idle:
    """A month of the functions that look for work each minute, with nothing to do."""

    functions: int
    reads: float
    dollars: float


@dataclass(frozen=True, slots=True)
class Price:
    """Prices that follow from measured units.

    Attributes
    ----------
    lines
        Parts of the price of a million sessions.
    gigabytes, storage
        Size of a million stored sessions with their index entries, and its price a month.
    entries
        Index entries of a session.
    """

    lines: tuple[Line, ...]
    gigabytes: float
    entries: int
    storage: float
    idle: Idle

    @property
    def total(self) -> float:
        return sum(one.dollars for one in self.lines)


class _Bytes(logging.Handler):
    """Counts the bytes of log lines as CloudWatch charges them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logger.registered_formatter)
        self.bytes = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.bytes += len(self.format(record).encode()) + LINE_BYTES


def measure() -> Price:
    """Open a session, run the functions of an idle stack, and return what both cost."""
    with bench() as found:
        idle = _idle(found)
    with bench() as found, _logged() as logged:
        agent = new_agent(found.api)["id"]
        logged.bytes = 0
        opened: list[str] = []

        def create() -> Any:
            answer = found.api("POST", "/v1/sessions", {"agent_id": agent})
            opened.append(answer.json["id"])
            return answer

        cost = found.cost(create)
        key = session_key(found.api.organization_id, SessionId.parse(opened[0]))
        names = {"pk": {"S": key.partition}, "sk": {"S": key.sort}}
        item = dynamodb().get_item(TableName=TABLE, Key=names)["Item"]
        entries = sum(
            first in item for first, _ in (*found.meter.indexes, *found.meter.key_indexes)
        )
    gigabytes = (size(item) + ITEM_OVERHEAD) * (1 + entries) / 1000
    return Price(_lines(cost, logged.bytes), gigabytes, entries, gigabytes * STORAGE_PRICE, idle)


def _lines(cost: Cost, logged: int) -> tuple[Line, ...]:
    """Return the parts of the price of a million such sessions."""
    invocations = 2 + cost.invocations
    seconds = 1e6 * sum(_gigabyte_seconds(name, billed) for name, billed in BILLED.items())
    billed = ", ".join(f"{1000 * one:g}" for one in BILLED.values())
    traces = 1 + cost.invocations
    # Rounded up: a line has numbers of several lengths.
    gigabytes = math.ceil(logged / 100) / 10
    return (
        Line("API Gateway", f"1 M REST requests at ${REST:.2f}", REST),
        Line(
            "DynamoDB writes",
            f"{cost.writes:g} units each (the session, its index entries, and the counts of the "
            f"lists, written for each session alone) at ${WRITE_PRICE} a million",
            cost.writes * WRITE_PRICE,
        ),
        Line(
            "DynamoDB reads",
            f"{cost.reads:g} {'unit' if cost.reads == 1 else 'units'} each (the agent; the "
            f"authorizer remembers its read for a minute) at ${READ_PRICE} a million",
            cost.reads * READ_PRICE,
        ),
        Line(
            "Lambda",
            f"{invocations} M requests (authorizer, endpoint, change event) at "
            f"${INVOCATION_PRICE:.2f}, and {seconds:,.0f} GB-seconds at ${GB_SECOND:.7f} (arm64; "
            f"{billed} ms are assumed)",
            invocations * INVOCATION_PRICE + seconds * GB_SECOND,
        ),
        Line(
            "EventBridge",
            f"{cost.events} M events at ${EVENT_PRICE:.2f}",
            cost.events * EVENT_PRICE,
        ),
        Line(
            "Logs, traces",
            f"{gigabytes:.1f} GB at ${LOG_PRICE:.2f}; X-Ray samples {TRACED:.0%} of "
            f"{traces} M traces at ${TRACE_PRICE:.2f} a million",
            gigabytes * LOG_PRICE + traces * TRACED * TRACE_PRICE,
        ),
    )


def _gigabyte_seconds(module: str, seconds: float) -> float:
    [properties] = [one for one in functions().values() if one["Handler"] == f"{module}.handler"]
    default = template()["Globals"]["Function"]["MemorySize"]
    return float(properties.get("MemorySize", default)) / 1024 * seconds


def _idle(found: Bench) -> Idle:
    """Return the cost of a month of the functions that run each minute on an empty table."""
    modules = [
        properties["Handler"].removesuffix(".handler")
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "Schedule" and event["Properties"]["Schedule"] == "rate(1 minute)"
    ]
    reads = seconds = 0.0
    for module in modules:
        function = importlib.import_module(f"functions.{module}")
        _forget(function)
        found.meter.attach(dynamodb())
        found.meter.reset()
        with redirect_stdout(StringIO()):  # metrics
            function.handler({}, None)
        reads += found.meter.reads
        billed = BILLED_START + BILLED_REQUEST * found.meter.requests.total()
        seconds += _gigabyte_seconds(module, billed)
    price = reads * READ_PRICE / 1e6 + seconds * GB_SECOND + len(modules) * INVOCATION_PRICE / 1e6
    return Idle(len(modules), reads, MINUTES * price)


def _forget(function: ModuleType) -> None:
    """Clear what the process and a function's module remember."""
    forget_process_state()
    for value in vars(function).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@contextmanager
def _logged() -> Iterator[_Bytes]:
    """Count the log lines at the level that the template sets."""
    counter, level, handlers = _Bytes(), logger.log_level, logger.handlers[:]
    logger.setLevel(template()["Parameters"]["LogLevel"]["Default"])
    logger.handlers[:] = [counter]
    try:
        yield counter
    finally:
        logger.handlers[:] = handlers
        logger.setLevel(level)


def main() -> None:
    """Print the price of each part."""
    price = measure()
    for line in price.lines:
        print(f"{line.part:18}${line.dollars:>6.2f}  {line.use}")
    print(f"{'total':18}${price.total:>6.2f}")
    print(f"stored: {price.gigabytes:.1f} GB, ${price.storage:.2f} a month")
    idle = price.idle
    print(f"idle: {idle.functions} functions, {idle.reads} read units, ${idle.dollars:.2f} a month")


if __name__ == "__main__":
    main()
