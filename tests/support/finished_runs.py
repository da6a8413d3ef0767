"""Runs in a table of this process as the engine leaves them, with results by letters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId, new_uuid
from shared.runs.runs.documents import plan_records, run_key
from shared.runs.runs.domain import Progress, Run, RunSpec, RunStatus
from shared.runs.runs.wiring import run_repository
from shared.runs.simulations.domain import Simulation
from shared.runs.simulations.wiring import simulations
from shared.simulation.conversation import Totals
from shared.storage.transactions import Create
from tests.support.run_results import results, scenario_id

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def store_run(
    organization_id: OrganizationId,
    scenarios: Sequence[str],
    *,
    run_id: UUID | None = None,
    status: RunStatus = RunStatus.COMPLETED,
    **spec: Any,
) -> UUID:
    """Store a run: a text for each scenario, a letter for each repeat (see ``run_results``).

    A simulation that is open has not begun.
    """
    given: dict[str, Any] = {"name": "Refunds", "target": {"relay": True}} | spec
    run = Run(
        id=run_id or new_uuid(), organization_id=organization_id, status=status,
        created_by="key", created_at=AT, started_at=AT, finished_at=AT, lanes=1,
        progress=Progress() if status.is_final else None,
        spec=RunSpec(scenario_count=len(scenarios), repeats=len(scenarios[0]), **given),
    )  # fmt: skip
    ids = [scenario_id(one) for one in range(len(scenarios))]
    plan = map(Create, plan_records(organization_id, run.id, ids))
    run_repository().create(run_key(organization_id, run.id), lambda: (run, [*plan]), None)
    for one in results(*scenarios):
        if one.status.is_final:
            simulations().begin(
                Simulation(
                    organization_id=organization_id, run_id=run.id, number=one.number,
                    scenario_id=one.scenario_id, scenario_name=one.scenario_name,
                    persona_id=None, repeat=one.repeat, status=one.status, outcome=one.outcome,
                    reasons=one.reasons, error=one.error, started_at=AT, finished_at=AT,
                    totals=Totals(turns=one.turns, seconds=one.seconds),
                )
            )  # fmt: skip
    return run.id
