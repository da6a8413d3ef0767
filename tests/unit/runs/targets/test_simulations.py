"""Simulations with targets of each kind, step by step, with deliveries repeated and killed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from shared.agents.simulated_wiring import session_recorder
from shared.playground.simulated_wiring import workflow_target
from shared.runs.runs.domain import Run
from shared.runs.simulations.domain import SimulationStatus
from shared.runs.simulations.inputs import session_of
from shared.runs.simulations.queue import Step
from shared.runs.targets.relay import RelayTarget
from shared.runs.targets.wiring import relay_target, url_target
from shared.simulation.conversation import Said
from shared.simulation.target import SimulatedSession, TargetAnswer
from shared.storage.table import Table
from tests.support.chat_server import ChatServer, completion
from tests.support.gateway import Gateway
from tests.support.simulated import ORDERS, simulated
from tests.support.simulations import Engine, Killed
from tests.support.storage import counted_requests, hooked

SCENARIOS = 6


@pytest.fixture
def engine(api: Gateway, table: Table) -> Engine:
    found = Engine(table)
    found.organization_id = api.organization_id
    return found


@contextmanager
def kills(random: Random, part: float) -> Iterator[None]:
    """End a function before some of its requests."""

    def kill(**_: Any) -> None:
        if random.random() < part:
            raise Killed

    with hooked("before-call.dynamodb", kill):
        yield


def finished(engine: Engine, reference: dict[str, Any], relay: Callable[[Run], None]) -> Run:
    """Run all simulations of a run to their end."""
    ids = [engine.scenarios.add(mock_world=ORDERS) for _ in range(SCENARIOS)]
    run = engine.create(ids, target=reference, scenario_count=SCENARIOS)
    random = Random(7)
    while engine.queue.messages:
        _, attempt = engine.queue.messages[0]
        with kills(random, 0.05 if attempt == 1 else 0):
            engine.step(redeliver=random.random() < 0.05)
        if not engine.queue.messages:
            relay(run)
    assert engine.failures, "nothing was killed"
    return run


def assert_nothing_lost_or_doubled(engine: Engine, run: Run) -> None:
    results = engine.all_results(run)
    assert [one.status for one in results] == [SimulationStatus.COMPLETED] * SCENARIOS
    for one in results:
        entries = engine.target.read(session_of(run, one, engine.ports)).entries
        said = [entry for entry in entries if isinstance(entry, Said)]
        assert [entry.text for entry in said if entry.role == "user"] == ["Hello", "Bye"]
        assert len(said) == 4


def no_relay(_: Run) -> None:
    """Do nothing: the target answers itself."""


def test_run_with_a_server_loses_and_doubles_nothing(engine: Engine, server: ChatServer) -> None:
    engine.target = url_target(session_recorder())
    server.reply(completion("Hi"))
    run = finished(engine, {"url": server.url}, no_relay)
    assert_nothing_lost_or_doubled(engine, run)


def test_run_with_a_workflow_loses_and_doubles_nothing(engine: Engine) -> None:
    engine.target = workflow_target()
    run = finished(engine, {"catalog_slug": "order-status"}, no_relay)
    assert_nothing_lost_or_doubled(engine, run)


def test_run_that_is_relayed_loses_and_doubles_nothing(engine: Engine) -> None:
    target: RelayTarget = relay_target(session_recorder())
    engine.target = target

    def relay(run: Run) -> None:
        for one in engine.all_results(run):
            if one.pending_message is not None and one.status is SimulationStatus.RUNNING:
                session = session_of(run, one, engine.ports)
                for text in ("Hi", "Hi again"):  # a client that repeats its request
                    target.take(session, one.turn, one.pending_message, TargetAnswer(text=text))
                engine.queue.send([Step(run.organization_id, run.id, one.number, one.turn)])

    run = finished(engine, {"relay": True}, relay)
    assert_nothing_lost_or_doubled(engine, run)


def test_turn_costs_the_same_requests_however_long_the_conversation(
    api: Gateway, server: ChatServer
) -> None:
    target = url_target(session_recorder())
    session: SimulatedSession = simulated(api, {"url": server.url})
    target.open(session)
    server.reply(completion("Hi"))
    costs = []
    for turn in (1, 2, 3, 20):
        with counted_requests() as counts:
            target.send(session, turn, "Hello")
        costs.append(counts.total())
    assert costs[1:] == [costs[1]] * 3
    assert costs[1] <= 7
