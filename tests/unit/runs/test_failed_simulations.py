"""Failures of simulations: of the target, of the worker, and of what a simulation reads."""

from typing import Any
from uuid import uuid4

import pytest

from shared.runs.runs.domain import RunStatus
from shared.runs.simulations.domain import SimulationStatus
from shared.runs.simulations.queue import Step
from shared.runs.simulations.steps import MAX_TRIES
from shared.simulation.judging.domain import JudgedCriterion, Outcome, Scale
from shared.simulation.scenario import SimulatedPersona
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from tests.support.simulations import Engine
from tests.unit.runs.conftest import outcome_of


def test_failed_target_fails_the_simulation_with_its_reason(engine: Engine) -> None:
    engine.target.fails = lambda *_: TargetFailed("The agent does not exist any more.")
    found = outcome_of(engine)
    assert (found.status, found.outcome) == (SimulationStatus.FAILED, None)
    assert found.error == "The agent does not exist any more."


def test_words_of_a_failed_target_are_not_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.target.fails = lambda *_: TargetFailed("not JSON: I am Jane Doe")
    assert outcome_of(engine).error == "not JSON: I am Jane Doe"
    [line] = [one for one in caplog.records if one.message == "a simulation failed"]
    assert "Jane" not in str(vars(line))


def test_busy_target_is_tried_again_a_bounded_number_of_times(engine: Engine) -> None:
    tries: list[int] = []

    def fails(_: SimulatedSession, turn: int) -> TargetFailed | None:
        tries.append(turn)
        return TargetFailed("The target does not respond.", retry=True) if turn == 2 else None

    engine.target.fails = fails
    found = outcome_of(engine)
    assert found.error == "The target does not respond."
    assert tries.count(2) == MAX_TRIES
    assert list(engine.target.stopped.values()) == [1]


def test_scenario_that_always_fails_the_worker_does_not_stop_the_others(engine: Engine) -> None:
    poison = engine.scenarios.add(checks=({"no": "such check"},))
    good = [engine.scenarios.add(checks=({"says": "Bye"},)) for _ in range(5)]
    run = engine.create([good[0], poison, *good[1:]], max_concurrency=2)
    engine.run_all()
    found = engine.all_results(run)
    assert [one.error for one in found if one.error] == ["worker_failed"]
    assert sum(one.outcome is Outcome.PASSED for one in found) == 5
    assert engine.read(run).status is RunStatus.COMPLETED


def test_scenario_deleted_in_mid_run_fails_its_simulations_alone(engine: Engine) -> None:
    scenarios = [engine.scenarios.add(checks=({"says": "Bye"},)) for _ in range(3)]
    run = engine.create(scenarios, max_concurrency=1)
    engine.step()
    del engine.scenarios.scenarios[scenarios[0]], engine.scenarios.scenarios[scenarios[1]]
    engine.run_all()
    assert [one.error for one in engine.all_results(run)] == [None, "scenario_not_found", None]


def test_world_that_cannot_be_replayed_fails_with_the_field(engine: Engine) -> None:
    found = outcome_of(engine, scenario={"mock_world": {"refund": "no answer"}})
    assert "mock_world.refund" in found.error


def test_deleted_persona_fails_the_simulation(engine: Engine) -> None:
    persona = SimulatedPersona(id=uuid4(), name="Ann", description="Impatient")
    engine.personas.personas[persona.id] = persona
    run = engine.create([engine.scenarios.add()], persona_ids=(persona.id,))
    del engine.personas.personas[persona.id]
    engine.run_all()
    assert engine.all_results(run)[0].error == "persona_not_found"


def test_relayed_turn_without_an_answer_fails_after_its_limit(engine: Engine) -> None:
    engine.target.later = True
    run = engine.create([engine.scenarios.add()], target={"relay": True})
    engine.run_all()
    engine.forward(minutes=16)
    assert engine.sweep.run().resent == 1
    engine.run_all()
    assert engine.all_results(run)[0].error == "no_answer"


def test_inputs_that_cannot_be_stored_fail_the_simulation_with_the_reason(engine: Engine) -> None:
    # Each is within its own limit.
    turns, checks = ("u" * 20_000,) * 5, ({"says": "c" * 60_000},)
    overrides = {"refund": {"output": "o" * 99_000}}
    criteria = tuple(JudgedCriterion(f"{n:03d}{'\u4e2d' * 497}", Scale.BOOLEAN) for n in range(100))
    scenario = engine.scenarios.add(recorded_turns=turns, checks=checks, criteria=criteria)
    run = engine.create([scenario], tool_overrides=overrides)
    engine.run_all()
    [found] = engine.all_results(run)
    assert found.status is SimulationStatus.FAILED
    assert found.error == "The item would exceed 400 KB, the limit of one stored item."


def test_relayed_words_for_a_simulation_that_just_failed_change_nothing(engine: Engine) -> None:
    engine.target.later = True
    scenario = engine.scenarios.add(checks=({"says": "Bye"},))
    run = engine.create([scenario], target={"relay": True})
    engine.run_all()
    engine.forward(minutes=16)

    def take(*_: Any) -> TargetAnswer:
        engine.steps.run(Step(engine.organization_id, run.id, 0))  # as the sweep does
        raise TargetFailed("The session was deleted.")

    engine.target.take = take
    engine.steps.take(Step(engine.organization_id, run.id, 0, 1), TargetAnswer(text="Hello"))
    assert [one.error for one in engine.all_results(run)] == ["no_answer"]
