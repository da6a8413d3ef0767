"""Simulations as records: the simulation, its inputs, and its verdict, an item each.

A page of results reads the simulations alone, which stay small.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId
from shared.runs.checks.domain import CheckResult
from shared.runs.simulations.domain import Simulation, SimulationId, SimulationStatus
from shared.simulation.conversation import Totals
from shared.simulation.judging.domain import CriterionResult, Evidence, Outcome, Scale
from shared.storage.codec import Codec
from shared.storage.records import Key, Record

SIMULATION, SNAPSHOT, VERDICT = "simulation", "simulation_inputs", "simulation_verdict"
#: Simulations of one partition.
PARTITION_SIZE = 1000
_TIMES = ("started_at", "updated_at", "finished_at")


def partition_of(organization_id: OrganizationId, run_id: UUID, number: int) -> str:
    """Return the partition of a simulation."""
    return f"{organization_id}#run#{run_id.hex}#{number // PARTITION_SIZE}"


def simulation_key(organization_id: OrganizationId, identifier: SimulationId) -> Key:
    """Return the key of a simulation."""
    return _key(organization_id, identifier, SIMULATION)


def snapshot_key(organization_id: OrganizationId, identifier: SimulationId) -> Key:
    """Return the key of a simulation's inputs."""
    return _key(organization_id, identifier, "inputs")


def verdict_key(organization_id: OrganizationId, identifier: SimulationId) -> Key:
    """Return the key of a simulation's checks and criteria."""
    return _key(organization_id, identifier, "verdict")


def _key(organization_id: OrganizationId, identifier: SimulationId, name: str) -> Key:
    partition = partition_of(organization_id, identifier.run_id, identifier.number)
    return Key(partition, f"{name}#{identifier.number:06d}")


def id_of(simulation: Simulation) -> SimulationId:
    """Return the identity of a simulation."""
    return SimulationId(simulation.run_id, simulation.number)


class SimulationCodec(Codec[Simulation, SimulationId]):
    """Codec of simulations, without their inputs and verdicts."""

    type = SIMULATION
    label = "Simulation"

    def key(self, organization_id: OrganizationId, identifier: SimulationId) -> Key:
        return simulation_key(organization_id, identifier)

    def to_record(self, entity: Simulation) -> Record:
        return Record(
            key=simulation_key(entity.organization_id, id_of(entity)),
            type=SIMULATION,
            version=max(1, entity.version),
            body={
                "organization_id": entity.organization_id.hex,
                "run_id": entity.run_id.hex,
                "number": entity.number,
                "scenario_id": entity.scenario_id.hex,
                "scenario_name": entity.scenario_name,
                "persona_id": entity.persona_id and entity.persona_id.hex,
                "repeat": entity.repeat,
                "status": entity.status.value,
                "turn": entity.turn,
                "pending_message": entity.pending_message,
                "stop_reason": entity.stop_reason,
                "world": entity.world,
                "end_reason": entity.end_reason,
                "outcome": entity.outcome and entity.outcome.value,
                "reasons": list(entity.reasons),
                "totals": asdict(entity.totals),
                "error": entity.error,
                **{name: _text(getattr(entity, name)) for name in _TIMES},
            },
        )

    def from_record(self, record: Record) -> Simulation:
        body = record.body
        converted: dict[str, Any] = {
            "organization_id": OrganizationId(UUID(body["organization_id"])),
            "run_id": UUID(body["run_id"]),
            "scenario_id": UUID(body["scenario_id"]),
            "persona_id": body["persona_id"] and UUID(body["persona_id"]),
            "status": SimulationStatus(body["status"]),
            "outcome": body["outcome"] and Outcome(body["outcome"]),
            "reasons": tuple(body["reasons"]),
            "totals": Totals(**body["totals"]),
            **{name: body[name] and moment(body[name]) for name in _TIMES},
        }
        return Simulation(**(body | converted), version=record.version)


def snapshot_record(simulation: Simulation) -> Record:
    """Return the inputs of a simulation as a record."""
    key = snapshot_key(simulation.organization_id, id_of(simulation))
    return Record(key=key, type=SNAPSHOT, body=simulation.snapshot)


def verdict_record(simulation: Simulation) -> Record:
    """Return the checks and criteria of a simulation as a record."""
    return Record(
        key=verdict_key(simulation.organization_id, id_of(simulation)),
        type=VERDICT,
        body={
            "checks": [asdict(one) for one in simulation.checks],
            "criteria": [asdict(one) for one in simulation.criteria],
        },
    )


def checks_from(verdict: Record) -> tuple[CheckResult, ...]:
    """Return the results of checks in a verdict."""
    return tuple(
        CheckResult(**(one | {"outcome": Outcome(one["outcome"])}))
        for one in verdict.body["checks"]
    )


def criteria_from(verdict: Record) -> tuple[CriterionResult, ...]:
    """Return the judged criteria in a verdict."""
    return tuple(
        CriterionResult(
            **(
                one
                | {
                    "scale": Scale(one["scale"]),
                    "outcome": Outcome(one["outcome"]),
                    "evidence": tuple(Evidence(**each) for each in one["evidence"]),
                }
            )
        )
        for one in verdict.body["criteria"]
    )


def _text(value: Any) -> str | None:
    return timestamp(value) if value is not None else None
