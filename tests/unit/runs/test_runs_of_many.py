"""Runs of many simulations: lanes, waiting runs, cancel, budget, scores, and bad input."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from shared.core.errors import Conflict, InvalidInput, Unavailable
from shared.runs.runs.domain import Budget, Run, RunSpec, RunStatus
from shared.runs.runs.service import MAX_WAITING, NewRun
from shared.runs.runs.sweep import STALE_AFTER
from shared.runs.simulations.domain import SimulationStatus
from shared.simulation.conversation import Totals
from shared.simulation.target import TargetFailed
from shared.storage.table import Table
from tests.support.simulations import Engine, Killed
from tests.support.storage import counted_requests
from tests.support.template import functions


def passing(engine: Engine, count: int = 1, *tags: str) -> list[UUID]:
    return [engine.scenarios.add(*tags, checks=({"says": "Bye"},)) for _ in range(count)]


def create(engine: Engine, **fields: Any) -> Run:
    given = {"name": "Run", "target": {"relay": False}, "scenario_count": 0}
    spec = RunSpec(**{**given, **fields.pop("spec", {})})
    new = NewRun(spec=spec, **fields)
    return engine.service.create(engine.organization_id, "key", new, engine.inputs).entity


def test_run_takes_as_many_lanes_as_it_asks_for(engine: Engine) -> None:
    run = engine.create(passing(engine, 8), max_concurrency=3)
    assert (run.status, run.lanes, len(engine.queue.messages)) == (RunStatus.RUNNING, 3, 3)
    in_progress = 0
    while engine.queue.messages:
        engine.step()
        begun = engine.all_results(run)
        in_progress = max(in_progress, sum(not one.status.is_final for one in begun))
    assert in_progress == 3
    assert engine.reader.get(engine.organization_id, run.id).progress.passed == 8


def test_organization_never_has_more_messages_in_the_queue_than_lanes(table: Table) -> None:
    """A quiet organization's step waits for at most so many, without the queue's own fairness."""
    engine = Engine(table, limit=5)
    runs = [engine.create(passing(engine, 30), max_concurrency=4) for _ in range(3)]
    most = 0
    while engine.queue.messages:
        most = max(most, len(engine.queue.messages))
        engine.step()
    assert most == 5
    assert {engine.read(one).status for one in runs} == {RunStatus.COMPLETED}


def test_second_run_takes_the_free_lanes_and_third_waits(table: Table) -> None:
    engine = Engine(table, limit=5)
    first = engine.create(passing(engine, 4), max_concurrency=3)
    second = engine.create(passing(engine, 4), max_concurrency=3)
    third = engine.create(passing(engine, 1))
    assert [one.lanes for one in (first, second, third)] == [3, 2, 0]
    assert third.status is RunStatus.PENDING
    engine.run_all()
    assert {engine.read(one).status for one in (first, second, third)} == {RunStatus.COMPLETED}
    places = engine.runs.places(engine.organization_id)
    assert (places.active, places.waiting) == ({}, ())


def test_run_is_started_by_the_sweep_if_its_creator_was_killed(engine: Engine) -> None:
    scenarios = passing(engine, 2)
    with patch.object(engine.starter, "start_waiting", side_effect=Killed), pytest.raises(Killed):
        engine.create(scenarios)
    assert engine.sweep.run().started == 1
    engine.run_all()
    assert engine.runs.unfinished() == []


def test_steps_that_the_queue_rejects_are_sent_by_the_sweep(engine: Engine) -> None:
    with patch.object(engine.queue, "send", side_effect=Unavailable("silent")):
        run = engine.create(passing(engine, 2))
    assert engine.sweep.run().resent == 0
    engine.forward(minutes=7)
    assert engine.sweep.run().resent == 2
    engine.run_all()
    assert engine.read(run).status is RunStatus.COMPLETED


def test_sweep_does_not_repeat_a_step_that_may_still_run() -> None:
    timeout = functions()["RunSimulationFunction"]["Timeout"]
    assert timedelta(seconds=timeout) < STALE_AFTER


def test_steps_that_waited_in_a_long_queue_are_done_once(engine: Engine) -> None:
    run = engine.create(passing(engine))
    engine.step()
    engine.forward(minutes=7)
    assert engine.sweep.run().resent == 1
    engine.step()
    repeated, following = engine.queue.messages
    send = engine.target.send

    def answer(*turn: Any) -> Any:
        engine.steps.run(*repeated)  # by another function, while this one waits for the agent
        return send(*turn)

    with patch.object(engine.target, "send", side_effect=answer) as asked:
        engine.steps.run(*following)
    assert asked.call_count == 1
    engine.run_all()
    assert engine.reader.state(engine.read(run)).progress.passed == 1


def test_run_whose_last_step_was_killed_before_its_end_is_closed_by_the_sweep(
    engine: Engine,
) -> None:
    run = engine.create(passing(engine, 1))
    with patch.object(engine.starter, "close", side_effect=Unavailable("silent")):
        for _ in range(4):
            engine.step()
    engine.queue.messages.clear()
    assert not engine.read(run).is_closed
    assert engine.sweep.run().closed == 1
    assert engine.read(run).status is RunStatus.COMPLETED


def test_cancel_ends_a_run_within_a_turn(engine: Engine) -> None:
    run = engine.create(passing(engine, 10), max_concurrency=2)
    for _ in range(5):
        engine.step()
    state = engine.service.cancel(engine.organization_id, run.id)
    assert state.run.status is RunStatus.CANCELLED
    turns = len(engine.target.turns)
    engine.run_all()
    assert len(engine.target.turns) == turns
    found = engine.reader.get(engine.organization_id, run.id)
    assert (found.progress.finished, found.progress.total) == (10, 10)
    assert found.progress.cancelled == 10 - found.progress.passed
    assert sum(engine.target.stopped.values()) == 2
    assert engine.runs.places(engine.organization_id).active == {}
    assert engine.service.cancel(engine.organization_id, run.id).run == found.run


def test_cancel_of_a_waiting_run_ends_it_at_once(table: Table) -> None:
    engine = Engine(table, limit=1)
    engine.create(passing(engine, 1))
    waiting = engine.create(passing(engine, 3))
    state = engine.service.cancel(engine.organization_id, waiting.id)
    assert (state.run.status, state.progress.cancelled) == (RunStatus.CANCELLED, 3)
    engine.run_all()
    assert engine.runs.places(engine.organization_id).waiting == ()


def test_budget_stops_a_run_within_one_turn_of_each_lane(engine: Engine) -> None:
    run = engine.create(passing(engine, 10), max_concurrency=2, budget=Budget(max_turns=5))
    engine.run_all()
    state = engine.reader.get(engine.organization_id, run.id)
    assert state.run.status is RunStatus.BUDGET_EXCEEDED
    assert 5 < state.progress.totals.turns <= 5 + 2
    assert state.progress.finished == 10
    assert state.progress.budget_exceeded == 10 - state.progress.passed
    ended = {one.status for one in engine.all_results(run)}
    assert ended <= {SimulationStatus.COMPLETED, SimulationStatus.BUDGET_EXCEEDED}


def test_budget_of_tokens_and_cost() -> None:
    spent = Totals(turns=3, input_tokens=60, output_tokens=50, cost_usd=0.25)
    assert Budget(max_tokens=100).is_exceeded(spent)
    assert Budget(max_cost_usd=0.2).is_exceeded(spent)
    assert not Budget(max_tokens=110, max_cost_usd=0.25, max_turns=3).is_exceeded(spent)
    assert not Budget().is_exceeded(spent)


def test_scores_name_flaky_scenarios(engine: Engine) -> None:
    good, flaky = passing(engine, 2)
    run = engine.create([good, flaky], repeats=2, max_concurrency=1)
    while len(engine.all_results(run)) < 3:
        engine.step()
    known = engine.scenarios.scenarios
    known[flaky] = replace(known[flaky], checks=({"says": "refunded"},))
    engine.run_all()
    scores = engine.read(run).scores
    assert (scores.pass_at_1, scores.pass_hat_k, scores.flaky) == (0.75, 0.5, 1)


def test_run_of_a_target_that_always_fails_has_failed_with_its_error(engine: Engine) -> None:
    engine.target.fails = lambda *_: TargetFailed("The agent does not exist any more.")
    run = engine.create(passing(engine, 3))
    engine.run_all()
    found = engine.read(run)
    assert (found.status, found.error) == (RunStatus.FAILED, "The agent does not exist any more.")
    assert found.progress
    assert found.progress.errors == 3


def test_two_runs_at_once_of_one_scenario_have_sessions_of_their_own(engine: Engine) -> None:
    [scenario] = passing(engine)
    first, second = engine.create([scenario]), engine.create([scenario])
    engine.run_all()
    sessions = {engine.all_results(one)[0].session_id for one in (first, second)}
    assert len(sessions) == 2
    assert {engine.all_results(one)[0].outcome for one in (first, second)} == {"passed"}


def test_tags_select_scenarios(engine: Engine) -> None:
    passing(engine, 2, "refunds", "new")
    passing(engine, 3, "refunds")
    assert create(engine, tags=("refunds", "new")).spec.scenario_count == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tags": ("none",)}, "tags: no scenario has all of them."),
        ({"scenario_ids": (UUID(int=4),)}, "00000000-0000-0000-0000-000000000004"),
        ({"spec": {"persona_ids": (UUID(int=5),)}}, "persona_ids: not found"),
        ({"spec": {"baseline_run_id": UUID(int=6)}}, "baseline_run_id: run not found."),
    ],
)
def test_unknown_references_are_named(engine: Engine, fields: dict[str, Any], message: str) -> None:
    given = fields if "spec" not in fields else fields | {"scenario_ids": tuple(passing(engine))}
    with pytest.raises(InvalidInput, match=message):
        create(engine, **given)


def test_many_unknown_scenarios_are_counted(engine: Engine) -> None:
    with pytest.raises(InvalidInput, match="and 5 more"):
        create(engine, scenario_ids=tuple(uuid4() for _ in range(25)))


def test_more_waiting_runs_than_allowed_are_refused(table: Table) -> None:
    engine = Engine(table, limit=0)
    scenarios = passing(engine, 1)
    for _ in range(MAX_WAITING):
        engine.create(scenarios)
    with pytest.raises(Conflict, match="At most 100 runs can wait"):
        engine.create(scenarios)


def test_ten_thousand_scenarios_are_created_by_few_requests(engine: Engine) -> None:
    scenarios = passing(engine, 10_000)
    with counted_requests() as requests:
        run = engine.create(scenarios, repeats=16, max_concurrency=50)
    assert run.spec.simulations == 160_000
    assert sum(requests.values()) < 20
    assert engine.runs.scenario_id(run, 9_999) == scenarios[9_999]
