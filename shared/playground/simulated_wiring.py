"""Wiring of simulations with workflows of the playground."""

from functools import cache

from shared.playground.revisions.documents import RevisionCodec
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.sessions.wiring import playground_sessions
from shared.playground.simulated_sessions import WorkflowTarget
from shared.playground.turns.wiring import playground_turns
from shared.storage.repository import Repository
from shared.storage.table import table


@cache
def workflow_target() -> WorkflowTarget:
    """Return the target of runs with a workflow of the playground."""
    return WorkflowTarget(
        sessions=playground_sessions(),
        turns=playground_turns(),
        store=PlaygroundSessionRepository(table()),
        revisions=Repository(table(), RevisionCodec()),
    )
