"""Runs, their plans and lanes, and the places of an organization's runs as records.

A run, its plan and its lanes are one partition. Its simulations are in partitions of a thousand
each (see ``simulations.documents``).
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId
from shared.runs.runs.domain import (
    Budget,
    Lane,
    Places,
    Progress,
    Run,
    RunSpec,
    RunStatus,
    Scores,
)
from shared.simulation.conversation import Totals
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, BY_PARENT, BY_WORK, IndexEntry, Key, Record

RUN, LANE, PLAN, PLACES = "run", "run_lane", "run_plan", "run_places"
#: Scenarios in one item of a plan: below 4 KB, so that a simulation begins with one read unit for
#: it however many scenarios its run has, and 10,000 scenarios are 84 items of one transaction.
PLAN_SIZE = 120
#: The list of all runs with a lane at work, or that wait for one. It belongs to no organization:
#: the schedule reads it for all of them, and no request does.
UNFINISHED = "unfinished-runs"


def run_key(organization_id: OrganizationId, run_id: UUID) -> Key:
    """Return the key of a run."""
    return Key(f"{organization_id}#run#{run_id.hex}", RUN)


def lane_key(organization_id: OrganizationId, run_id: UUID, index: int) -> Key:
    """Return the key of a lane."""
    return Key(run_key(organization_id, run_id).partition, f"lane#{index:03d}")


def plan_key(organization_id: OrganizationId, run_id: UUID, scenario: int) -> Key:
    """Return the key of the part of a plan with a scenario, by its index."""
    partition = run_key(organization_id, run_id).partition
    return Key(partition, f"plan#{scenario // PLAN_SIZE:03d}")


def run_list(organization_id: OrganizationId) -> str:
    """Return the list of runs of many simulations (``by_list``)."""
    return f"{organization_id}#runs"


def dispatch_list(organization_id: OrganizationId) -> str:
    """Return the list of runs of one simulation (``by_list``)."""
    return f"{organization_id}#simulation-runs"


def agent_dispatch_list(organization_id: OrganizationId, agent_id: UUID) -> str:
    """Return the list of runs of one simulation with an agent (``by_parent``)."""
    return f"{organization_id}#agent#{agent_id.hex}#simulation-runs"


def list_sort_key(created_at: datetime, run_id: UUID) -> str:
    """Return the sort key of a run in its lists: creation time."""
    return f"{timestamp(created_at)}#{run_id.hex}"


def plan_records(
    organization_id: OrganizationId, run_id: UUID, scenario_ids: Sequence[UUID]
) -> list[Record]:
    """Return the plan of a run: the ids of its scenarios, 120 an item."""
    return [
        Record(
            key=plan_key(organization_id, run_id, part * PLAN_SIZE),
            type=PLAN,
            body={"scenario_ids": "".join(one.hex for one in ids)},
        )
        for part, ids in enumerate(batched(scenario_ids, PLAN_SIZE))
    ]


def planned(record: Record) -> list[UUID]:
    """Return the scenarios of a part of a plan."""
    text: str = record.body["scenario_ids"]
    return [UUID(text[start : start + 32]) for start in range(0, len(text), 32)]


class RunCodec(Codec[Run, UUID]):
    """Codec of runs."""

    type = RUN
    label = "Run"

    def key(self, organization_id: OrganizationId, identifier: UUID) -> Key:
        return run_key(organization_id, identifier)

    def to_record(self, entity: Run) -> Record:
        return Record(
            key=run_key(entity.organization_id, entity.id),
            type=RUN,
            version=entity.version,
            index_entries=_index_entries(entity),
            body={
                "id": entity.id.hex,
                "organization_id": entity.organization_id.hex,
                "spec": _spec_to_document(entity.spec),
                "status": entity.status.value,
                "created_by": entity.created_by,
                "created_at": timestamp(entity.created_at),
                "started_at": entity.started_at and timestamp(entity.started_at),
                "finished_at": entity.finished_at and timestamp(entity.finished_at),
                "lanes": entity.lanes,
                "progress": entity.progress and asdict(entity.progress),
                "scores": asdict(entity.scores),
                "error": entity.error,
            },
        )

    def from_record(self, record: Record) -> Run:
        body = record.body
        return Run(
            id=UUID(body["id"]),
            organization_id=OrganizationId(UUID(body["organization_id"])),
            spec=_spec_from_document(body["spec"]),
            status=RunStatus(body["status"]),
            created_by=body["created_by"],
            created_at=moment(body["created_at"]),
            started_at=body["started_at"] and moment(body["started_at"]),
            finished_at=body["finished_at"] and moment(body["finished_at"]),
            lanes=body["lanes"],
            progress=body["progress"] and _progress(body["progress"]),
            scores=Scores(**body["scores"]),
            error=body["error"],
            version=record.version,
        )


class LaneCodec(Codec[Lane, tuple[UUID, int]]):
    """Codec of lanes."""

    type = LANE
    label = "Lane"

    def key(self, organization_id: OrganizationId, identifier: tuple[UUID, int]) -> Key:
        return lane_key(organization_id, *identifier)

    def to_record(self, entity: Lane) -> Record:
        return Record(
            key=lane_key(entity.organization_id, entity.run_id, entity.index),
            type=LANE,
            version=entity.version,
            body={
                "organization_id": entity.organization_id.hex,
                "run_id": entity.run_id.hex,
                "index": entity.index,
                "current": entity.current,
                "ended": asdict(entity.ended),
                "running": asdict(entity.running),
                "error": entity.error,
            },
        )

    def from_record(self, record: Record) -> Lane:
        body = record.body
        return Lane(
            organization_id=OrganizationId(UUID(body["organization_id"])),
            run_id=UUID(body["run_id"]),
            index=body["index"],
            current=body["current"],
            ended=_progress(body["ended"]),
            running=Totals(**body["running"]),
            error=body["error"],
            version=record.version,
        )


class PlacesCodec(Codec[Places, None]):
    """Codec of the places of an organization's runs: one item."""

    type = PLACES
    label = "Places"

    def key(self, organization_id: OrganizationId, identifier: None) -> Key:  # noqa: ARG002  # one item
        return Key(f"{organization_id}#runs", PLACES)

    def to_record(self, entity: Places) -> Record:
        return Record(
            key=self.key(entity.organization_id, None),
            type=PLACES,
            version=max(1, entity.version),
            body={
                "organization_id": entity.organization_id.hex,
                "active": {one.hex: lanes for one, lanes in entity.active.items()},
                "waiting": [one.hex for one in entity.waiting],
            },
        )

    def from_record(self, record: Record) -> Places:
        return Places(
            organization_id=OrganizationId(UUID(record.body["organization_id"])),
            active={UUID(one): lanes for one, lanes in record.body["active"].items()},
            waiting=tuple(map(UUID, record.body["waiting"])),
            version=record.version,
        )


