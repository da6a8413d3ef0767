"""Agents as items, and back.

A request under an idempotency key leaves a receipt beside the agent, with the agent as it
answered: an agent may be too large to carry that on its own item, and one agent may be
written by many such requests. The receipt of a new agent stays as long as the agent, so that
a repeated create makes no second one; that of a replacement expires after 30 days.
"""

from dataclasses import dataclass
from typing import Any

from shared.agents.documents import (
    capabilities_from_document,
    capabilities_to_document,
    model_from_document,
    model_to_document,
)
from shared.agents.domain import Agent, AgentStatus
from shared.core.clock import moment, timestamp
from shared.core.errors import Busy, Conflict, PreconditionFailed
from shared.core.ids import AgentId, OrganizationId
from shared.sessions.agent_directory import AGENT, agent_key
from shared.storage.idempotency import RECEIPT_KEPT_FOR, Idempotency
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_LIST, Key, Record, Row
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Refused, Replace, transact_patiently

_CHANGED = "It was changed meanwhile; read it again and repeat."


@dataclass(frozen=True, slots=True)
class StoredAgent:
    """An agent, and whether an earlier request with the same key stored it."""

    agent: Agent
    replayed: bool = False


class AgentRepository:
    """Where agents are kept."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, organization_id: OrganizationId, agent_id: AgentId) -> Agent | None:
        record = self._table.get(agent_key(organization_id, agent_id))
        return _to_agent(record) if record else None

    def add(self, agent: Agent, idempotency: Idempotency | None = None) -> StoredAgent:
        """Store an agent that must not exist yet: one write.

        Raises ``Conflict`` when it does exist.
        """
        record = _to_record(agent)
        if idempotency is None:
            return StoredAgent(_to_agent(self._table.create(record).record))
        return self._write_once(Create(record), record, idempotency)

    def replace(self, agent: Agent, idempotency: Idempotency | None = None) -> StoredAgent:
        """Store the successor of an agent's version: one write.

        Raises ``Conflict`` when another writer came first, or is at it right now.
        """
        record = _to_record(agent)
        if idempotency is None:
            try:
                stored = self._table.replace(record, expected_version=agent.version)
            except (PreconditionFailed, Busy) as overtaken:
                raise Conflict(_CHANGED) from overtaken
            return StoredAgent(_to_agent(stored))
        following = self._table.next_version(record, agent.version)
        return self._write_once(
            Replace(record, agent.version),
            following,
            idempotency,
            expires_at=self._table.now() + RECEIPT_KEPT_FOR,
        )

    def active(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        max_bytes: int,
        *,
        skip: int = 0,
        search: str = "",
    ) -> tuple[list[Agent], str | None]:
        """Read active agents, newest first: as many as fit, and one at least of any.

        Where a text is searched for, only those that mention it.
        """
        query = ListQuery(list=_list(organization_id), after=after)
        passes = (lambda record: _to_agent(record).mentions(search)) if search else None
        page = read_page(self._table, query, limit, skip=skip, passes=passes, max_bytes=max_bytes)
        return list(map(_to_agent, page.records)), page.after

    def _write_once(
        self, action: Action, stored: Record, key: Idempotency, *, expires_at: int | None = None
    ) -> StoredAgent:
        """Write an agent with a receipt of it, or return what the receipt of earlier says."""
        receipt = Record(
            key=Key(f"{key.organization_id}#receipt#{key.uuid().hex}", "receipt"),
            type="receipt",
            body={"agent": stored.body, "version": stored.version},
            expires_at=expires_at,
            fingerprint=key.fingerprint,
        )
        try:
            transact_patiently(self._table, [action, Create(receipt)])
        except Refused as refused:
            earlier = refused.existing.get(1)
            if earlier is None:
                raise Conflict(_CHANGED) from refused
            key.check(earlier.fingerprint)
            body, version = earlier.body["agent"], earlier.body["version"]
            return StoredAgent(_from_body(body, version), replayed=True)
        return StoredAgent(_to_agent(stored))


def _list(organization_id: OrganizationId) -> str:
    return f"{organization_id}#agents"


def _place(agent: Agent) -> str:
    return f"{timestamp(agent.created_at)}#{agent.id.hex}"


def _to_record(agent: Agent) -> Record:
    listed = agent.status == AgentStatus.ACTIVE
    return Record(
        key=agent_key(agent.organization_id, agent.id),
        type=AGENT,
        version=agent.version,
        rows={BY_LIST: Row(_list(agent.organization_id), _place(agent))} if listed else {},
        body=_to_body(agent),
    )


def _to_agent(record: Record) -> Agent:
    return _from_body(record.body, record.version)


def _to_body(agent: Agent) -> dict[str, Any]:
    return {
        "id": str(agent.id),
        "organization_id": str(agent.organization_id),
        "name": agent.name,
        "description": agent.description,
        "system_prompt": agent.system_prompt,
        "default_model_id": model_to_document(agent.default_model_id),
        "tags": list(agent.tags),
        "capabilities": capabilities_to_document(agent.capabilities),
        "status": agent.status.value,
        "created_at": timestamp(agent.created_at),
        "updated_at": timestamp(agent.updated_at),
    }


def _from_body(body: dict[str, Any], version: int) -> Agent:
    return Agent(
        id=AgentId.parse(body["id"]),
        organization_id=OrganizationId.parse(body["organization_id"]),
        name=body["name"],
        description=body["description"],
        system_prompt=body["system_prompt"],
        default_model_id=model_from_document(body["default_model_id"]),
        tags=tuple(body["tags"]),
        capabilities=capabilities_from_document(body["capabilities"]),
        status=AgentStatus(body["status"]),
        created_at=moment(body["created_at"]),
        updated_at=moment(body["updated_at"]),
        version=version,
    )
