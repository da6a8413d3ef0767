"""Wiring of turns: the context of runs in this process."""

from functools import cache

from shared.agents.admission.wiring import admission
from shared.agents.agents.wiring import agent_repository
from shared.agents.files.wiring import staged_files
from shared.agents.models.wiring import default_model_id, models
from shared.agents.sessions.wiring import session_repository, tool_result_timeout, turn_timeout
from shared.agents.turns.context import TurnContext
from shared.llm.wiring import language_model


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
    )
