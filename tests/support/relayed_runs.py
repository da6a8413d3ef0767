"""Relayed runs in tests, begun as the engine begins them."""

from uuid import UUID

from shared.composition.simulations import run_inputs, simulation_steps
from shared.core.ids import OrganizationId
from shared.runs.runs.domain import Run, RunSpec
from shared.runs.runs.service import NewRun
from shared.runs.runs.wiring import run_service
from shared.runs.simulations.queue import Step
from shared.storage.idempotency import Idempotency


def begin_relayed_run(
    organization_id: OrganizationId, scenario_id: UUID, *, key: str = "relay"
) -> Run:
    """Create a run of one scenario whose caller relays, and begin its simulation."""
    spec = RunSpec(
        name="Relayed", target={"relay": True}, scenario_count=0, api_url="https://api.example.com/api"
    )  # fmt: skip
    request = Idempotency(
        organization_id=organization_id, operation="POST /v1/runs", key=key, fingerprint=""
    )
    new = NewRun(spec=spec, scenario_ids=(scenario_id,))
    run = run_service().create(organization_id, "key", new, run_inputs(), request).entity
    simulation_steps().run(Step(organization_id, run.id, 0, 0))
    return run
