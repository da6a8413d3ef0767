"""Steps of simulations: conversations up to their end, and the list of results."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

from shared.runs.runs.reading import ResultQuery
from shared.runs.simulations.domain import SimulationStatus
from shared.simulation.judging.domain import Outcome
from shared.simulation.target import SimulatedSession, TargetAnswer
from shared.simulation.users.domain import MAX_TURNS_REACHED
from tests.support.simulations import Engine
from tests.unit.runs.conftest import outcome_of


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
