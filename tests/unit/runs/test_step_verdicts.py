"""Verdicts of simulations: checks, criteria, and the judge."""

from dataclasses import replace
from typing import Any

from shared.core.errors import Unavailable
from shared.runs.runs.domain import Budget, RunStatus
from shared.runs.simulations.domain import SimulationStatus
from shared.runs.simulations.steps import MAX_TRIES
from shared.simulation.conversation import Conversation
from shared.simulation.judging.domain import (
    CriterionResult,
    Evidence,
    JudgedCriterion,
    Judgement,
    Outcome,
    Scale,
)
from shared.simulation.users.domain import SCRIPT_ENDED, UserMessage
from tests.support.simulations import Engine, Judging
from tests.unit.runs.conftest import outcome_of

POLITE = JudgedCriterion("Polite", Scale.BOOLEAN)


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
