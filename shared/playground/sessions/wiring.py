"""Playground session service of this process."""

from functools import cache

from shared.playground.revisions.documents import RevisionCodec
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.sessions.service import PlaygroundSessionService
from shared.storage.repository import Loaded, Repository
from shared.storage.table import table


@cache
def playground_sessions() -> PlaygroundSessionService:
    """Return the playground session service."""
    return PlaygroundSessionService(
        PlaygroundSessionRepository(table()),
        Repository(table(), RevisionCodec()),
        _expire_approval,
    )


def _expire_approval(loaded: Loaded[PlaygroundSession]) -> Loaded[PlaygroundSession]:
    # Imported only when needed: the engine is most of what a reader could load.
    from shared.playground.turns.wiring import playground_turns  # noqa: PLC0415

    return playground_turns().expire_approval(loaded)
