"""100 million sessions in a month on paper, from measured units: python -m benchmarks.monthly_cost

Requests, units, bytes, log lines and changes of a session are those of the running code. Prices are
the list prices of us-east-1 without free tiers; the model's own price is not in it. The constants
that no measurement here can give are assumptions, and are printed. The rates that follow are
compared to the partitions (see ``partitions``), to quotas of an account and to the parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.partitions import DEFAULT_LIST_SHARDS, Shards, largest_share, limits
from benchmarks.session_footprint import Footprint, footprint
from benchmarks.traffic import CREATE, TURN, Operation, capture
from tests.support.template import functions, template

SESSIONS, TURNS, ORGANIZATIONS = 100_000_000, 10, 10_000
MONTH_SECONDS = 30 * 24 * 3600
#: The busiest second relative to the mean one.
PEAK = 5
#: Seconds of a function: an API call, the authorizer with its cached key, a stream batch, and a
#: turn, which waits for the model. Lambda is paid while it waits.
API_SECONDS, AUTHORIZER_SECONDS, BATCH_SECONDS, TURN_SECONDS = 0.05, 0.01, 0.1, 5.0
#: Records of one invocation of a function that reads the stream; a busy one gets 100.
PER_BATCH = 10
#: Part of the invocations that X-Ray records (its default rule).
TRACED = 0.05
#: Write units with which the authorizer counts a request, at most: see ``throttle``.
METERED = 0.17
#: Requests to the queue for one turn: sent, received, hidden while its run works, deleted.
QUEUE_REQUESTS = 4

#: Dollars of a million; of a GB; of a GB-second.
WRITE_PRICE, READ_PRICE = 0.625, 0.125
STORAGE_PRICE, BACKUP_PRICE, TRANSFER_PRICE, LOG_PRICE = 0.25, 0.20, 0.09, 0.50
INVOCATION_PRICE, QUEUE_PRICE, EVENT_PRICE, TRACE_PRICE = 0.20, 0.40, 1.00, 5.00
#: Tiers of a month: up to so many, the price of each. Requests to a REST API are in millions.
API_TIERS = ((333, 3.50), (1_000, 2.80), (20_000, 2.38), (float("inf"), 1.51))
#: GB-seconds on arm64, in millions.
LAMBDA_TIERS = ((7_500, 13.3334), (18_750, 12.0001), (float("inf"), 10.6667))

#: Default quotas of an account in us-east-1; all of them can be raised.
API_QUOTA, CONCURRENCY_QUOTA, EVENT_QUOTA, TABLE_QUOTA = 10_000, 1_000, 10_000, 40_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill: ``quantity`` times ``price`` is ``dollars``, but for tiers."""

    service: str
    quantity: float
    unit: str
    price: float
    dollars: float
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of the month, its peak, and the limit that it is compared to."""

    name: str
    mean: float
    peak: float
    limit: float
    limited_by: str


@dataclass(frozen=True, slots=True)
class Month:
    """The bill of a month, and its rates."""

    sessions: int
    turns: int
    lines: tuple[Line, ...]
    rates: tuple[Rate, ...]

    @property
    def dollars(self) -> float:
        return sum(one.dollars for one in self.lines)


def tiered(quantity: float, tiers: Sequence[tuple[float, float]]) -> float:
    """Return the price of a quantity, each part at the price of its tier."""
    dollars = begin = 0.0
    for end, price in tiers:
        dollars += max(0.0, min(quantity, end) - begin) * price
        begin = end
    return dollars


def measure(sessions: int = SESSIONS, turns: int = TURNS) -> Month:
    """Return the bill of so many sessions with so many turns each, and the rates."""
    operations = capture(DEFAULT_LIST_SHARDS, 8).operations
    create, turn = operations[CREATE], operations[TURN]
    used = footprint(turns)
    lines = (
        *_requests(sessions, turns, used),
        *_functions(sessions, turns, create, turn),
        *_table(sessions, turns, create, turn, used),
    )
    return Month(sessions, turns, lines, tuple(_rates(sessions, turns, create, turn)))


def _line(service: str, millions: float, unit: str, price: float, arithmetic: str) -> Line:
    return Line(service, millions, unit, price, millions * price, arithmetic)


def _requests(sessions: int, turns: int, used: Footprint) -> list[Line]:
    number = sessions * _api_calls(turns) / 1e6
    dollars = tiered(number, API_TIERS)
    transfer = sessions * used.answered / 1e9
    logs = sessions * used.logged / 1e9
    return [
        Line("API Gateway", number, "M requests", dollars / number, dollars,
             f"a create, {turns} messages, {turns} reads of events"),
        _line("data transfer", transfer, "GB", TRANSFER_PRICE,
              f"{used.answered:,} bytes of answers a session"),
        _line("CloudWatch Logs", logs, "GB", LOG_PRICE, f"{used.logged:,} bytes a session"),
        _line("SQS", sessions * turns * QUEUE_REQUESTS / 1e6, "M requests", QUEUE_PRICE,
              f"{QUEUE_REQUESTS} a turn"),
    ]  # fmt: skip


def _functions(sessions: int, turns: int, create: Operation, turn: Operation) -> list[Line]:
    calls = _api_calls(turns)
    batches = (_records(create) + turns * _records(turn)) / PER_BATCH
    invocations = sessions * (2 * calls + batches + turns) / 1e6
    memory = template()["Globals"]["Function"]["MemorySize"]
    api = memory / 1024
    run = functions()["RunTurnFunction"].get("MemorySize", memory) / 1024
    seconds = (
        sessions
        / 1e6
        * (calls * (API_SECONDS + AUTHORIZER_SECONDS) * api + batches * BATCH_SECONDS * api)
    )
    waiting = sessions * turns / 1e6 * TURN_SECONDS * run
    dollars = tiered(seconds + waiting, LAMBDA_TIERS)
    changes = sessions * (create.changes + turns * turn.changes) / 1e6
    return [
        _line("Lambda invocations", invocations, "M", INVOCATION_PRICE,
              f"{calls} calls with the authorizer, {batches:.1f} stream batches, {turns} turns"),
        Line("Lambda", seconds + waiting, "M GB-s", dollars / (seconds + waiting), dollars,
             f"of which {waiting:,.0f} M in turns of {TURN_SECONDS:g} s at {run:.2f} GB"),
        _line("EventBridge", changes, "M events", EVENT_PRICE,
              f"{create.changes:.1f} of a create, {turn.changes:.1f} of a turn"),
        _line("X-Ray", invocations * TRACED, "M traces", TRACE_PRICE, f"{TRACED:.0%} of those"),
    ]  # fmt: skip


def _table(
    sessions: int, turns: int, create: Operation, turn: Operation, used: Footprint
) -> list[Line]:
    writes = create.writes + turns * turn.writes
    reads = create.reads + turns * turn.reads + used.reads
    stored = sessions * (used.stored + used.indexed) / 1e9
    return [
        _line("DynamoDB writes", sessions * writes / 1e6, "M units", WRITE_PRICE,
              f"{create.writes:.1f} of a create, {turn.writes:.1f} of a turn"),
        _line("DynamoDB reads", sessions * reads / 1e6, "M units", READ_PRICE,
              f"{create.reads:.1f} of a create, {turn.reads:.1f} of a turn, {used.reads:.1f} of "
              "all reads of events"),
        _line("DynamoDB writes, throttle", sessions * _api_calls(turns) * METERED / 1e6, "M units",
              WRITE_PRICE, f"{METERED} of an API call, at most"),
        _line("DynamoDB storage", stored, "GB", STORAGE_PRICE,
              f"{used.stored:,} bytes a session, {used.indexed:,} in indexes; each month again"),
        _line("DynamoDB backups", sessions * used.stored / 1e9, "GB", BACKUP_PRICE,
              "point-in-time recovery of the table"),
    ]  # fmt: skip


def _rates(sessions: int, turns: int, create: Operation, turn: Operation) -> list[Rate]:
    each = sessions / MONTH_SECONDS
    share = largest_share(ORGANIZATIONS)
    traffic = capture(DEFAULT_LIST_SHARDS, 8)
    partition = limits(traffic, "turns", Shards(), ORGANIZATIONS)[0]
    settings = {name: one.get("Default") for name, one in template()["Parameters"].items()}
    running = each * turns * TURN_SECONDS
    calling = each * _api_calls(turns) * (API_SECONDS + AUTHORIZER_SECONDS)
    writes = each * (create.writes + turns * turn.writes)
    changes = each * (create.changes + turns * turn.changes)
    rows = (
        ("turns a second", each * turns, partition.rate, f"{partition.by} of {partition.key}"),
        ("write units a second", writes, TABLE_QUOTA, "quota of a table"),
        ("requests a second", each * _api_calls(turns), API_QUOTA, "quota of API Gateway"),
        ("functions at once", running + calling, CONCURRENCY_QUOTA, "quota of Lambda"),
        ("events a second", changes, EVENT_QUOTA, "quota of EventBridge"),
        ("turns at once of the largest organization", running * share,
         settings["MaxTurnsPerOrganization"], "MaxTurnsPerOrganization"),
        ("requests a second of the largest organization", each * _api_calls(turns) * share,
         settings["RateLimit"], "RateLimit"),
    )  # fmt: skip
    return [Rate(name, mean, PEAK * mean, limit, by) for name, mean, limit, by in rows]


def _api_calls(turns: int) -> int:
    return 1 + 2 * turns


def _records(operation: Operation) -> float:
    return sum(operation.records.values())


def main() -> None:
    """Print the bill and the rates."""
    month = measure()
    print(f"{month.sessions:,} sessions of {month.turns} turns, {ORGANIZATIONS:,} organizations")
    print(f"a turn of {TURN_SECONDS:g} s, a call of {API_SECONDS:g} s\n")
    for one in month.lines:
        print(f"{one.service:20}{one.quantity:>11,.0f} {one.unit:10} x {one.price:>8.4f} = "
              f"$ {one.dollars:>9,.0f}   {one.arithmetic}")  # fmt: skip
    print(f"{'':20}{'':25}{'':12}$ {month.dollars:>9,.0f}   "
          f"$ {month.dollars / month.sessions * 1000:.2f} of 1,000 sessions\n")  # fmt: skip
    for rate in month.rates:
        print(f"{rate.name:46}{rate.mean:>9,.0f}, at peak {rate.peak:>9,.0f} of "
              f"{rate.limit:>9,.0f} ({rate.limited_by})")  # fmt: skip


if __name__ == "__main__":
    main()
