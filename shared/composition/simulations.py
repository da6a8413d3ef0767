"""Ports of simulations, composed of the areas that serve them.

An area is imported when a target of it is used: a run has one target.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ModelId, OrganizationId
from shared.llm.wiring import models
from shared.runs.checks.evaluation import evaluate_checks
from shared.runs.personas.simulated_personas import StoredPersonas
from shared.runs.runs.service import RunInputs
from shared.runs.runs.wiring import run_repository, run_starter
from shared.runs.simulations.ports import SimulationPorts
from shared.runs.simulations.steps import SimulationSteps
from shared.runs.simulations.wiring import simulations
from shared.runs.simulations.work import SimulationWork
from shared.scenarios.simulated_scenarios import StoredScenarios
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.simulation.judging.wiring import judge
from shared.simulation.target import CheckedTarget
from shared.simulation.users.wiring import simulated_user
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.runs.targets.relay import RelayTarget


@cache
def simulation_steps() -> SimulationSteps:
    """Return the steps of simulations."""
    work = SimulationWork(run_repository(), simulations(), run_starter())
    return SimulationSteps(work, _ports())


@cache
def run_inputs() -> RunInputs:
    """Return the ports that the create of a run checks its inputs with."""
    return RunInputs(StoredScenarios(table()), StoredPersonas(table()), _check_target, _check_model)


@cache
def _ports() -> SimulationPorts:
    return SimulationPorts(
        scenarios=StoredScenarios(table()),
        personas=StoredPersonas(table()),
        worlds=WorldRepository(table()),
        target=_target,
        relayed=_relayed,
        user=simulated_user,
        judge=judge,
        check=evaluate_checks,
    )


def _target(reference: dict[str, Any]) -> CheckedTarget:
    match reference:
        case {"agent_id": _}:
            from shared.agents.simulated_wiring import agent_target  # noqa: PLC0415

            return agent_target()
        case {"url": _}:
            from shared.agents.simulated_wiring import session_recorder  # noqa: PLC0415
            from shared.runs.targets.wiring import url_target  # noqa: PLC0415

            return url_target(session_recorder())
        case {"relay": _}:
            return _relayed()
    from shared.playground.simulated_wiring import workflow_target  # noqa: PLC0415

    return workflow_target()


def _relayed() -> "RelayTarget":
    from shared.agents.simulated_wiring import session_recorder  # noqa: PLC0415
    from shared.runs.targets.wiring import relay_target  # noqa: PLC0415

    return relay_target(session_recorder())


def _check_target(organization_id: OrganizationId, reference: dict[str, Any]) -> None:
    _target(reference).check(organization_id, reference)


def _check_model(field: str, identifier: str) -> None:
    try:
        models().get(ModelId.parse(identifier))
    except NotFound as error:
        raise InvalidInput(
            f"{field}: no model has the id {identifier}.", code="model_not_found"
        ) from error
