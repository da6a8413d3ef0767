"""The agents of an organisation by id: what other areas may know of them, which is the name.

Agents are kept by an area of their own. Whoever shows an agent beside something else needs
its name as it is now, for many ids at once, and nothing more: that, and where an agent
stands in the table, is written down here.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.core.ids import AgentId, OrganizationId
from shared.sessions.models import AgentRef
from shared.storage.records import Key
from shared.storage.table import Table

AGENT = "agent"


def agent_key(organization_id: OrganizationId, agent_id: AgentId) -> Key:
    """Return where an agent is stored."""
    return Key(f"{organization_id}#agent#{agent_id.hex}", AGENT)


class AgentDirectory:
    """Names of agents, archived ones included."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(
        self, organization_id: OrganizationId, agent_ids: Iterable[UUID]
    ) -> dict[UUID, AgentRef]:
        """Return the agents there are: one batch read for 100, none for none."""
        keys = {agent_key(organization_id, AgentId(one)): AgentId(one) for one in agent_ids}
        if not keys:
            return {}
        found = self._table.get_many(keys)
        return {
            keys[key].uuid: AgentRef(keys[key], record.body["name"])
            for key, record in found.items()
        }
