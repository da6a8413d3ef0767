"""Steps of simulations: conversations, verdicts, failures, and what is delivered twice."""

from dataclasses import replace
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from shared.core.errors import Unavailable
from shared.runs.runs.domain import Budget, RunStatus
from shared.runs.runs.reading import ResultQuery
from shared.runs.simulations.domain import SimulationStatus
from shared.runs.simulations.queue import Step
from shared.runs.simulations.steps import MAX_ATTEMPTS, MAX_TRIES
from shared.simulation.conversation import Conversation
from shared.simulation.judging.domain import (
    CriterionResult,
    Evidence,
    JudgedCriterion,
    Judgement,
    Outcome,
    Scale,
)
from shared.simulation.scenario import SimulatedPersona
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.simulation.users.domain import MAX_TURNS_REACHED, SCRIPT_ENDED, UserMessage
from tests.support.simulations import Engine, Judging, Killed

POLITE = JudgedCriterion("Polite", Scale.BOOLEAN)


def outcome_of(engine: Engine, number: int = 0, **fields: Any) -> Any:
    """Return a simulation of a run with one scenario, after all its steps."""
    scenario = engine.scenarios.add(**{"checks": ({"says": "Bye"},)} | fields.pop("scenario", {}))
    run = engine.create([scenario], **fields)
    engine.run_all()
    return engine.simulations.get_whole(engine.organization_id, run.id, number)


def test_conversation_with_passing_checks_passes(engine: Engine) -> None:
    found = outcome_of(engine)
    assert (found.status, found.outcome) == (SimulationStatus.COMPLETED, Outcome.PASSED)
    assert (found.end_reason, found.totals.turns) == (SCRIPT_ENDED, 2)
    assert (found.totals.input_tokens, found.totals.tool_calls) == (20, 2)
    assert found.snapshot["scenario"]["name"] == "Refund"
    assert list(engine.target.turns.values()) == ["Hello", "Bye"]


def test_failed_check_fails_and_names_its_event(engine: Engine) -> None:
    found = outcome_of(engine, scenario={"checks": ({"says": "Bye"}, {"says": "refunded"})})
    assert found.outcome is Outcome.FAILED
    assert found.reasons == ("refunded was not said (event 4)",)
    assert [one.outcome for one in found.checks] == ["passed", "failed"]


def test_criteria_are_judged_by_the_runs_model(engine: Engine) -> None:
    engine.judge = Judging(Outcome.FAILED)
    found = outcome_of(engine, scenario={"criteria": (POLITE,)}, judge_model="judge")
    assert found.outcome is Outcome.FAILED
    assert found.reasons == ("Polite: as told",)


def test_criteria_without_a_judge_are_undecided(engine: Engine) -> None:
    found = outcome_of(engine, scenario={"criteria": (POLITE,)})
    assert found.outcome is Outcome.UNDECIDED
    assert "judge_model" in found.reasons[0]


def test_scenario_without_checks_and_criteria_is_not_a_pass(engine: Engine) -> None:
    assert outcome_of(engine, scenario={"checks": ()}).outcome is Outcome.UNDECIDED


def test_judge_that_does_not_respond_is_asked_again_then_undecided(engine: Engine) -> None:
    class Silent:
        asked = 0

        def judge(self, *_: Any) -> Any:
            self.asked += 1
            raise Unavailable("no answer")

    engine.judge = Silent()
    found = outcome_of(engine, scenario={"criteria": (POLITE,)}, judge_model="judge")
    assert (found.outcome, engine.judge.asked) == (Outcome.UNDECIDED, MAX_TRIES)


def test_judgement_that_exceeds_an_item_is_stored_with_shorter_words(engine: Engine) -> None:
    class Thorough:
        def judge(self, criteria: tuple[JudgedCriterion, ...], _: Any) -> Judgement:
            quoted = tuple(Evidence(f"{n}{'q' * 499}", n) for n in range(5))
            given: Any = {"outcome": Outcome.PASSED, "score": 1, "reason": "r" * 1000}
            return Judgement(
                results=tuple(
                    CriterionResult(
                        description=one.description, scale=one.scale, evidence=quoted, **given
                    )
                    for one in criteria
                )
            )

    engine.judge = Thorough()
    criteria = tuple(JudgedCriterion(f"{n:03d}{'c' * 497}", Scale.BOOLEAN) for n in range(100))
    found = outcome_of(engine, scenario={"criteria": criteria}, judge_model="judge")
    assert found.outcome is Outcome.PASSED
    assert {len(one.evidence) for one in found.criteria} == {1}
    assert found.criteria[0].evidence[0].quote.startswith("0qq")


def test_conversation_ends_at_its_maximum_of_turns(engine: Engine) -> None:
    found = outcome_of(engine, max_turns=1)
    assert (found.end_reason, found.totals.turns) == (MAX_TURNS_REACHED, 1)


