"""Scenario documents: entity to stored record and back, with index entries.

A scenario is one record with one entry in each index. It may belong to several lists of one
index (those of all its agents): the scenario's own entry is in the first of them; in each
further list stands the entry of a small pointer record.
"""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId
from shared.scenarios.library.domain import (
    Criterion,
    CriterionOutput,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioSource,
)
from shared.simulation.scenario_keys import scenario_key
from shared.storage.codec import Codec
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, IndexEntry, Key, Record

SCENARIO = "scenario"
#: Record that represents its scenario in a further list.
POINTER = "scenario_pointer"


def all_list(organization_id: OrganizationId) -> str:
    """Return the list of all scenarios (``by_list``)."""
    return f"{organization_id}#scenarios"


def agent_list(organization_id: OrganizationId, agent_id: UUID) -> str:
    """Return the list of scenarios to run against an agent (``by_parent``)."""
    return f"{organization_id}#agent#{agent_id.hex}#scenarios"


def source_agent_list(organization_id: OrganizationId, agent_id: UUID) -> str:
    """Return the list of scenarios that originate from an agent (``by_link``)."""
    return f"{organization_id}#agent#{agent_id.hex}#drafted-scenarios"


def source_persona_list(organization_id: OrganizationId, persona_id: UUID) -> str:
    """Return the list of scenarios with a persona (``by_link``)."""
    return f"{organization_id}#persona#{persona_id.hex}#drafted-scenarios"


def list_sort_key(created_at: datetime, scenario_id: UUID) -> str:
    """Return the sort key of a scenario in its lists: creation time."""
    return f"{timestamp(created_at)}#{scenario_id.hex}"


def pointers(scenario: Scenario) -> dict[Key, Record]:
    """Return the pointer records of a scenario by key."""
    partition = scenario_key(scenario.organization_id, scenario.id).partition
    records = [
        Record(
            # The list's name is unique among the pointers and follows from the scenario.
            key=Key(partition, f"pointer#{entry.list}"),
            type=POINTER,
            index_entries={index: entry},
            body={"id": scenario.id.hex},
        )
        for index, (_, *further) in _index_entries(scenario).items()
        for entry in further
    ]
    return {record.key: record for record in records}


class ScenarioCodec(Codec[Scenario, UUID]):
    """Codec of scenarios."""

    type = SCENARIO
    label = "Scenario"

    def key(self, organization_id: OrganizationId, identifier: UUID) -> Key:
        return scenario_key(organization_id, identifier)

    def to_record(self, entity: Scenario) -> Record:
        origin = entity.origin
        return Record(
            key=scenario_key(entity.organization_id, entity.id),
            type=SCENARIO,
            version=entity.version,
            index_entries={index: own for index, (own, *_) in _index_entries(entity).items()},
            body={
                "id": entity.id.hex,
                "organization_id": entity.organization_id.hex,
                "content": _content_to_document(entity.content),
                "origin": {
                    "source": origin.source.value,
                    "brief": origin.brief,
                    "agent_id": origin.agent_id and origin.agent_id.hex,
                    "persona_id": origin.persona_id and origin.persona_id.hex,
                },
                "created_by": entity.created_by,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
                "agent_names": {one.hex: name for one, name in entity.agent_names.items()},
            },
        )

    def from_record(self, record: Record) -> Scenario:
        body, origin = record.body, record.body["origin"]
        names = body.get("agent_names", {})
        return Scenario(
            id=UUID(body["id"]),
            organization_id=OrganizationId(UUID(body["organization_id"])),
            content=_content_from_document(body["content"]),
            origin=ScenarioOrigin(
                source=ScenarioSource(origin["source"]),
                brief=origin["brief"],
                agent_id=origin["agent_id"] and UUID(origin["agent_id"]),
                persona_id=origin["persona_id"] and UUID(origin["persona_id"]),
            ),
            created_by=body["created_by"],
            created_at=moment(body["created_at"]),
            updated_at=moment(body["updated_at"]),
            agent_names={UUID(one): name for one, name in names.items()},
            version=record.version,
        )


def _index_entries(scenario: Scenario) -> dict[str, list[IndexEntry]]:
    """Return the entries of a scenario by index, its own first."""
    organization_id, origin = scenario.organization_id, scenario.origin
    parents = [agent_list(organization_id, one) for one in scenario.content.agent_ids]
    links = []
    if origin.agent_id is not None:
        links.append(source_agent_list(organization_id, origin.agent_id))
    if origin.persona_id is not None:
        links.append(source_persona_list(organization_id, origin.persona_id))
    lists = {BY_LIST: [all_list(organization_id)], BY_PARENT: parents, BY_LINK: links}
    sort = list_sort_key(scenario.created_at, scenario.id)
    return {
        index: [IndexEntry(name, sort) for name in names] for index, names in lists.items() if names
    }


def _content_to_document(content: ScenarioContent) -> dict[str, Any]:
    document = {one.name: getattr(content, one.name) for one in fields(content)}
    return document | {
        "success_criteria": [asdict(one) for one in content.success_criteria],
        "tags": list(content.tags),
        "agent_ids": [one.hex for one in content.agent_ids],
        "user_turns": list(content.user_turns),
    }


def _content_from_document(document: dict[str, Any]) -> ScenarioContent:
    criteria = [
        Criterion(one["description"], CriterionOutput(one["output_type"]))
        for one in document["success_criteria"]
    ]
    converted = {
        "success_criteria": tuple(criteria),
        "tags": tuple(document["tags"]),
        "agent_ids": tuple(UUID(one) for one in document["agent_ids"]),
        # Scenarios of earlier versions have none.
        "user_turns": tuple(document.get("user_turns", ())),
    }
    return ScenarioContent(**(document | converted))
