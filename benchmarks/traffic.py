"""Traffic of agent sessions: units of each operation by partition key.

The operations are those of an agent session: its create, and a turn from the message to the end.
They run against an in-process table; the functions that read its stream are part of them. Units
come from the requests (see ``capacity``); ids in partition keys are replaced by their kind, so
that the keys of other organizations and sessions follow. Nothing of it is written down here: it
follows the code.
"""

import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from benchmarks.capacity import Meter, Partition
from benchmarks.conversation import answer, question
from shared.changes.detection import change_of
from shared.core.ids import derived_uuid
from shared.core.observability import logger
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage
from shared.sessions.documents import list_sort
from shared.storage.client import dynamodb
from shared.storage.records import IndexEntry
from shared.storage.streams import stream_records
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state, moto_table
from tests.support.table_stream import Entry, passes
from tests.support.template import functions, stream_sources, table_definition
from tests.support.turns import DISPATCH_TURNS, Model, Turns

CREATE, TURN = "create", "turn"
#: The function that publishes changes: its bus is not part of the table.
_PUBLISH_CHANGES = "triggers.publish_changes"
_ID = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")
_SHARD = re.compile(r"#\d+$")
#: Creation of the first of the sessions that are placed in a list.
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyUnits:
    """Mean units of one operation on one kind of partition key.

    Attributes
    ----------
    attribute
        The key attribute of the table or of an index.
    pattern
        The key with its ids and its shard replaced, as in ``<organization>#turns``.
    writes, reads
        Units of all shards together.
    """

    attribute: str
    pattern: str
    writes: float
    reads: float

    @property
    def scope(self) -> str:
        """Owner of one key: a session, an agent, an organization, or the whole stack."""
        if "<session>" in self.pattern or "<id>" in self.pattern:
            return "session"
        names = ("agent", "organization")
        return next((one for one in names if f"<{one}>" in self.pattern), "stack")


@dataclass(frozen=True, slots=True)
class Operation:
    """Mean cost of one operation, the functions behind the table's stream included.

    ``invocations`` are those of functions by module, one for each stream batch of one operation.
    """

    name: str
    requests: float
    writes: float
    reads: float
    changes: float
    invocations: dict[str, float]
    keys: tuple[KeyUnits, ...]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Operations of agent sessions by name, and the cost of a page of their list."""

    shards: int
    operations: dict[str, Operation]
    list_requests: int
    list_reads: float


@dataclass
class Sample:
    """Sums of one operation over all sessions of the sample."""

    number: int = 0
    requests: int = 0
    writes: float = 0.0
    reads: float = 0.0
    changes: int = 0
    invocations: Counter[str] = field(default_factory=Counter)
    units: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(_pair))

    def add(self, meter: Meter, names: dict[str, str]) -> None:
        self.number += 1
        self.requests += meter.requests.total()
        self.writes += meter.writes
        self.reads += meter.reads
        by_partition: tuple[Mapping[Partition, float], ...] = (meter.written, meter.read)
        for place, units in enumerate(by_partition):
            for partition, number in units.items():
                self.units[partition.attribute, _pattern(partition, names)][place] += number

    def mean(self, name: str) -> Operation:
        keys = tuple(
            KeyUnits(*key, writes / self.number, reads / self.number)
            for key, (writes, reads) in self.units.items()
        )
        return Operation(
            name=name,
            requests=self.requests / self.number,
            writes=self.writes / self.number,
            reads=self.reads / self.number,
            changes=self.changes / self.number,
            invocations={one: count / self.number for one, count in self.invocations.items()},
            keys=keys,
        )


def _pair() -> list[float]:
    return [0.0, 0.0]


def table_meter() -> Meter:
    """Return a meter of the template's table."""
    definition = table_definition("table")

    def names(one: dict[str, Any]) -> tuple[str, str]:
        first, second = (key["AttributeName"] for key in one["KeySchema"])
        return first, second

    indexes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in definition["GlobalSecondaryIndexes"]:
        indexes[one["Projection"]["ProjectionType"]].append(names(one))
    return Meter(names(definition), tuple(indexes["ALL"]), tuple(indexes["KEYS_ONLY"]))


