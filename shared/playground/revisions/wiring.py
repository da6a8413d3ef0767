"""Revision service of this process."""

from functools import cache

from shared.playground.graph_repository import GraphRepository
from shared.playground.revisions.documents import RevisionCodec
from shared.playground.revisions.service import RevisionService
from shared.playground.workflows.documents import WorkflowCodec
from shared.storage.repository import Repository
from shared.storage.table import table


@cache
def revisions() -> RevisionService:
    """Return the revision service."""
    return RevisionService(
        Repository(table(), RevisionCodec()),
        Repository(table(), WorkflowCodec()),
        GraphRepository(table()),
    )
