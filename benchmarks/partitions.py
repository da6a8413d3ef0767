"""Sustained load before a partition key exceeds its limit: python -m benchmarks.partitions

A partition takes 1,000 write and 3,000 read units a second. DynamoDB isolates a busy partition key
at best, so in this model each value of a partition key has that limit, in the table and in each
index; bursts and a split by sort key, which an index that grows at its end does not get, are left
out. Units and keys are those of the running code (see ``traffic``). Sessions are of one agent an
organization; organizations have sizes by Zipf's law with exponent 1. Nothing is timed.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from benchmarks.traffic import CREATE, TURN, KeyUnits, Traffic, capture
from shared.core.ids import derived_uuid
from shared.sessions.documents import list_sort
from shared.storage.counters import COUNTER_SHARDS
from shared.storage.records import BY_WORK, PREFIX, WORK_SHARDS, IndexEntry
from tests.support.template import template

#: Units a second of one partition (DynamoDB Developer Guide, "Partition throughput limits").
WRITE_LIMIT, READ_LIMIT = 1_000, 3_000
LIST_SHARDS = (1, 2, 3, 4, 8, 16, 32)
COUNTERS = (1, 2, 4, 8, 16, 32)
ORGANIZATIONS = (1, 10_000)
DEFAULT_LIST_SHARDS: int = template()["Parameters"]["ListShards"]["Default"]
TURNS = 10
#: Creation of the first of the sessions that are placed in a list.
_START = datetime(2026, 1, 1, tzinfo=UTC)
#: Operations of each load.
LOADS: dict[str, dict[str, int]] = {
    "creates": {CREATE: 1},
    "turns": {TURN: 1},
    f"sessions of {TURNS} turns": {CREATE: 1, TURN: TURNS},
}


@dataclass(frozen=True, slots=True)
class Shards:
    """Shards of lists and of counters."""

    lists: int = DEFAULT_LIST_SHARDS
    counters: int = COUNTER_SHARDS

    def of(self, key: KeyUnits) -> int:
        """Return over how many partitions a kind of key is spread."""
        if not key.pattern.endswith("#<shard>"):
            return 1
        if key.attribute == f"{PREFIX[BY_WORK]}_pk":
            return WORK_SHARDS
        return self.counters if key.attribute == "pk" else self.lists


@dataclass(frozen=True, slots=True)
class Sustained:
    """Greatest rate of a load, of all organizations together, and the key that limits it.

    Attributes
    ----------
    load
        One of ``LOADS``.
    rate
        Loads a second: creates, turns, or sessions with their turns.
    attribute, key
        The limiting partition key: its attribute, and its form.
    by
        ``writes`` or ``reads``.
    """

    load: str
    organizations: int
    list_shards: int
    counter_shards: int
    rate: float
    attribute: str
    key: str
    by: str


@dataclass(frozen=True, slots=True)
class ListCost:
    """Cost of the newest 20 sessions by the shards of lists, in a function that has started."""

    list_shards: int
    requests: int
    reads: float


@dataclass(frozen=True, slots=True)
class Partitions:
    """Results of the model.

    Attributes
    ----------
    sustained
        By shards of lists and of counters, load and number of organizations.
    keys
        What each kind of key allows one organization with the default shards.
    session
        Turns of one session.
    """

    sustained: tuple[Sustained, ...]
    keys: tuple[Sustained, ...]
    session: Sustained
    lists: tuple[ListCost, ...]


def largest_share(organizations: int) -> float:
    """Return the part of the load that the largest organization has."""
    return 1 / sum(1 / rank for rank in range(1, organizations + 1))


def limits(
    traffic: Traffic, load: str, shards: Shards, organizations: int, *, of_session: bool = False
) -> list[Sustained]:
    """Return the greatest rate of a load that each kind of key allows, the lowest first.

    Sessions never limit it: there are as many as the load needs. With ``of_session``, all of the
    load is that of one session, and only its own keys count.
    """
    share = largest_share(organizations)
    found = []
    for key in _combined(traffic, LOADS[load]):
        if (key.scope == "session") != of_session:
            continue
        number = shards.of(key)
        busiest = hottest_share(number) * (1 if key.scope == "stack" else share)
        units = {"writes": (key.writes, WRITE_LIMIT), "reads": (key.reads, READ_LIMIT)}
        found += [
            Sustained(
                load=load,
                organizations=organizations,
                list_shards=shards.lists,
                counter_shards=shards.counters,
                rate=limit / (used * busiest),
                attribute=key.attribute,
                key=key.pattern,
                by=by,
            )
            for by, (used, limit) in units.items()
            if used
        ]
    return sorted(found, key=lambda one: one.rate)


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


def _combined(traffic: Traffic, operations: Mapping[str, int]) -> list[KeyUnits]:
    """Return the units of several operations by kind of key."""
    units: dict[tuple[str, str], list[float]] = {}
    for name, number in operations.items():
        for key in traffic.operations[name].keys:
            found = units.setdefault((key.attribute, key.pattern), [0.0, 0.0])
            found[0] += number * key.writes
            found[1] += number * key.reads
    return [KeyUnits(*key, writes, reads) for key, (writes, reads) in units.items()]


def measure(sessions: int = 8) -> Partitions:
    """Capture the traffic of some sessions and return what it allows."""
    captured = {number: capture(number, sessions) for number in LIST_SHARDS}
    default = captured[DEFAULT_LIST_SHARDS]
    shards = [Shards(lists=number) for number in LIST_SHARDS]
    shards += [Shards(counters=number) for number in COUNTERS if number != COUNTER_SHARDS]
    return Partitions(
        sustained=tuple(
            limits(captured[one.lists], load, one, organizations)[0]
            for one in shards
            for load in LOADS
            for organizations in ORGANIZATIONS
        ),
        keys=tuple(one for load in LOADS for one in limits(default, load, Shards(), 1)),
        session=limits(default, "turns", Shards(), 1, of_session=True)[0],
        lists=tuple(ListCost(n, one.list_requests, one.list_reads) for n, one in captured.items()),
    )


def main() -> None:
    """Print the rates by shards, the key that limits each, and what every key allows."""
    measured = measure()
    costs = {one.list_shards: one for one in measured.lists}
    print(f"{'shards of':^16}{'a page':>10}")
    print(f"{'lists':>6}{'counters':>10}{'requests':>10}{'load':>22}{'organizations':>15}"
          f"{'a second':>10}   limited by")  # fmt: skip
    for one in measured.sustained:
        requests = costs[one.list_shards].requests
        print(f"{one.list_shards:>6}{one.counter_shards:>10}{requests:>10}{_row(one)}")
    print(f"\nEach key, of one organization with {DEFAULT_LIST_SHARDS} shards of lists and "
          f"{COUNTER_SHARDS} of counters:")  # fmt: skip
    for one in (*measured.keys, measured.session):
        print(_row(one))


def _row(one: Sustained) -> str:
    limiting = f"{one.by} of {one.key}"
    return f"{one.load:>22}{one.organizations:>15,}{one.rate:>10,.0f}   {limiting}"


if __name__ == "__main__":
    main()