@cache
def capture(shards: int, sessions: int = 24) -> Traffic:
    """Run the operations for some sessions of one agent, with so many shards of lists."""
    with pytest.MonkeyPatch.context() as patch, moto_table(patch), silent():
        patch.setenv("LIST_SHARDS", str(shards))
        forget_process_state()
        api = Gateway()
        agent = new_agent(api)["id"]
        turns = Turns(Model(reply))
        meter = table_meter()
        meter.attach(dynamodb())
        samples = {CREATE: Sample(), TURN: Sample()}
        for _ in range(sessions):
            _session(api, agent, turns, meter, samples)
        meter.reset()
        assert api("GET", "/v1/sessions?limit=5").status == 200
        operations = {name: one.mean(name) for name, one in samples.items()}
        return Traffic(shards, operations, meter.requests.total(), meter.reads)


@contextmanager
def silent() -> Iterator[None]:
    """Log only errors."""
    before = logger.log_level
    logger.setLevel("ERROR")
    yield
    logger.setLevel(before)


def _session(
    api: Gateway, agent: str, turns: Turns, meter: Meter, samples: dict[str, Sample]
) -> None:
    """Create a session and run two turns; the second stands for all."""
    meter.reset()
    session = new_session(api, agent_id=agent)["id"]
    deliver(turns, samples[CREATE])
    names = {
        str(api.organization_id): "<organization>",
        agent.removeprefix("agent_"): "<agent>",
        session.removeprefix("session_"): "<session>",
    }
    samples[CREATE].add(meter, names)
    for number in (1, 2):
        sample = samples[TURN] if number == 2 else Sample()
        meter.reset()
        say(api, session, question(number))
        deliver(turns, sample)
        sample.add(meter, names)


def reply(_: ModelRequest) -> ModelAnswer:
    """Return the model's answer."""
    usage = TokenUsage(input_tokens=100, output_tokens=100)
    return ModelAnswer(text=answer(1), usage=usage)


def deliver(turns: Turns, sample: Sample | None = None) -> None:
    """Deliver the stream's records to the functions that read it, until there are no more."""
    sample = sample or Sample()
    while entries := turns.stream.read():
        for module in _stream_functions():
            if not (passed := [entry for entry in entries if passes(module, entry)]):
                continue
            sample.invocations[module] += 1
            if module == DISPATCH_TURNS:
                assert turns.deliver(*passed) == {"batchItemFailures": []}
            elif module == _PUBLISH_CHANGES:
                sample.changes += _number_of_changes(passed)
            else:
                handler = importlib.import_module(f"functions.{module}").handler
                assert handler({"Records": passed}, None) in ({"batchItemFailures": []}, None)


def _number_of_changes(entries: list[Entry]) -> int:
    return sum(1 for one in stream_records({"Records": entries}) if change_of(one))


@cache
def _stream_functions() -> tuple[str, ...]:
    return tuple(
        properties["Handler"].removesuffix(".handler")
        for name, properties in functions().items()
        if stream_sources(name)
    )


def _pattern(partition: Partition, names: dict[str, str]) -> str:
    """Return a partition key without its ids and its shard."""
    value = partition.value
    for identifier, name in names.items():
        value = value.replace(identifier, name)
    return _SHARD.sub("#<shard>", _ID.sub("<id>", value))


@cache
def hottest_share(shards: int, sessions: int = 20_000) -> float:
    """Return the part of a list's entries that the fullest of its partitions gets.

    The entries are those of new sessions, placed by the list's own function.
    """
    if shards == 1:
        return 1.0
    sorts = (
        list_sort(_START + timedelta(seconds=number), derived_uuid("session", str(number)).hex)
        for number in range(sessions)
    )
    counts = Counter(IndexEntry("list", sort).partition(shards) for sort in sorts)
    return max(counts.values()) / sessions
