"""Run service: create and cancel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import OrganizationId, new_uuid
from shared.runs.runs.domain import (
    MAX_SCENARIOS,
    MAX_SIMULATIONS,
    Run,
    RunSpec,
    RunStatus,
)
from shared.runs.runs.reading import RunReader, RunState
from shared.runs.runs.repository import RunRepository
from shared.runs.runs.starting import RunStarter
from shared.simulation.scenario import Personas, Scenarios
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created

#: Runs of an organization that wait for lanes, at most.
MAX_WAITING = 100
#: Unknown ids that an error names, at most.
_MAX_NAMED = 20
#: Raises ``InvalidInput`` unless an organization's target can be run.
type CheckTarget = Callable[[OrganizationId, dict[str, Any]], None]

#: Raises ``InvalidInput`` naming a field unless its model can be used.
type CheckModel = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """Run to create: scenarios by their ids or tags, one of the two."""

    spec: RunSpec
    scenario_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunInputs:
    """Ports that a create reads what a run refers to."""

    scenarios: Scenarios
    personas: Personas
    check_target: CheckTarget
    check_model: CheckModel = field(default=lambda *_: None)


class RunService:
    """Runs of an organization.

    Methods that take a run's id raise ``NotFound`` if it does not exist or belongs to another
    organization.
    """

    def __init__(
        self,
        repository: RunRepository,
        reader: RunReader,
        starter: RunStarter,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._reader = reader
        self._starter = starter
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        created_by: str,
        new: NewRun,
        inputs: RunInputs,
        idempotency: Idempotency | None = None,
    ) -> Created[Run]:
        """Create a run, and start it if lanes are free.

        One batch read for 100 scenarios, one read, two transactions. Raises ``InvalidInput``
        for scenarios, personas, models, a baseline or a target that do not exist, and
        ``Conflict`` (``too_many_runs``) for more than 100 runs that wait.
        """
        run_id = idempotency.uuid() if idempotency else new_uuid()
        checked: list[tuple[RunSpec, list[UUID]]] = []

        def build() -> tuple[Run, Sequence[UUID]]:
            if not checked:
                checked.append(self._check(organization_id, new, inputs))
            spec, scenario_ids = checked[0]
            if len(self._repository.places(organization_id).waiting) >= MAX_WAITING:
                raise Conflict(
                    f"At most {MAX_WAITING} runs can wait; retry when one has ended.",
                    code="too_many_runs",
                )
            run = Run(
                id=run_id,
                organization_id=organization_id,
                spec=spec,
                status=RunStatus.PENDING,
                created_by=created_by,
                created_at=self._clock(),
            )
            return run, scenario_ids

        created = self._repository.add(organization_id, run_id, build, idempotency)
        if created.replayed:
            return created
        started = self._starter.start_waiting(organization_id)
        return Created(next((one for one in started if one.id == run_id), created.entity))

    def cancel(self, organization_id: OrganizationId, run_id: UUID) -> RunState:
        """Cancel a run: its simulations end within a turn. A run that has ended stays so."""
        run = self._starter.stop(organization_id, run_id, RunStatus.CANCELLED)
        if not run.is_closed:
            lanes = self._repository.lanes(run)
            at_work = [one.current for one in lanes if one.current is not None]
            self._starter.send(run, dict.fromkeys(at_work))
        return self._reader.state(run)

    def _check(
        self, organization_id: OrganizationId, new: NewRun, inputs: RunInputs
    ) -> tuple[RunSpec, list[UUID]]:
        spec = new.spec
        inputs.check_target(organization_id, spec.target)
        for field_name in ("user_model", "judge_model"):
            if (model := getattr(spec, field_name)) is not None:
                inputs.check_model(field_name, model)
        if spec.baseline_run_id is not None:
            try:
                self._repository.get(organization_id, spec.baseline_run_id)
            except NotFound as error:
                raise InvalidInput(
                    "baseline_run_id: run not found.", code="run_not_found"
                ) from error
        known = inputs.personas.find(organization_id, spec.persona_ids)
        _require("persona_ids", [one for one in spec.persona_ids if one not in known])
        scenario_ids = self._scenario_ids(organization_id, new, inputs.scenarios)
        spec = replace(spec, scenario_count=len(scenario_ids))
        if spec.simulations > MAX_SIMULATIONS:
            raise InvalidInput(
                f"repeats: scenarios, personas and repeats make {spec.simulations} simulations; "
                f"at most {MAX_SIMULATIONS} are possible."
            )
        return spec, scenario_ids

    def _scenario_ids(
        self, organization_id: OrganizationId, new: NewRun, scenarios: Scenarios
    ) -> "list[UUID]":
        if new.scenario_ids:
            ids = list(dict.fromkeys(new.scenario_ids))
            _require("scenario_ids", scenarios.missing(organization_id, ids))
            return ids
        found = scenarios.tagged(organization_id, new.tags, MAX_SCENARIOS + 1)
        if not found:
            raise InvalidInput("tags: no scenario has all of them.", code="scenario_not_found")
        if len(found) > MAX_SCENARIOS:
            raise InvalidInput(f"tags: match more than {MAX_SCENARIOS} scenarios; add a tag.")
        return found


def _require(field: str, missing: "list[UUID]") -> None:
    if missing:
        named = ", ".join(map(str, missing[:_MAX_NAMED]))
        more = f" and {len(missing) - _MAX_NAMED} more" if len(missing) > _MAX_NAMED else ""
        code = f"{field.removesuffix('_ids')}_not_found"
        raise InvalidInput(f"{field}: not found: {named}{more}.", code=code)