def test_target_that_ends_the_conversation_ends_it(engine: Engine) -> None:
    answer = TargetAnswer(text="Good bye", end_reason="completed")
    with patch.object(engine.target, "send", lambda *_: answer):
        found = outcome_of(engine)
    assert (found.end_reason, found.totals.turns) == ("completed", 1)


def test_answer_that_comes_later_is_read_by_the_step_of_its_event(engine: Engine) -> None:
    engine.target.later = True
    scenario = engine.scenarios.add(checks=({"says": "Bye"},))
    run = engine.create([scenario])
    for turn in (1, 2):
        engine.run_all()
        session = engine.simulations.results(engine.organization_id, run.id, None, 1, below=1)[0]
        assert session.turn == turn
        engine.target.answered.add((session.session_id, turn))
        engine.starter.send(run, {0: None})  # as the event of the turn's end does
    engine.run_all()
    assert engine.all_results(run)[0].outcome is Outcome.PASSED


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


def test_scenario_deleted_in_mid_run_fails_its_simulations_alone(engine: Engine) -> None:
    scenarios = [engine.scenarios.add(checks=({"says": "Bye"},)) for _ in range(3)]
    run = engine.create(scenarios, max_concurrency=1)
    engine.step()
    del engine.scenarios.scenarios[scenarios[0]], engine.scenarios.scenarios[scenarios[1]]
    engine.run_all()
    assert [one.error for one in engine.all_results(run)] == [None, "scenario_not_found", None]


def test_world_is_pinned_when_the_simulation_begins(engine: Engine) -> None:
    scenario = engine.scenarios.add(mock_world={"refund": {"output": "first"}})
    run = engine.create([scenario], tool_overrides={"order": {"error": "down"}})
    engine.step()
    del engine.scenarios.scenarios[scenario]
    seen: list[Any] = []
    send = engine.target.send

    def noting(session: SimulatedSession, *rest: Any) -> Any:
        seen.append(session.world)
        return send(session, *rest)

    with patch.object(engine.target, "send", noting):
        engine.run_all()
    assert seen == [{"refund": {"output": "first"}, "order": {"error": "down"}}] * 2
    assert engine.all_results(run)[0].status is SimulationStatus.COMPLETED


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


def test_relayed_turn_without_an_answer_fails_after_its_limit(engine: Engine) -> None:
    engine.target.later = True
    run = engine.create([engine.scenarios.add()], target={"relay": True})
    engine.run_all()
    engine.forward(minutes=16)
    assert engine.sweep.run().resent == 1
    engine.run_all()
    assert engine.all_results(run)[0].error == "no_answer"


def test_results_list_what_has_not_begun_and_filter(engine: Engine) -> None:
    good = engine.scenarios.add(checks=({"says": "Bye"},))
    bad = engine.scenarios.add(checks=({"says": "refunded"},))
    run = engine.create([good, bad], repeats=3, max_concurrency=1)
    while len(engine.all_results(run)) < 5:
        engine.step()

    def page(**filters: Any) -> tuple[list[int], str | None]:
        query = ResultQuery(**({"limit": 10} | filters))
        _, found = engine.reader.results(engine.organization_id, run.id, query)
        return [one.number for one in found.items], found.next_cursor

    assert page() == ([0, 1, 2, 3, 4, 5], None)
    assert page(limit=4) == ([0, 1, 2, 3], "3")
    assert page(limit=4, after=3) == ([4, 5], None)
    assert page(scenario_id=bad) == ([3, 4, 5], None)
    assert page(outcome="passed") == ([0, 1, 2], None)
    assert page(outcome="pending") == ([5], None)
    assert page(scenario_id=uuid4()) == ([], None)


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


def test_tokens_of_user_and_judge_count_in_totals_and_budget(engine: Engine) -> None:
    class Player:
        def next_message(self, _: Any, conversation: Conversation) -> UserMessage:
            words = "" if len(conversation.entries) > 2 else "Hello"
            return UserMessage(words, None if words else SCRIPT_ENDED, 100, 10)

    class Paid(Judging):
        def judge(self, *asked: Any) -> Judgement:
            return replace(super().judge(*asked), input_tokens=1000, output_tokens=50)

    engine.user, engine.judge = Player(), Paid()
    scenario = engine.scenarios.add(criteria=(POLITE,))
    run = engine.create([scenario], judge_model="judge")
    engine.run_all()
    totals = engine.reader.state(engine.read(run)).progress.totals
    assert (totals.tester_input_tokens, totals.tester_output_tokens) == (1300, 80)
    assert totals.input_tokens == 20
    limited = engine.create([scenario], budget=Budget(max_tokens=200))
    engine.run_all()
    assert engine.read(limited).status is RunStatus.BUDGET_EXCEEDED
