"""Inputs of a simulation: read when it begins, pinned, and read again at each step."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.runs.runs.domain import Run
from shared.runs.simulations.domain import (
    SCENARIO_NOT_FOUND,
    Simulation,
    SimulationStatus,
)
from shared.runs.simulations.ports import SimulationPorts
from shared.runs.worlds.overrides import merge_overrides
from shared.sessions.recorded_worlds.world import parse_world
from shared.simulation.judging.domain import JudgedCriterion, Scale
from shared.simulation.scenario import SimulatedPersona, SimulatedScenario
from shared.simulation.target import SimulatedSession
from shared.simulation.users.domain import UserBrief


class InputsNotUsable(Exception):
    """Inputs that a simulation cannot begin with; ``reason`` is shown to users."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def planned(run: Run, number: int, scenario_id: UUID) -> Simulation:
    """Return a simulation that has not begun."""
    place = run.spec.place_of(number)
    return Simulation(
        organization_id=run.organization_id,
        run_id=run.id,
        number=number,
        scenario_id=scenario_id,
        persona_id=place.persona_id,
        repeat=place.repeat,
    )


def pin_inputs(run: Run, simulation: Simulation, ports: SimulationPorts) -> Simulation:
    """Return a simulation that begins now: one read of each input, one write of the world.

    Raises :class:`InputsNotUsable`.
    """
    organization_id = run.organization_id
    try:
        scenario = ports.scenarios.read(organization_id, simulation.scenario_id)
    except NotFound as error:
        raise InputsNotUsable(SCENARIO_NOT_FOUND) from error
    persona = None
    if simulation.persona_id is not None:
        found = ports.personas.find(organization_id, [simulation.persona_id])
        persona = found.get(simulation.persona_id)
        if persona is None:
            raise InputsNotUsable("persona_not_found")
    try:
        world = merge_overrides(parse_world(scenario.mock_world), run.spec.tool_overrides or {})
    except (Conflict, InvalidInput) as error:
        raise InputsNotUsable(error.message) from error
    now = ports.clock()
    return replace(
        simulation,
        scenario_name=scenario.name,
        status=SimulationStatus.RUNNING,
        world=ports.worlds.add(organization_id, world),
        snapshot=_snapshot(run, scenario, persona),
        started_at=now,
        updated_at=now,
    )


def session_of(run: Run, simulation: Simulation, ports: SimulationPorts) -> SimulatedSession:
    """Return the session of a simulation; its world is cached in the process."""
    return SimulatedSession(
        organization_id=run.organization_id,
        run_id=run.id,
        number=simulation.number,
        attempt_key=f"{run.id.hex}/{simulation.number}",
        session_id=simulation.session_id,
        target=run.spec.target,
        title=simulation.scenario_name,
        tags=("simulation", f"run:{run.id}", f"scenario:{simulation.scenario_id}"),
        world=ports.worlds.get(run.organization_id, simulation.world) if simulation.world else {},
        api_url=run.spec.api_url,
    )


def brief_of(snapshot: dict[str, Any]) -> UserBrief:
    """Return the knowledge of the simulated user."""
    scenario, persona = snapshot["scenario"], snapshot["persona"] or {}
    return UserBrief(
        intent=scenario["intent"],
        journey=scenario["journey"],
        persona=persona.get("description"),
        language=persona.get("language"),
        recorded_turns=tuple(scenario["user_turns"]),
    )


def criteria_of(snapshot: dict[str, Any], threshold: int) -> tuple[JudgedCriterion, ...]:
    """Return the criteria to be judged, with the run's threshold."""
    return tuple(
        JudgedCriterion(one["description"], Scale(one["output_type"]), threshold)
        for one in snapshot["criteria"]
    )


def _snapshot(
    run: Run, scenario: SimulatedScenario, persona: SimulatedPersona | None
) -> dict[str, Any]:
    return {
        "scenario": {
            "id": str(scenario.id),
            "name": scenario.name,
            "intent": scenario.intent,
            "journey": scenario.journey,
            "user_turns": list(scenario.recorded_turns),
        },
        "persona": persona
        and {
            "id": str(persona.id),
            "name": persona.name,
            "description": persona.description,
            "language": persona.language,
        },
        "checks": list(scenario.checks),
        "criteria": [
            {"description": one.description, "output_type": one.scale.value}
            for one in scenario.criteria
        ],
        "tool_overrides": run.spec.tool_overrides,
        "target": run.spec.target,
    }