def _index_entries(run: Run) -> dict[str, IndexEntry]:
    """Return the entries of a run: its list, and the work list until it is closed."""
    organization_id, dispatch = run.organization_id, run.spec.dispatch
    sort = list_sort_key(run.created_at, run.id)
    entries = {BY_LIST: IndexEntry(run_list(organization_id), sort)}
    if dispatch is not None:
        agent = agent_dispatch_list(organization_id, UUID(dispatch["agent_id"]))
        entries[BY_LIST] = IndexEntry(dispatch_list(organization_id), sort)
        entries[BY_PARENT] = IndexEntry(agent, sort)
    if not run.is_closed:
        entries[BY_WORK] = IndexEntry(UNFINISHED, sort)
    return entries


def _spec_to_document(spec: RunSpec) -> dict[str, Any]:
    return asdict(spec) | {
        "persona_ids": [one.hex for one in spec.persona_ids],
        "baseline_run_id": spec.baseline_run_id and spec.baseline_run_id.hex,
    }


def _spec_from_document(document: dict[str, Any]) -> RunSpec:
    baseline = document["baseline_run_id"]
    converted = {
        "persona_ids": tuple(map(UUID, document["persona_ids"])),
        "baseline_run_id": baseline and UUID(baseline),
        "budget": Budget(**document["budget"]),
    }
    return RunSpec(**(document | converted))


def _progress(document: dict[str, Any]) -> Progress:
    return Progress(**(document | {"totals": Totals(**document["totals"])}))
