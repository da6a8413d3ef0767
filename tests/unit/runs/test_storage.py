"""Runs and simulations as stored: both ways, plans, lanes, and pages of results."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from shared.core.ids import OrganizationId
from shared.runs.checks.domain import CheckResult
from shared.runs.runs.documents import LaneCodec, PlacesCodec, RunCodec
from shared.runs.runs.domain import (
    Budget,
    Lane,
    Place,
    Places,
    Progress,
    Run,
    RunSpec,
    RunStatus,
    Scores,
)
from shared.runs.runs.repository import RunRepository
from shared.runs.simulations.documents import SimulationCodec
from shared.runs.simulations.domain import Simulation, SimulationStatus
from shared.runs.simulations.repository import SimulationRepository
from shared.simulation.conversation import Totals
from shared.simulation.judging.domain import CriterionResult, Evidence, Outcome, Scale
from shared.storage.table import Table
from shared.storage.transactions import Action, write

ORGANIZATION = OrganizationId(UUID(int=7))
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TOTALS = Totals(turns=2, tool_calls=1, input_tokens=30, cost_usd=0.5, seconds=1.5)


def run_of(**fields: Any) -> Run:
    spec = RunSpec(
        name="Refunds",
        target={"agent_id": str(UUID(int=9))},
        scenario_count=3,
        persona_ids=(UUID(int=4), UUID(int=5)),
        repeats=2,
        baseline_run_id=UUID(int=8),
        budget=Budget(max_turns=7),
        tool_overrides={"refund": {"error": "down"}},
    )
    given: dict[str, Any] = {
        "spec": spec,
        "status": RunStatus.RUNNING,
        "lanes": 2,
        "started_at": AT,
    }
    return Run(
        id=UUID(int=1),
        organization_id=ORGANIZATION,
        created_by="key",
        created_at=AT,
        **(given | fields),
    )


def simulation_of(number: int, **fields: Any) -> Simulation:
    return Simulation(
        organization_id=ORGANIZATION,
        run_id=UUID(int=1),
        number=number,
        scenario_id=UUID(int=2),
        persona_id=UUID(int=4),
        repeat=1,
        **fields,
    )


def test_run_reads_back_as_written() -> None:
    run = run_of(
        progress=Progress(total=12, passed=11, errors=1, totals=TOTALS),
        scores=Scores(0.9, 0.8, 1),
        status=RunStatus.COMPLETED,
        finished_at=AT,
        error="x",
    )
    assert RunCodec().from_record(RunCodec().to_record(run)) == run


def test_lane_and_places_read_back_as_written() -> None:
    lane = Lane(organization_id=ORGANIZATION, run_id=UUID(int=1), index=1, current=None,
                ended=Progress(passed=2, totals=TOTALS), running=TOTALS, error="down")  # fmt: skip
    assert LaneCodec().from_record(LaneCodec().to_record(lane)) == lane
    places = Places(organization_id=ORGANIZATION, active={UUID(int=1): 3}, waiting=(UUID(int=2),),
                    version=4)  # fmt: skip
    assert PlacesCodec().from_record(PlacesCodec().to_record(places)) == places


def test_simulation_reads_back_as_written(table: Table) -> None:
    repository = SimulationRepository(table)
    begun = repository.begin(
        simulation_of(7, status=SimulationStatus.RUNNING, snapshot={"scenario": {"name": "Late"}},
                      turn=1, pending_message="Hello", stop_reason="GOAL_ACHIEVED", world="abc",
                      scenario_name="Late", started_at=AT, updated_at=AT, totals=TOTALS)
    )  # fmt: skip
    check = CheckResult(check={"type": "says"}, outcome=Outcome.FAILED, reason="no", sequence=3)
    criterion = CriterionResult(
        description="Polite", scale=Scale.SCORE_5, outcome=Outcome.PASSED, score=4, reason="yes",
        evidence=(Evidence("Good day", 2),),
    )  # fmt: skip
    ended = simulation_of(7, **{
        name: getattr(begun, name) for name in ("snapshot", "world", "scenario_name", "totals")
    }, status=SimulationStatus.COMPLETED, outcome=Outcome.FAILED, reasons=("no (event 3)",),
        checks=(check,), criteria=(criterion,), finished_at=AT)  # fmt: skip
    stored = repository.update(begun, ended, [repository.verdict(ended)])
    assert repository.get_whole(ORGANIZATION, UUID(int=1), 7) == stored
    assert SimulationCodec().from_record(SimulationCodec().to_record(stored)).outcome == "failed"


def test_plan_of_several_items_keeps_its_order(table: Table) -> None:
    repository = RunRepository(table)
    ids = [uuid4() for _ in range(2_345)]
    spec = RunSpec(name="Many", target={"relay": True}, scenario_count=len(ids))
    run = run_of(spec=spec)
    repository.add(ORGANIZATION, run.id, lambda: (run, ids), None)
    assert repository.whole_plan(run) == ids
    assert repository.scenario_id(run, 2_001) == ids[2_001]
    assert repository.places(ORGANIZATION).waiting == (run.id,)
    assert repository.unfinished() == [(ORGANIZATION, run.id)]


def test_lanes_are_read_in_order(table: Table) -> None:
    repository = RunRepository(table)
    run = run_of()
    lanes = [
        Lane(organization_id=ORGANIZATION, run_id=run.id, index=one, current=one)
        for one in range(12)
    ]
    created: list[Action] = [repository.create_lane(one) for one in lanes]
    write(table, created)
    assert repository.lanes(run) == lanes


def test_results_are_paged_over_partitions(table: Table) -> None:
    repository = SimulationRepository(table)
    for number in (0, 3, 999, 1000, 2500):
        repository.begin(simulation_of(number))
    found = repository.results(ORGANIZATION, UUID(int=1), 0, 3, below=3000)
    assert [one.number for one in found] == [3, 999, 1000]
    rest = repository.results(ORGANIZATION, UUID(int=1), 1000, 3, below=3000)
    assert [one.number for one in rest] == [2500]


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (0, Place(0, UUID(int=4), 0)),
        (3, Place(0, UUID(int=5), 1)),
        (11, Place(2, UUID(int=5), 1)),
    ],
)
def test_numbers_are_by_scenario_then_persona_then_repeat(number: int, place: Place) -> None:
    spec = run_of().spec
    assert spec.place_of(number) == place
    assert number in spec.numbers_of(place.scenario)


def test_results_are_read_as_they_are_now(table: Table) -> None:
    repository = SimulationRepository(table)
    with patch.object(table, "query", wraps=table.query) as query:
        list(repository.iterate(ORGANIZATION, UUID(int=1), 0, 2))
    assert query.call_args.kwargs.get("consistent", True)
