"""Steps that are delivered twice, killed, or overtaken by another one."""

from random import Random
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from shared.runs.runs.domain import RunStatus
from shared.runs.simulations.queue import Step
from shared.runs.simulations.steps import MAX_ATTEMPTS
from shared.simulation.judging.domain import Outcome
from shared.simulation.target import TargetFailed
from tests.support.simulations import Engine, Killed


@pytest.mark.parametrize(
    ("kills", "error"), [(MAX_ATTEMPTS - 1, None), (MAX_ATTEMPTS, "worker_failed")]
)
def test_step_survives_kills_of_all_but_its_last_attempt(
    engine: Engine, kills: int, error: str | None
) -> None:
    run = engine.create([engine.scenarios.add(checks=({"says": "Bye"},))])
    engine.step()
    with patch.object(engine.target, "send", side_effect=Killed):
        for _ in range(kills):
            engine.step()
    engine.run_all()
    assert engine.all_results(run)[0].error == error


@pytest.mark.parametrize("seed", range(4))
def test_redelivered_and_killed_steps_lose_and_double_nothing(engine: Engine, seed: int) -> None:
    """One message in twenty is delivered again, one write in ten is the last of its function."""
    chaos = Random(seed)
    scenarios = [engine.scenarios.add(checks=({"says": "Bye"},)) for _ in range(20)]
    run = engine.create(scenarios, repeats=2, max_concurrency=5)
    send, sent = engine.queue.send, 0

    def killed_before_send(steps: Any) -> None:
        nonlocal sent
        sent += 1
        if chaos.random() < 0.1:
            raise Killed
        send(steps)

    with patch.object(engine.queue, "send", killed_before_send):
        while engine.queue.messages:
            engine.run_all(chaos=chaos)
            engine.forward(minutes=7)
            engine.sweep.run()
    state = engine.reader.get(engine.organization_id, run.id)
    assert (state.progress.finished, state.progress.passed) == (40, 40)
    assert (state.progress.totals.turns, len(engine.target.turns)) == (80, 80)
    assert state.run.status is RunStatus.COMPLETED
    assert len(engine.all_results(run)) == 40


def test_duplicates_of_a_message_do_not_multiply(engine: Engine) -> None:
    run = engine.create([engine.scenarios.add() for _ in range(10)], max_concurrency=1)
    for _ in range(5):
        engine.queue.messages.append((Step(run.organization_id, run.id, 0, 0), 1))
    engine.run_all()
    # Begin, two turns and the verdict of each, and the five duplicates.
    assert engine.queue.sent == 10 * 4
    assert len(engine.target.turns) == 20


def test_step_of_an_unknown_run_is_dropped(engine: Engine) -> None:
    engine.steps.run(Step(engine.organization_id, uuid4(), 0, 0))
    assert not engine.queue.messages


def test_last_attempt_that_another_step_overtook_does_not_fail_the_simulation(
    engine: Engine,
) -> None:
    run = engine.create([engine.scenarios.add(checks=({"says": "Bye"},))])
    engine.step()
    step = Step(engine.organization_id, run.id, 0, 1)

    def fails(*_: Any) -> TargetFailed:
        engine.target.fails = lambda *_: None
        engine.steps.run(step)  # by another function, which has an answer
        return TargetFailed("No answer.", retry=True)

    engine.target.fails = fails
    engine.steps.run(step, MAX_ATTEMPTS)
    engine.run_all()
    assert [one.outcome for one in engine.all_results(run)] == [Outcome.PASSED]
