"""Requests of a simulation: the same however many a run has, and the same for each turn."""

from collections import Counter

import pytest

from benchmarks.capacity import Meter
from shared.runs.runs.documents import PLAN_SIZE
from shared.storage.client import dynamodb
from tests.support.simulations import Engine
from tests.support.storage import counted_requests


def requests_of(engine: Engine, simulations: int, turns: int = 2) -> Counter[str]:
    """Return the requests of a run, its messages to the queue among them."""
    said = tuple(f"Message {number}" for number in range(turns))
    scenarios = [
        engine.scenarios.add(recorded_turns=said, checks=({"says": said[-1]},))
        for _ in range(simulations)
    ]
    sent = engine.queue.sent
    with counted_requests() as counts:
        run = engine.create(scenarios, max_concurrency=1)
        engine.run_all()
    progress = engine.read(run).progress
    assert progress
    assert progress.passed == simulations
    return counts + Counter(messages=engine.queue.sent - sent)


def test_each_further_simulation_costs_the_same_requests(engine: Engine) -> None:
    requests_of(engine, 1)  # reads the world once a process
    one, two, hundred = (requests_of(engine, number) for number in (1, 2, 100))
    each = two - one
    assert hundred - two == Counter({name: 98 * number for name, number in each.items()})
    # Begin, two turns, and the verdict.
    assert each["messages"] == 4
    assert each.total() - each["messages"] <= 18


def test_each_further_turn_costs_the_same_requests(engine: Engine) -> None:
    requests_of(engine, 1)
    one, two, twenty = (requests_of(engine, 1, turns) for turns in (1, 2, 20))
    assert twenty - two == Counter({name: 18 * n for name, n in (two - one).items()})
    assert (two - one)["messages"] == 1


@pytest.mark.parametrize("scenarios", [1, PLAN_SIZE, 2000])
def test_scenario_of_a_large_plan_is_read_by_one_unit(engine: Engine, scenarios: int) -> None:
    run = engine.create([engine.scenarios.add() for _ in range(scenarios)])
    meter = Meter(keys=("pk", "sk"))
    meter.attach(dynamodb())
    engine.runs.scenario_id(run, scenarios - 1)
    assert meter.reads == 1
