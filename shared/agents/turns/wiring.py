"""Wiring of turns: the context of runs in this process."""

from functools import cache
from typing import TYPE_CHECKING

from shared.agents.admission.wiring import admission
from shared.agents.agents.wiring import agent_repository
from shared.agents.files.wiring import staged_files
from shared.agents.models.wiring import default_model_id, models
from shared.agents.sessions.wiring import session_repository, tool_result_timeout, turn_timeout
from shared.agents.turns.context import TurnContext
from shared.core.ids import OrganizationId
from shared.llm.wiring import language_model
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.sessions.recorded_worlds.repository import WorldRepository
    from shared.sessions.recorded_worlds.world import World


@cache
def turn_context() -> TurnContext:
    """Return the context of runs."""
    return TurnContext(
        sessions=session_repository(),
        agents=agent_repository(),
        admission=admission(),
        models=models(),
        default_model=default_model_id(),
        timeout=turn_timeout(),
        tool_result_timeout=tool_result_timeout(),
        provider=language_model,
        files=staged_files,
        worlds=_world,
    )


@cache
def recorded_worlds() -> "WorldRepository":
    """Return the repository of recorded worlds."""
    from shared.sessions.recorded_worlds.repository import WorldRepository  # noqa: PLC0415  # for simulations only

    return WorldRepository(table())


def _world(organization_id: OrganizationId, digest: str) -> "World":
    return recorded_worlds().get(organization_id, digest)
