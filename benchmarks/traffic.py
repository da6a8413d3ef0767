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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import batched
from typing import Any

import pytest

from benchmarks.capacity import Meter, Partition
from benchmarks.conversation import answer, question
from benchmarks.quiet import silent
from shared.changes.domain import Change
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage
from shared.storage.client import dynamodb
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state, moto_table
from tests.support.table_stream import PUBLISH_CHANGES, SHARD, Entry, passes
from tests.support.template import functions, stream_sources, table_definition
from tests.support.turns import DISPATCH_TURNS, Model, Turns

CREATE, TURN = "create", "turn"
#: Records of one batch, at most (the template's mappings).
BATCH = 100
_ID = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")
_SHARD = re.compile(r"#\d+$")


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

    ``records`` are those of the stream by the module of the function that gets them.
    """

    name: str
    requests: float
    writes: float
    reads: float
    changes: float
    records: dict[str, float]
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
    records: Counter[str] = field(default_factory=Counter)
    units: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(_pair))

    def add(self, meter: Meter, names: dict[str, str]) -> None:
        """Add the requests since the last reset of the meter."""
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
            records={one: count / self.number for one, count in self.records.items()},
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
        bus = _Bus()
        patch.setattr(_publish_changes(), "event_bridge", lambda: bus)
        captured = _Capture(bus)
        for _ in range(sessions):
            captured.create()
        captured.deliver_batch(captured.samples[CREATE])
        for number in (1, 2):  # the second one stands for all
            sample = captured.samples[TURN] = Sample()
            for session in captured.sessions:
                captured.turn(session, number, sample)
            captured.deliver_batch(sample)
        operations = {name: one.mean(name) for name, one in captured.samples.items()}
        meter = captured.meter
        meter.reset()
        assert captured.api("GET", "/v1/sessions?limit=5").status == 200
        return Traffic(shards, operations, meter.requests.total(), meter.reads)


@dataclass
class _Bus:
    """Event bus that counts changes."""

    published: int = 0

    def publish(self, changes: Sequence[Change]) -> list[Change]:
        self.published += len(changes)
        return []


@dataclass
class _Capture:
    """Sessions of one agent, and the requests of their operations.

    A function that starts turns gets the records of each operation; all others get those of all
    sessions together, as under load.
    """

    bus: _Bus
    api: Gateway = field(default_factory=Gateway)
    meter: Meter = field(default_factory=table_meter)
    samples: dict[str, Sample] = field(default_factory=lambda: {CREATE: Sample()})
    sessions: list[str] = field(default_factory=list)
    records: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agent = new_agent(self.api)["id"]
        self.turns = Turns(Model(reply))
        deliver(self.turns)
        self.meter.attach(dynamodb())
        self.names[str(self.api.organization_id)] = "<organization>"
        self.names[self.agent.removeprefix("agent_")] = "<agent>"

    def create(self) -> None:
        self.meter.reset()
        session = new_session(self.api, agent_id=self.agent)["id"]
        self.sessions.append(session)
        self.names[session.removeprefix("session_")] = "<session>"
        self._end(self.samples[CREATE])

    def turn(self, session: str, number: int, sample: Sample) -> None:
        self.meter.reset()
        say(self.api, session, question(number))
        self._end(sample)

    def _end(self, sample: Sample) -> None:
        self.records += deliver(self.turns)
        sample.number += 1
        sample.add(self.meter, self.names)

    def deliver_batch(self, sample: Sample) -> None:
        """Deliver the records since the last batch to the functions that get them in batches."""
        self.meter.reset()
        self.bus.published = 0
        for module in _stream_functions():
            passed = [entry for entry in self.records if passes(module, entry)]
            sample.records[module] += len(passed)
            if module != DISPATCH_TURNS:
                handler = importlib.import_module(f"functions.{module}").handler
                for batch in batched(passed, BATCH):
                    answer = handler({"Records": list(batch), "shardId": SHARD}, None)
                    assert answer["batchItemFailures"] == []
        sample.changes += self.bus.published
        sample.add(self.meter, self.names)
        self.records.clear()
        deliver(self.turns)


def reply(_: ModelRequest) -> ModelAnswer:
    """Return the model's answer."""
    usage = TokenUsage(input_tokens=100, output_tokens=100)
    return ModelAnswer(text=answer(1), usage=usage)


def deliver(turns: Turns) -> list[Entry]:
    """Run the turns that records of the stream start; return the records until it has no more."""
    found: list[Entry] = []
    while entries := turns.stream.read():
        found += entries
        if starting := [entry for entry in entries if passes(DISPATCH_TURNS, entry)]:
            assert turns.deliver(*starting) == {"batchItemFailures": []}
    return found


def _publish_changes() -> Any:
    return importlib.import_module(f"functions.{PUBLISH_CHANGES}")


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
