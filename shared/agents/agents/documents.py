"""Agents as stored documents; also the parts that sessions store in the same form."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from shared.agents.agents.domain import (
    Agent,
    AgentStatus,
    CapabilityConfig,
    ClientTool,
    InitialFile,
    is_addressable,
)
from shared.agents.file_contents import Encoding
from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, ModelId, OrganizationId
from shared.sessions.agent_directory import AGENT, agent_key
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, BY_PARENT, IndexEntry, Key, Record


class AgentCodec(Codec[Agent, AgentId]):
    """The stored form of an agent. An archived one stays readable, and has no index entry."""

    type = AGENT
    label = "Agent"

    def key(self, organization_id: OrganizationId, identifier: AgentId) -> Key:
        return agent_key(organization_id, identifier)

    def to_record(self, entity: Agent) -> Record:
        organization = entity.organization_id
        sort = f"{timestamp(entity.created_at)}#{entity.id.hex}"
        entries = {}
        if entity.status == AgentStatus.ACTIVE:
            entries[BY_LIST] = IndexEntry(agent_list(organization), sort)
            if is_addressable(entity.name):
                entries[BY_PARENT] = IndexEntry(agent_name_list(organization, entity.name), sort)
        return Record(
            key=agent_key(entity.organization_id, entity.id),
            type=AGENT,
            version=entity.version,
            index_entries=entries,
            body={
                "id": str(entity.id),
                "organization_id": str(entity.organization_id),
                "name": entity.name,
                "description": entity.description,
                "system_prompt": entity.system_prompt,
                "default_model_id": model_to_document(entity.default_model_id),
                "tags": list(entity.tags),
                "capabilities": capabilities_to_document(entity.capabilities),
                **initial_files_to_document(entity.initial_files),
                **({"tools": tools_to_document(entity.tools)} if entity.tools else {}),
                "status": entity.status.value,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
            },
        )

    def from_record(self, record: Record) -> Agent:
        return agent_from_document(record.body, record.version)

    def counts_as_deleted(self, entity: Agent) -> bool:
        return entity.status == AgentStatus.ARCHIVED


def agent_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organization's active agents."""
    return f"{organization_id}#agents"


def agent_name_list(organization_id: OrganizationId, name: str) -> str:
    """Return the name of the list of an organization's active agents with an addressable name."""
    return f"{organization_id}#agent-name#{name}"


def agent_from_document(document: dict[str, Any], version: int) -> Agent:
    """Parse the body of an agent's record or receipt."""
    return Agent(
        id=AgentId.parse(document["id"]),
        organization_id=OrganizationId.parse(document["organization_id"]),
        name=document["name"],
        description=document["description"],
        system_prompt=document["system_prompt"],
        default_model_id=model_from_document(document["default_model_id"]),
        tags=tuple(document["tags"]),
        capabilities=capabilities_from_document(document["capabilities"]),
        initial_files=initial_files_from_document(document),
        tools=tools_from_document(document.get("tools", [])),
        status=AgentStatus(document["status"]),
        created_at=moment(document["created_at"]),
        updated_at=moment(document["updated_at"]),
        version=version,
    )


def capabilities_to_document(capabilities: tuple[CapabilityConfig, ...]) -> list[dict[str, Any]]:
    """Return the documents of capabilities; ``config`` is left out where it is None."""
    return [
        {"ref": one.ref} if one.config is None else {"ref": one.ref, "config": one.config}
        for one in capabilities
    ]


def capabilities_from_document(document: list[dict[str, Any]]) -> tuple[CapabilityConfig, ...]:
    """Parse the documents of capabilities."""
    return tuple(CapabilityConfig(one["ref"], one.get("config")) for one in document)


def initial_files_to_document(files: Iterable[InitialFile]) -> dict[str, Any]:
    """Return the field of a document that holds initial files; none where there are none."""
    documents = [
        {
            "path": one.path,
            "content": one.content,
            "encoding": one.encoding.value,
            "is_readonly": one.is_readonly,
        }
        for one in files
    ]
    return {"initial_files": documents} if documents else {}


def initial_files_from_document(document: dict[str, Any]) -> tuple[InitialFile, ...]:
    """Parse the initial files of a document; those of earlier code have none."""
    return tuple(
        InitialFile(
            path=one["path"],
            content=one["content"],
            encoding=Encoding(one["encoding"]),
            is_readonly=one["is_readonly"],
        )
        for one in document.get("initial_files", ())
    )


def tools_to_document(tools: tuple[ClientTool, ...]) -> list[dict[str, Any]]:
    """Return the documents of client-side tools, without the fields that they lack."""
    return [
        {name: value for name, value in asdict(tool).items() if value is not None} for tool in tools
    ]


def tools_from_document(document: list[dict[str, Any]]) -> tuple[ClientTool, ...]:
    """Parse the documents of client-side tools."""
    return tuple(ClientTool(**one) for one in document)


def model_to_document(model_id: ModelId | None) -> str | None:
    """Return the document of an optional model id."""
    return str(model_id) if model_id else None


def model_from_document(document: str | None) -> ModelId | None:
    """Parse an optional model id."""
    return ModelId.parse(document) if document else None
