"""Scores of a finished run, from its results."""

from dataclasses import asdict

from shared.runs.reports.domain import Result, scores_of, tallies_of
from shared.runs.runs.domain import Run, Scores
from shared.runs.runs.reading import session_kind
from shared.runs.simulations.domain import Simulation
from shared.runs.simulations.repository import SimulationRepository

#: Measures that a result does not show.
_OF_RUNS = ("slowest_seconds", "tester_input_tokens", "tester_output_tokens")


def read_scores(run: Run, simulations: SimulationRepository) -> Scores:
    """Return the scores of a run: one query for each megabyte of its results.

    Simulations that never began have no part in them.
    """
    stored = simulations.iterate(run.organization_id, run.id, 0, run.spec.simulations)
    tallies = tallies_of(result_of(run, one) for one in stored)
    found = scores_of(tallies.values(), run.spec.repeats)
    return Scores(pass_at_1=found.pass_at_1, pass_hat_k=found.pass_hat_k, flaky=found.flaky)


def result_of(run: Run, simulation: Simulation) -> Result:
    """Return a simulation as a report shows it."""
    begun = simulation.started_at is not None
    measured = asdict(simulation.totals)
    for name in _OF_RUNS:
        del measured[name]
    return Result(
        number=simulation.number,
        scenario_id=simulation.scenario_id,
        scenario_name=simulation.scenario_name,
        persona_id=simulation.persona_id,
        repeat=simulation.repeat,
        status=simulation.status,
        outcome=simulation.outcome,
        reasons=simulation.reasons,
        session_id=str(simulation.session_id) if begun else None,
        session_kind=session_kind(run.spec.target) if begun else None,
        end_reason=simulation.end_reason,
        error=simulation.error,
        started_at=simulation.started_at,
        finished_at=simulation.finished_at,
        **measured,
    )
