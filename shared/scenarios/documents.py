"""Scenarios as stored documents, and back, with the lists they stand in.

A scenario is one item, and a row of it in each index. It may stand in several lists of one
index (those of all its agents): its own row is in the first of them, in each other one
stands the row of a small item that points at it.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId
from shared.scenarios.domain import (
    Criterion,
    CriterionOutput,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioSource,
)
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Key, Record, Row

SCENARIO = "scenario"
#: An item that stands in a list for its scenario.
POINTER = "scenario_pointer"
#: What a scenario was when it was created, kept for replays of the request.
ORIGINAL = "scenario_original"


def scenario_key(organization_id: OrganizationId, scenario_id: UUID) -> Key:
    """Return where a scenario is stored."""
    return Key(f"{organization_id}#scenario#{scenario_id.hex}", SCENARIO)


def original_key(organization_id: OrganizationId, scenario_id: UUID) -> Key:
    """Return where a scenario is kept as it was created."""
    return Key(scenario_key(organization_id, scenario_id).partition, "original")


def all_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of all scenarios (in ``by_list``)."""
    return f"{organization_id}#scenarios"


def agent_list(organization_id: OrganizationId, agent_id: UUID) -> str:
    """Return the name of the list of scenarios to run against an agent (``by_parent``)."""
    return f"{organization_id}#agent#{agent_id.hex}#scenarios"


def source_agent_list(organization_id: OrganizationId, agent_id: UUID) -> str:
    """Return the name of the list of scenarios that come from an agent (``by_link``)."""
    return f"{organization_id}#agent#{agent_id.hex}#drafted-scenarios"


def source_persona_list(organization_id: OrganizationId, persona_id: UUID) -> str:
    """Return the name of the list of scenarios that a persona plays in (``by_link``)."""
    return f"{organization_id}#persona#{persona_id.hex}#drafted-scenarios"


def list_place(created_at: datetime, scenario_id: UUID) -> str:
    """Return where a scenario stands in each of its lists: by creation."""
    return f"{timestamp(created_at)}#{scenario_id.hex}"


def to_record(scenario: Scenario) -> Record:
    """Write a scenario as its item."""
    return Record(
        key=scenario_key(scenario.organization_id, scenario.id),
        type=SCENARIO,
        version=scenario.version,
        rows={index: row for index, (row, *_) in _rows(scenario).items()},
        body={
            "id": scenario.id.hex,
            "organization_id": scenario.organization_id.hex,
            "content": _content_to_document(scenario.content),
            "origin": _origin_to_document(scenario.origin),
            "created_by": scenario.created_by,
            "created_at": timestamp(scenario.created_at),
            "updated_at": timestamp(scenario.updated_at),
        },
    )


def pointers(scenario: Scenario) -> dict[Key, Record]:
    """Return the items that stand for a scenario where its own row does not."""
    partition = scenario_key(scenario.organization_id, scenario.id).partition
    records = [
        Record(
            # The list's name tells two apart, and follows from the scenario alone.
            key=Key(partition, f"pointer#{row.list}"),
            type=POINTER,
            rows={index: row},
            body={"id": scenario.id.hex},
        )
        for index, (_, *further) in _rows(scenario).items()
        for row in further
    ]
    return {record.key: record for record in records}


def from_record(record: Record) -> Scenario:
    """Read a scenario from its item."""
    body = record.body
    return Scenario(
        id=UUID(body["id"]),
        organization_id=OrganizationId(UUID(body["organization_id"])),
        content=_content_from_document(body["content"]),
        origin=_origin_from_document(body["origin"]),
        created_by=body["created_by"],
        created_at=moment(body["created_at"]),
        updated_at=moment(body["updated_at"]),
        version=record.version,
    )


def _rows(scenario: Scenario) -> dict[str, list[Row]]:
    """Return the rows of a scenario by index, the first of each its own."""
    organization_id, origin = scenario.organization_id, scenario.origin
    parents = [agent_list(organization_id, one) for one in scenario.content.agent_ids]
    links = []
    if origin.agent_id is not None:
        links.append(source_agent_list(organization_id, origin.agent_id))
    if origin.persona_id is not None:
        links.append(source_persona_list(organization_id, origin.persona_id))
    lists = {BY_LIST: [all_list(organization_id)], BY_PARENT: parents, BY_LINK: links}
    place = list_place(scenario.created_at, scenario.id)
    return {index: [Row(name, place) for name in names] for index, names in lists.items() if names}


def _content_to_document(content: ScenarioContent) -> dict[str, Any]:
    return {
        "name": content.name,
        "intent": content.intent,
        "journey": content.journey,
        "mock_world": content.mock_world,
        "success_criteria": [asdict(one) for one in content.success_criteria],
        "tags": list(content.tags),
        "agent_ids": [one.hex for one in content.agent_ids],
    }


def _content_from_document(document: dict[str, Any]) -> ScenarioContent:
    return ScenarioContent(
        name=document["name"],
        intent=document["intent"],
        journey=document["journey"],
        mock_world=document["mock_world"],
        success_criteria=tuple(
            Criterion(one["description"], CriterionOutput(one["output_type"]))
            for one in document["success_criteria"]
        ),
        tags=tuple(document["tags"]),
        agent_ids=tuple(UUID(one) for one in document["agent_ids"]),
    )


def _origin_to_document(origin: ScenarioOrigin) -> dict[str, Any]:
    return {
        "source": origin.source.value,
        "brief": origin.brief,
        "agent_id": origin.agent_id and origin.agent_id.hex,
        "persona_id": origin.persona_id and origin.persona_id.hex,
    }


def _origin_from_document(document: dict[str, Any]) -> ScenarioOrigin:
    agent, persona = document["agent_id"], document["persona_id"]
    return ScenarioOrigin(
        source=ScenarioSource(document["source"]),
        brief=document["brief"],
        agent_id=UUID(agent) if agent else None,
        persona_id=UUID(persona) if persona else None,
    )
