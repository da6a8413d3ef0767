"""Growth of other session stores beside this one: python -m benchmarks.peers

Compared are the lists, the read of one session, and an append to it: with ADK's session service on
SQLite, LangGraph's DynamoDB checkpointer and its development server; and a create, with a handler
in the form of AWS's handler cookbook. Each runs in an environment of its own, in the same run as
this project. The size is the number of sessions of a list, and of events or messages of a session.
CPU compares a system with itself at its smallest size only; where a table answers, that table's
time is left out. SQLite and the development server's memory are part of their processes.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import growth
from benchmarks.growth_world import CALLS
from benchmarks.partitions import DEFAULT_LIST_SHARDS
from benchmarks.peers import cookbook, langgraph_server
from benchmarks.traffic import CREATE, capture
from local.console import step
from local.environments import ensure, interpreter
from local.settings import ROOT

#: Sizes of each: threads are created by requests, a checkpoint is one item.
SIZES, SERVER_SIZES, CHECKPOINT_SIZES = (
    (1_000, 10_000, 100_000), (1_000, 10_000), (10, 100, 500, 1_000),
)  # fmt: skip
OWN, CHECKPOINTER, SERVER, ADK, COOKBOOK = (
    "agent sessions", "LangGraph, DynamoDB checkpointer", "LangGraph, development server",
    "ADK, SQLite", "handler cookbook",
)  # fmt: skip
#: Calls of this project by what they are compared with.
OWN_CALLS = {
    ("list", "agent sessions"): "list",
    ("page", "events, newest"): "get",
    ("append", "message and turn of an agent"): "append",
}


@dataclass(frozen=True, slots=True)
class PeerCost:
    """Cost of one call of one system at one size.

    Attributes
    ----------
    kind
        list, get, append or create. ``get`` is a session with its messages: the newest 50 events
        of this project's, all messages of the others.
    requests, reads, writes
        Of DynamoDB; None where another store is used.
    ratio
        CPU relative to the system's smallest size; None where it is not measured.
    failed
        Error of a size that the system cannot hold.
    """

    system: str
    kind: str
    size: int
    requests: int | None = None
    reads: float | None = None
    writes: float | None = None
    ratio: float | None = None
    failed: str = ""


def measure() -> list[PeerCost]:
    """Return the costs of all systems, system by system and call by call."""
    found = _own()
    with step("LangGraph's DynamoDB checkpointer"):
        found += costs_of(
            CHECKPOINTER, _lines("langgraph", "langgraph_checkpoints", CHECKPOINT_SIZES)
        )
    with step("ADK's session service on SQLite"):
        found += costs_of(ADK, _lines("adk", "adk_sessions", SIZES))
    with step("LangGraph's development server"):
        found += costs_of(SERVER, langgraph_server.measure(SERVER_SIZES))
    with step("Creates"):
        found += _creates()
    return found


def _own() -> list[PeerCost]:
    calls = [one for one in CALLS if (one.kind, one.name) in OWN_CALLS]
    return [
        PeerCost(
            system=OWN,
            kind=OWN_CALLS[one.kind, one.name],
            size=one.size,
            requests=one.requests,
            reads=one.reads,
            writes=one.writes,
            ratio=one.ratio,
        )
        for one in growth.measure(SIZES, calls)
    ]


def _creates() -> Iterator[PeerCost]:
    own = capture(DEFAULT_LIST_SHARDS, 8).operations[CREATE]
    yield PeerCost(OWN, "create", 8, round(own.requests), own.reads, own.writes)
    for size in (0, 1_000):
        yield PeerCost(COOKBOOK, "create", size, *cookbook.measure(size))


def _lines(environment: str, module: str, sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Run a module in its environment and return its lines."""
    ensure([environment])
    done = subprocess.run(
        [interpreter(environment), "-m", f"benchmarks.peers.{module}", *map(str, sizes)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def costs_of(system: str, lines: Iterable[dict[str, Any]]) -> list[PeerCost]:
    """Return the costs of lines, in order of call and size, with CPU as a ratio."""
    first: dict[str, float] = {}
    found = []
    for line in sorted(lines, key=lambda one: (one["kind"], one["size"])):
        seconds = line.pop("seconds", None)
        least = first.setdefault(line["kind"], seconds)
        found.append(PeerCost(system=system, **line, ratio=seconds and seconds / least))
    return found
