"""Fixtures of runs: an engine with a scripted target."""

from typing import Any

import pytest

from shared.core.clock import Clock, system_clock
from shared.storage.table import Table
from tests.support.gateway import Gateway
from tests.support.run_steps import SimulationRuns
from tests.support.simulations import Engine
from tests.support.turns import Model, call, text


@pytest.fixture
def clock() -> Clock:
    return system_clock


@pytest.fixture
def engine(table: Table, dynamodb_table: Any) -> Engine:
    return Engine(table)


@pytest.fixture
def simulation_runs(api: Gateway) -> SimulationRuns:
    turn = (call("get_order", id="A-1"), text("It is late."))
    return SimulationRuns(Model(*turn * 4))


def outcome_of(engine: Engine, number: int = 0, **fields: Any) -> Any:
    """Return a simulation of a run with one scenario, after all its steps."""
    scenario = engine.scenarios.add(**{"checks": ({"says": "Bye"},)} | fields.pop("scenario", {}))
    run = engine.create([scenario], **fields)
    engine.run_all()
    return engine.simulations.get_whole(engine.organization_id, run.id, number)
