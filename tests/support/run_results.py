"""Results of runs for the tests of reports."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.runs.reports.domain import Result, tallies_of
from shared.runs.reports.report import Baseline, Report
from shared.runs.runs.domain import Run, RunSpec, RunStatus
from shared.runs.simulations.domain import SimulationStatus
from shared.simulation.judging.domain import Outcome

#: Results by the letter that stands for them in a text.
_LETTERS: dict[str, dict[str, Any]] = {
    "p": {"outcome": Outcome.PASSED},
    "f": {"outcome": Outcome.FAILED, "reasons": ("refund_order was not called (event 7)",)},
    "u": {"outcome": Outcome.UNDECIDED, "reasons": ("no judge model",)},
    "e": {"status": SimulationStatus.FAILED, "error": "target: HTTP 500"},
    "c": {"status": SimulationStatus.CANCELLED},
    "b": {"status": SimulationStatus.BUDGET_EXCEEDED},
    "-": {"status": SimulationStatus.PENDING},
}


def scenario_id(number: int) -> UUID:
    return UUID(int=number + 1)


def result(number: int, letter: str = "p", **fields: Any) -> Result:
    """Return a completed result, of scenario 0 unless it says another."""
    given: dict[str, Any] = {
        "scenario_id": scenario_id(0), "scenario_name": "Scenario 0",
        "status": SimulationStatus.COMPLETED, "turns": 2, "seconds": 1.5,
        "session_id": f"session_{number:032x}", "session_kind": "agent",
    }  # fmt: skip
    return Result(number=number, **(given | _LETTERS[letter] | fields))


def results(*scenarios: str, first: int = 0) -> list[Result]:
    """Return results: a text for each scenario, a letter for each repeat."""
    found: list[Result] = []
    for index, letters in enumerate(scenarios, first):
        for repeat, letter in enumerate(letters):
            found.append(
                result(
                    len(found), letter, repeat=repeat,
                    scenario_id=scenario_id(index), scenario_name=f"Scenario {index}",
                )
            )  # fmt: skip
    return found


def run(**spec: Any) -> Run:
    """Return a completed run."""
    given: dict[str, Any] = {
        "name": "Refunds",
        "target": {"relay": True},
        "scenario_count": 0,
    } | spec
    return Run(
        id=UUID(int=spec.get("repeats", 1)),
        organization_id=OrganizationId(UUID(int=1)),
        spec=RunSpec(**given),
        status=RunStatus.COMPLETED,
        created_by="key",
        created_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    )


def report(*scenarios: str, before: list[str] | None = None, **spec: Any) -> Report:
    """Return a report of results as in :func:`results`, maybe with a baseline."""
    repeats = max((len(one) for one in scenarios), default=1)
    own = run(repeats=repeats, **spec)
    baseline = None
    if before is not None:
        baseline = Baseline(run=run(repeats=repeats), tallies=tallies_of(results(*before)))
    return Report(run=own, results=results(*scenarios), baseline=baseline)
