"""Workflow service of this process."""

from functools import cache

from shared.playground.graph_repository import GraphRepository
from shared.playground.revisions.documents import RevisionCodec
from shared.playground.workflows.documents import WorkflowCodec
from shared.playground.workflows.service import WorkflowService
from shared.storage.repository import Repository
from shared.storage.table import table


@cache
def workflows() -> WorkflowService:
    """Return the workflow service."""
    return WorkflowService(
        Repository(table(), WorkflowCodec()),
        Repository(table(), RevisionCodec()),
        GraphRepository(table()),
    )
