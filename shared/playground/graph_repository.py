"""Graph repository: graphs by content hash.

An organization stores a graph once, for any number of revisions and sessions. A stored
graph is never changed or deleted, so pinned sessions stay runnable.
"""

from functools import lru_cache
from typing import Any

from shared.core.ids import OrganizationId
from shared.playground.catalog import get_pinned_document
from shared.playground.graph import Graph
from shared.playground.pinned_graph import PinnedGraph
from shared.storage.content_store import ContentStore
from shared.storage.table import Table

_CACHE_SIZE = 64


class GraphRepository(ContentStore[Graph]):
    """Repository of the organizations' graphs."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, "graph", "graph", Graph.model_validate, _CACHE_SIZE)

    def add(self, organization_id: OrganizationId, graph: Graph) -> dict[str, Any]:
        """Store a graph unless it exists: one write. Return its document."""
        document = graph.document()
        self._store(organization_id, document)
        return document

    def find(self, organization_id: OrganizationId, pinned: PinnedGraph | None) -> Graph | None:
        """Return a pinned graph of the organization; None for None. Raises ``NotFound``."""
        return None if pinned is None else self.get(organization_id, pinned.hash)

    def get_pinned(
        self, organization_id: OrganizationId, digest: str, catalog_slug: str | None
    ) -> Graph:
        """Return a session's graph, from the catalog or the organization."""
        if catalog_slug is None:
            return self.get(organization_id, digest)
        return _catalog_graph(catalog_slug, digest)


@lru_cache(maxsize=_CACHE_SIZE)
def _catalog_graph(slug: str, digest: str) -> Graph:
    return Graph.model_validate(get_pinned_document(slug, digest))
