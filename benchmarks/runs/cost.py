"""Cost of a simulation by the number of a run's scenarios, in one table of this process.

Units are computed from the requests by DynamoDB's rules (see ``benchmarks.capacity``). A run's
create, its lanes and its end are part of it. The price is that of the table, the queues, the
functions' requests and the events; the time of the functions, which differs with their memory, is
not in it. Milliseconds are of this process's CPU, moto's part included: only their ratio says
something.
"""

import time
from collections import Counter
from dataclasses import dataclass

import pytest

from benchmarks.capacity import Meter
from benchmarks.capture import FUNCTION_PRICE
from benchmarks.quiet import silent
from benchmarks.runs.scenarios import WORKFLOW, Document, create_run, create_scenarios, new_agent
from benchmarks.turns import (
    INDEXES,
    KEY_INDEXES,
    QUEUE_PRICE,
    QUEUE_REQUESTS,
    READ_PRICE,
    WRITE_PRICE,
)
from shared.storage.client import dynamodb
from tests.support.gateway import Gateway
from tests.support.run_steps import SimulationRuns
from tests.support.storage import moto_table
from tests.support.turns import Model, text

#: Dollars of a million events to a bus in eu-west-1.
EVENT_PRICE = 1.00
TARGETS = ("workflow", "agent")


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one simulation of a run: requests, units, and milliseconds."""

    simulations: int
    table: float
    writes: float
    reads: float
    queue: float
    functions: float
    events: float
    milliseconds: float

    @property
    def price(self) -> float:
        """Dollars of a thousand simulations."""
        units = self.writes * WRITE_PRICE + self.reads * READ_PRICE
        sent = self.queue * QUEUE_PRICE + self.functions * FUNCTION_PRICE
        return (units + sent + self.events * EVENT_PRICE) / 1000


def measure(target: str, numbers: list[int]) -> list[Cost]:
    """Run so many scenarios, one run after another in one table; return what each run cost."""
    with silent("CRITICAL"), pytest.MonkeyPatch.context() as patch, moto_table(patch):
        api = Gateway()
        runs = SimulationRuns(Model(text("It is on its way.")))
        reference = WORKFLOW if target == "workflow" else new_agent(api)
        scenario_ids = create_scenarios(api, max(numbers))
        runs.run()  # forgets the stream so far
        meter = Meter(keys=("pk", "sk"), indexes=INDEXES, key_indexes=KEY_INDEXES)
        meter.attach(dynamodb())
        _cost(api, runs, meter, reference, scenario_ids[:1])  # starts this process's parts
        return [_cost(api, runs, meter, reference, scenario_ids[:number]) for number in numbers]


def _cost(
    api: Gateway, runs: SimulationRuns, meter: Meter, target: Document, scenario_ids: list[str]
) -> Cost:
    meter.reset()
    before, started = Counter(runs.invocations), time.process_time()
    run = create_run(api, target, scenario_ids)
    runs.run(most=100 * len(scenario_ids))
    spent = time.process_time() - started
    units = meter.requests.total(), meter.writes, meter.reads
    ended = api("GET", f"/v1/runs/{run['id']}").json
    number = len(scenario_ids)
    assert ended["progress"]["passed"] == number, ended
    invoked = runs.invocations - before
    messages = invoked["run_simulation"] + invoked["run_turn"]
    counts = (
        *units, QUEUE_REQUESTS * messages, invoked.total(), invoked["publish_changes"],
        1000 * spent,
    )  # fmt: skip
    return Cost(number, *(one / number for one in counts))


def print_costs(numbers: list[int]) -> bool:
    """Print the costs of each target; return whether they are flat, but for a tenth."""
    print(f"{'target':<10}{'scenarios':>10}{'requests':>10}{'writes':>8}{'reads':>8}{'SQS':>7}"
          f"{'Lambda':>8}{'events':>8}{'ms':>8}{'$/1,000':>9}{'ratio':>7}")  # fmt: skip
    is_flat = True
    for target in TARGETS:
        costs = measure(target, numbers)
        for one in costs:
            ratio = one.price / costs[0].price
            is_flat = is_flat and ratio < 1.1
            print(
                f"{target:<10}{one.simulations:>10}{one.table:>10.1f}{one.writes:>8.1f}"
                f"{one.reads:>8.1f}{one.queue:>7.1f}{one.functions:>8.1f}{one.events:>8.1f}"
                f"{one.milliseconds:>8.0f}{one.price:>9.4f}{ratio:>7.2f}",
                flush=True,
            )
    return is_flat
