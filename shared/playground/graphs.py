"""Graphs by their content hash.

A graph is stored once for an organisation, whatever the number of revisions and sessions
that point at it, and never changed or removed: what a session is pinned to stays.
"""

from functools import lru_cache
from typing import Any

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.playground.catalog import pinned_document
from shared.playground.graph import Graph, graph_hash
from shared.storage.records import Key, Record
from shared.storage.table import Table

#: Graphs that a process keeps. They never change, so a warm function need not read again.
_KEPT = 64


class GraphRepository:
    """Where graphs are kept."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    def add(self, organization_id: OrganizationId, graph: Graph) -> dict[str, Any]:
        """Store a graph, if it is not there yet: one write. Return its document."""
        document = graph.document()
        self._table.create(
            Record(
                key=_key(organization_id, graph_hash(document)),
                type="graph",
                body={"graph": document},
            )
        )
        return document

    def get(self, organization_id: OrganizationId, wanted: str) -> Graph:
        """Return the organisation's graph with this hash. Raises ``NotFound``."""
        return self._kept(organization_id, wanted)

    def pinned(
        self, organization_id: OrganizationId, wanted: str, catalog_slug: str | None
    ) -> Graph:
        """Return the graph of a session: the catalog's, or else the organisation's."""
        if catalog_slug is None:
            return self.get(organization_id, wanted)
        return _catalog_graph(catalog_slug, wanted)

    def _read(self, organization_id: OrganizationId, wanted: str) -> Graph:
        record = self._table.get(_key(organization_id, wanted))
        if record is None:
            raise NotFound("Graph not found")
        return Graph.model_validate(record.body["graph"])


@lru_cache(maxsize=_KEPT)
def _catalog_graph(slug: str, wanted: str) -> Graph:
    return Graph.model_validate(pinned_document(slug, wanted))


def _key(organization_id: OrganizationId, wanted: str) -> Key:
    return Key(f"{organization_id}#graph#{wanted}", "graph")
