"""Agent directory: the keys and names of agents, for areas other than their own.

Answers that refer to agents show their current names, for many ids at once.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.core.ids import AgentId, OrganizationId
from shared.sessions.agent_ref import AgentRef
from shared.storage.records import Key
from shared.storage.table import Table

AGENT = "agent"


def agent_key(organization_id: OrganizationId, agent_id: AgentId) -> Key:
    """Return the primary key of an agent."""
    return Key(f"{organization_id}#agent#{agent_id.hex}", AGENT)


class AgentDirectory:
    """Names of agents, archived ones included."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(
        self, organization_id: OrganizationId, agent_ids: Iterable[UUID]
    ) -> dict[UUID, AgentRef]:
        """Return the agents that exist: one batch read for 100, none without ids."""
        keys = {agent_key(organization_id, AgentId(one)): AgentId(one) for one in agent_ids}
        if not keys:
            return {}
        found = self._table.get_many(keys)
        return {
            keys[key].uuid: AgentRef(keys[key], record.body["name"])
            for key, record in found.items()
        }
