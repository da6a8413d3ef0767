"""Graph service of this process."""

from functools import cache

from shared.playground.graph_repository import GraphRepository
from shared.playground.graphs.service import GraphService
from shared.playground.revisions.documents import RevisionCodec
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.storage.repository import Repository
from shared.storage.table import table


@cache
def graphs() -> GraphService:
    """Return the graph service."""
    return GraphService(
        Repository(table(), RevisionCodec()),
        GraphRepository(table()),
        PlaygroundSessionRepository(table()),
    )
