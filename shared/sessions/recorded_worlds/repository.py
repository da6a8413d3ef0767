"""World repository: recorded mock worlds of scenarios, by content hash.

A world may have hundreds of kilobytes: a session stores its hash instead of rewriting it
in every turn, and stays pinned to it when the scenario changes.
"""

from shared.core.ids import OrganizationId
from shared.sessions.recorded_worlds.world import World
from shared.storage.content_store import ContentStore
from shared.storage.table import Table


class WorldRepository(ContentStore[World]):
    """Repository of recorded worlds."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, "mock_world", "world", lambda document: document, cache_size=8)

    def add(self, organization_id: OrganizationId, world: World) -> str:
        """Store a world unless it exists: one write. Return its hash."""
        return self._store(organization_id, world)
